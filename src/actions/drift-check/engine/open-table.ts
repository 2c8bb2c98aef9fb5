import type { EngineColumn } from '../../../domain/drift/engine/dialect.js'
import {
  conditionsSql,
  type RowConditions,
  type TimeCondition,
  timeSql,
} from '../../../domain/drift/engine/row-conditions.js'
import type { TableSource } from '../../../domain/drift/engine/table-source.js'
import type { NamedType } from '../../../domain/drift/schemas.js'
import { UserError } from '../../../errors.js'
import type { QueryEngine } from '../../../ports/engine.js'
import { timestampOf } from '../../../tabular/csv/parse-timestamp.js'

/** One sample, as the user names it. */
export interface EngineTable {
  /** The configuration key, such as `drift.reference`. */
  readonly where: string
  /** `catalog.schema.table`; parts with dots in double quotes or backticks. */
  readonly table: string
  /** Conditions on rows, which hold all together. */
  readonly filters: readonly RowConditions[]
  readonly time?: (TimeCondition & { readonly column: string }) | undefined
}

export interface OpenTable {
  readonly source: TableSource
  readonly columns: readonly EngineColumn[]
  /** With lists and the like as text, so that they are named. */
  readonly types: readonly NamedType[]
}

/** Describes a table, and turns what the user wants of it into SQL. Throws UserError where the two do not fit. */
export async function openTable(
  engine: QueryEngine,
  { table, filters, time, where }: EngineTable,
  signal: AbortSignal,
): Promise<OpenTable> {
  const columns = await engine.describe(table, signal)
  const { dialect } = engine
  const context = { dialect, columns, where, timeOf: timestampOf }
  const conditions: string[] = []
  for (const filter of filters) {
    const { value, problems } = conditionsSql(filter, context)
    if (problems !== undefined) throw new UserError(problems)
    conditions.push(...value)
  }
  if (time !== undefined) conditions.push(...timeSql(time, timeColumn(columns, time), dialect))
  const types = columns.map(({ name, type }) => ({ name, type: typeFor(type) }))
  return { source: { table, conditions }, columns, types }
}

export function timeColumn(
  columns: readonly EngineColumn[],
  { column: name }: { readonly column: string },
): EngineColumn {
  const column = columns.find((one) => one.name === name)
  if (column?.type === 'timestamp' || column?.type === 'date') return column
  const what =
    column === undefined
      ? `the table has no column ${JSON.stringify(name)}.`
      : `column ${JSON.stringify(name)} is of type ${column.engineType}.`
  throw new UserError({
    code: 'MW-DRIFT-705',
    where: 'drift.time.column',
    what,
    fix: 'Name a column of timestamps or dates.',
  })
}

function typeFor(type: EngineColumn['type']): NamedType['type'] {
  if (type === 'date') return 'timestamp'
  return type === 'other' ? 'string' : type
}
