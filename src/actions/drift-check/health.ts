import type { FileSource } from '../../comparison/open-files.js'
import { readRows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { HealthResult, SchemaFacts } from '../../domain/drift/health/index.js'
import { spanOf } from '../../domain/drift/history/entry.js'
import { createRandom } from '../../domain/stats/random.js'
import type { Table } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import { timesKnownOf } from '../../tabular/data-set/times.js'
import { type ExtrasInput, lastRows } from './extras-input.js'
import { readHistoryFile } from './history-file.js'
import { windowName } from './windows.js'

/** Whether the current data is well formed. */
export async function healthOf(
  context: JobContext<DriftSection>,
  input: ExtrasInput,
): Promise<HealthResult | undefined> {
  const { settings, signal, workspace, now } = context
  const { health } = settings
  if (Object.values(health).every((rule) => rule === undefined)) return undefined
  const judge = await import('../../domain/drift/health/index.js')
  const { readContract } = await import('../../quality/data-contract.js')
  const where = 'drift.health.contract'
  const expectations = readContract(health.contract, { workspace, where })
  const compares = health.ranges !== undefined || health.outliers !== undefined
  const names = (source: FileSource) => source.facts.columns.map(({ name }) => name)
  const rows = await lastRows(input, signal)
  const cells = await readRows(input.current, names(input.current), { rows, signal })
  const current = withTimes(cells, health.freshness?.column)
  const reference = compares
    ? await readRows(input.reference, names(input.reference), { signal })
    : undefined
  const samples = reference ? [current, reference] : [current]
  const problems = judge.healthProblems(health, samples, input.types.reference)
  if (problems.length > 0) throw new UserError(problems)
  return judge.healthChecks({
    policy: health,
    current,
    reference: reference && judge.healthReference(reference, overOf(health)),
    schema: schemaFacts(input),
    volume: volumeFacts(context, input),
    // A contract is held to the cells as they are.
    contract: expectations && { expectations, files: [cells] },
    now: now().getTime(),
    alpha: settings.alpha,
    random: createRandom(settings.rows.seed),
  })
}

/** A time column of text, of which some cells are no times, is one of times all the same; of which most are none, is left as it is. */
function withTimes(table: Table, name: string | undefined): Table {
  const columns = table.columns.map((column) => {
    if (column.name !== name || column.kind === 'numeric') return column
    try {
      const values = timesKnownOf(column, name)
      const missing = values.reduce((sum, time) => sum + (Number.isNaN(time) ? 1 : 0), 0)
      return { kind: 'numeric', name, type: 'timestamp', values, missing } as const
    } catch (error) {
      if (error instanceof UserError) return column
      throw error
    }
  })
  return { ...table, columns }
}

/** How many rows earlier windows had, of this run's history file. */
function volumeFacts(context: JobContext<DriftSection>, { windows }: ExtrasInput) {
  const start = windows?.at(-1)?.start ?? null
  const own = new Set(windows?.slice(-1).map(windowName))
  const earlier = readHistoryFile(context)
    .filter(({ window, state }) => state === 'judged' && !own.has(window))
    .map(({ window, rows }) => ({ rows: rows.current, start: spanOf(window)?.start ?? null }))
  return { earlier, start }
}

function overOf({ outliers }: DriftSection['health']) {
  return outliers?.method === 'robust-z' ? { over: outliers.over } : {}
}

function schemaFacts({ body, types }: ExtrasInput): SchemaFacts {
  const of = (kind: string) =>
    body.findings.filter((one) => one.kind === kind).map(({ column }) => column)
  const changed = body.findings
    .filter(({ kind }) => kind === 'type-changed')
    .map(({ column }) => ({
      column,
      reference: types.reference.get(column) ?? 'absent',
      current: types.current.get(column) ?? 'absent',
    }))
  return { added: of('column-new'), gone: of('column-absent'), changed }
}
