import { type Dialect, type EngineColumn, tableName } from './dialect.js'

/** One sample: a table of the engine, and which of its rows count. */
export interface TableSource {
  /** As the user wrote it. */
  readonly table: string
  /** Conditions in SQL, which hold all together. */
  readonly conditions: readonly string[]
}

/** `FROM … WHERE …`. */
export function fromSource(dialect: Dialect, { table, conditions }: TableSource): string {
  const from = `FROM ${tableName(dialect, table)}`
  if (conditions.length === 0) return from
  return `${from} WHERE ${conditions.map((condition) => `(${condition})`).join(' AND ')}`
}

/** A column of numbers or times as a double. */
export function doubleOf(dialect: Dialect, column: EngineColumn): string {
  const name = dialect.identifier(column.name)
  const isTime = column.type === 'timestamp' || column.type === 'date'
  return isTime ? dialect.milliseconds(name, column) : dialect.asDouble(name)
}

/** Any column as the text that stands for its category. */
export function textOf(dialect: Dialect, column: EngineColumn): string {
  const name = dialect.identifier(column.name)
  if (column.type !== 'boolean') return dialect.asText(name)
  const [yes, no] = [dialect.text('true'), dialect.text('false')]
  return `CASE WHEN ${name} THEN ${yes} WHEN NOT ${name} THEN ${no} END`
}

/** When a cell is missing. NaN is no number. */
export function isMissing(dialect: Dialect, column: EngineColumn): string {
  const name = dialect.identifier(column.name)
  if (column.type !== 'number') return `${name} IS NULL`
  return `${name} IS NULL OR ${dialect.isNaN(dialect.asDouble(name))}`
}
