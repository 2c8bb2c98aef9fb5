import { openSource } from '../../comparison/source.js'
import type { DriftSection } from '../../config/drift.js'
import type { ColumnHistory } from '../../domain/drift/learning/column-history.js'
import type { DriftPolicy } from '../../domain/drift/policy.js'
import { sampleOf } from '../../domain/drift/samples.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { takeCells } from '../../tabular/data-set/take-rows.js'
import { timesKnownOf } from '../../tabular/data-set/times.js'
import type { OpenedSide } from './open-sides.js'

interface ToLearn {
  readonly settings: DriftSection
  readonly reference: OpenedSide
  readonly names: readonly string[]
}

/** The policy, with thresholds from the windows of the reference where `drift.learn` asks for them. */
export async function learnedPolicy(
  { log, signal }: JobContext<DriftSection>,
  { settings, reference, names }: ToLearn,
): Promise<DriftPolicy> {
  const { learn } = settings
  if (learn === undefined) return settings
  if (reference.raw === undefined) throw noRows(reference.where)
  const { columnHistory } = await import('../../domain/drift/learning/column-history.js')
  const { learnProblems, learnThresholds } = await import('../../domain/drift/learning/learn.js')
  const { cutWindows } = await import('../../domain/drift/learning/windows.js')
  const problems = learnProblems(learn, reference.rows)
  if (problems.length > 0) throw new UserError(problems)
  const source = openSource(reference.raw)
  const timed = learn.time === undefined ? undefined : await source.column(learn.time, signal)
  if (learn.time !== undefined && timed === undefined) throw noColumn(learn.time)
  const times = timed && timesKnownOf(timed, 'drift.learn.time')
  const windows = cutWindows({ rows: reference.rows, times }, learn.windows)
  const histories: ColumnHistory[] = []
  await log.group('Learning thresholds', async () => {
    for (const name of names) {
      const column = await source.column(name, signal)
      if (column === undefined) continue
      const samples = windows.map((rows) => sampleOf(takeCells(column, rows)))
      const history = columnHistory(settings, samples)
      if (history !== undefined) histories.push(history)
    }
  })
  return { ...settings, learned: learnThresholds(histories, learn) }
}

function noRows(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-031',
    where,
    what: 'thresholds are learned from windows of rows, and a profile has no rows.',
    fix: 'Name the data itself as the reference, or leave drift.learn out.',
  })
}

function noColumn(name: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-032',
    where: 'drift.learn.time',
    what: `the reference has no column ${JSON.stringify(name.slice(0, 80))}.`,
    fix: 'Name its column of timestamps, or leave the key out to take the order of rows.',
  })
}
