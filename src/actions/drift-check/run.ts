import type { DriftSection } from '../../config/drift.js'
import { decideDrift } from '../../domain/drift/decide.js'
import type { DriftPredicateBody } from '../../domain/drift/predicate.js'
import { driftProblems } from '../../domain/drift/problems.js'
import { driftMarkdown } from '../../domain/report/drift/markdown.js'
import { UserError } from '../../errors.js'
import type { JobContext, JobOutcome } from '../../runtime/job.js'
import { linkTo, type RecordStore } from '../../statements/record.js'
import type { InputLink } from '../../statements/statement.js'
import { type DataSet, readDataSet } from '../../tabular/read-data-set.js'

/** Compares the current data with the reference, column by column, and decides. */
export async function driftCheck(context: JobContext<DriftSection>): Promise<JobOutcome> {
  const { settings, workspace, record, signal, log } = context
  const inputs = linksBehind(record)
  const { reference, current } = await log.group('Reading', async () => ({
    reference: await read(settings.reference ?? [], 'drift.reference'),
    current: await read(settings.current, 'drift.current'),
  }))
  const problems = driftProblems(settings, reference.table.columns, current.table.columns)
  if (problems.length > 0) throw new UserError(problems)
  return outcome(settings, {
    body: decideDrift(settings, reference.table, current.table),
    reference,
    current,
    inputs,
  })

  async function read(patterns: readonly string[], where: string): Promise<DataSet> {
    const data = await readDataSet({ patterns, workspace, where, signal })
    log.info(`${where}: ${data.table.rows} rows, ${data.table.columns.length} columns`)
    if (data.table.rows === 0) throw noRows(where, data)
    return data
  }
}

function noRows(where: string, data: DataSet): UserError {
  return new UserError({
    code: 'MW-DRIFT-010',
    where,
    what: `${data.files.map(({ name }) => name).join(', ')}: there is no row.`,
    fix: 'Name files that hold data.',
  })
}

/** The rollout that put the model where this data reaches it; before any rollout, the model or the data set. */
function linksBehind(record: RecordStore): readonly InputLink[] {
  for (const kind of ['rollout', 'model', 'dataset'] as const) {
    const recorded = record.read(kind)
    if (recorded !== undefined) return [linkTo(recorded)]
  }
  return []
}

interface Compared {
  readonly body: DriftPredicateBody
  readonly reference: DataSet
  readonly current: DataSet
  readonly inputs: readonly InputLink[]
}

function outcome(
  settings: DriftSection,
  { body, reference, current, inputs }: Compared,
): JobOutcome {
  const drifted = body.columns.filter((column) => column.drifted)
  const predicate = {
    ...body,
    reference: {
      files: reference.files.map(({ name, digest }) => ({ path: name, sha256: digest.sha256 })),
    },
    triggers: settings.triggers.map(({ kind }) => ({ kind, fired: body.decision === 'fail' })),
  }
  return {
    subject: current.files,
    predicate,
    inputs,
    decision: body.decision,
    failOn: settings['fail-on'],
    outputs: {
      drifted: drifted.map(({ name }) => name).join('\n'),
      'drifted-share': body.driftedShare,
    },
    reason: `Drift: ${body.decision}. ${body.reason}.`,
    annotations: drifted.map((column) => ({
      level: 'warning',
      title: 'Drift',
      message: `${column.name}: ${column.reason}`,
    })),
    markdown: driftMarkdown(body),
  }
}
