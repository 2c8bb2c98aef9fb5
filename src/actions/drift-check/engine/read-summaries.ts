import type { EngineColumn } from '../../../domain/drift/engine/dialect.js'
import { type ColumnSummary, summaryQuery } from '../../../domain/drift/engine/summary-query.js'
import type { TableSource } from '../../../domain/drift/engine/table-source.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { askOf, inTurn } from './ask.js'

/** Estimates of quantiles take memory in the engine: so many columns at once. */
const COLUMNS_AT_ONCE = 20

export interface Summaries {
  readonly rows: number
  readonly byName: ReadonlyMap<string, ColumnSummary>
}

/** What scans over the columns of a sample tell; without columns how many rows count. */
export async function readSummaries(
  engine: QueryEngine,
  source: TableSource,
  { columns, signal }: { readonly columns: readonly EngineColumn[]; readonly signal: AbortSignal },
): Promise<Summaries> {
  const batches: (readonly EngineColumn[])[] = [columns.slice(0, COLUMNS_AT_ONCE)]
  for (let at = COLUMNS_AT_ONCE; at < columns.length; at += COLUMNS_AT_ONCE) {
    batches.push(columns.slice(at, at + COLUMNS_AT_ONCE))
  }
  const found = await inTurn(engine, signal, {
    items: batches,
    run: (batch, either) => askOf(engine, either)(summaryQuery(engine.dialect, source, batch)),
  })
  const summaries = found.flatMap((one) => one.columns)
  const byName = new Map(summaries.map((one) => [one.column.name, withoutLargeIntegers(one)]))
  return { rows: found[0]?.rows ?? 0, byName }
}

/** Integers that a double cannot hold are identifiers: they are compared as text, as those of files are. */
function withoutLargeIntegers(summary: ColumnSummary): ColumnSummary {
  const { column, numbers } = summary
  if (column.type !== 'integer' || numbers === undefined || numbers.count === 0) return summary
  const isSafe = numbers.min >= Number.MIN_SAFE_INTEGER && numbers.max <= Number.MAX_SAFE_INTEGER
  if (isSafe) return summary
  return { ...summary, column: { ...column, type: 'string' }, numbers: undefined }
}
