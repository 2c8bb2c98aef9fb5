/** What a column of an engine holds. `date` is a day, at midnight UTC; `other` cannot be compared (lists, maps, bytes). */
export type EngineColumnType =
  | 'integer'
  | 'number'
  | 'timestamp'
  | 'date'
  | 'boolean'
  | 'string'
  | 'other'

/** A column as the engine describes it. */
export interface EngineColumn {
  readonly name: string
  readonly type: EngineColumnType
  /** As the engine writes it, such as `decimal(12,2)`. */
  readonly engineType: string
}

/**
 * How one engine writes the little SQL that is pushed down: pure, and the only place where names and values become SQL. What is the same
 * everywhere (COUNT, SUM, MIN, MAX, CASE, FLOOR, ABS, UNION ALL, GROUP BY, LIMIT, IN, comparisons, IS NULL) is not asked for. A name or
 * a value that the engine cannot write throws UnwritableError.
 */
export interface Dialect {
  /** An identifier in quotes that nothing in it can end. Names may hold quotes, backticks, dots, newlines, `naïve|<b>`. */
  readonly identifier: (name: string) => string
  /** A literal of text that nothing in it can end. */
  readonly text: (value: string) => string
  /** A literal of a double: exactly this finite number, and no decimal. */
  readonly number: (value: number) => string
  /** A literal that columns of this engine type can be compared with, for a moment in milliseconds since the epoch, UTC. */
  readonly timestamp: (milliseconds: number, column: EngineColumn) => string
  /** What a type that the engine reports means. */
  readonly typeOf: (engineType: string) => EngineColumnType
  /** A number, whatever its type, as a double. */
  readonly asDouble: (expression: string) => string
  /** Text, or a whole number, as text: integers with all their digits. */
  readonly asText: (expression: string) => string
  /** A timestamp or day as milliseconds since the epoch, UTC, in a double; what has no zone is UTC. */
  readonly milliseconds: (expression: string, column: EngineColumn) => string
  /** Whether a double that is not null is neither NaN nor infinite. */
  readonly isFinite: (double: string) => string
  readonly isNaN: (double: string) => string
  /** An aggregate: about how many values that are not null differ. */
  readonly approximateDistinct: (expression: string) => string
  /**
   * Aggregates that give about the quantiles of doubles that are not null, at these shares: one for each, or fewer, of which each gives
   * a text such as `[1.5,2e3]`. They only choose where to cut: a bad answer costs time and is never wrong.
   */
  readonly approximateQuantiles: (double: string, shares: readonly number[]) => readonly string[]
  /**
   * For engines with `SUM(x) OVER (PARTITION BY k ORDER BY x)` and `LEAD(x) OVER (…)`, which then need fewer queries and send less: what
   * stands in FROM for a table of numbers, named `alias`, with these columns, all doubles. Undefined for engines without.
   */
  readonly windows:
    | {
        readonly table: (
          alias: string,
          columns: readonly string[],
          rows: readonly (readonly number[])[],
        ) => string
      }
    | undefined
}

/** A name or value that the engine's SQL has no way to write. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'
}

/** Whether a type is of decimals without digits behind the point, such as `decimal(10,0)`: integers, as in a file. */
export function isWholeDecimal(engineType: string): boolean {
  return /^(?:decimal|numeric|number)(?:\(\d+(?:, ?0)?\))?$/i.test(engineType)
}

/** Between quotes, the quote doubled, as the SQL standard has it. No engine's names hold NUL, and some end at it. */
export function doubledQuotes(name: string, quote: '"' | '`' | "'"): string {
  if (name === '' && quote !== "'") throw new UnwritableError('a name is empty')
  if (name.includes('\0'))
    throw new UnwritableError(`${JSON.stringify(name)} holds a NUL character`)
  return `${quote}${name.replaceAll(quote, quote + quote)}${quote}`
}

/** Between quotes, with backslash before the quote and itself, where backslash escapes (ClickHouse, Spark, BigQuery, Databricks). */
export function backslashed(text: string, quote: '"' | '`' | "'"): string {
  if (text === '' && quote !== "'") throw new UnwritableError('a name is empty')
  if (text.includes('\0'))
    throw new UnwritableError(`${JSON.stringify(text)} holds a NUL character`)
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll(quote, `\\${quote}`)
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `${quote}${escaped}${quote}`
}

/** A double in scientific notation, which engines do not take for a decimal: the shortest that reads back as the same number. */
export function scientific(value: number): string {
  if (!Number.isFinite(value)) throw new UnwritableError(`${value} is no literal`)
  const text = value.toExponential().replace('e', 'E')
  return value < 0 ? `(${text})` : text
}

/** `2026-01-31 23:59:59.999`, UTC, in the years 1 to 9999, which every engine reads. */
export function timestampText(milliseconds: number): string {
  const year = Number.isFinite(milliseconds) ? new Date(milliseconds).getUTCFullYear() : Number.NaN
  if (!(year >= 1 && year <= 9999)) throw new UnwritableError(`${milliseconds} is no moment`)
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '')
}

/** `(VALUES (1E+0, 2E+0), …) AS alias (a, b)`, as the SQL standard has a table of literals. Aliases are plain words. */
export function valuesTable(
  alias: string,
  columns: readonly string[],
  rows: readonly (readonly number[])[],
): string {
  const list = rows.map((row) => `(${row.map(scientific).join(', ')})`).join(', ')
  return `(VALUES ${list}) AS ${alias} (${columns.join(', ')})`
}

/**
 * The parts of a table's name as a user writes it, `catalog.schema.table`: a dot parts, unless it is between double quotes or backticks,
 * in which the quote itself is written twice. Undefined where a quote is open, text follows a quote, or a part is empty.
 */
export function tableParts(name: string): readonly string[] | undefined {
  const parts: string[] = []
  let rest = name.trim()
  for (;;) {
    const match = /^(?:"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|([^".`]+))(\.|$)/s.exec(rest)
    if (match === null) return undefined
    const [whole, double, backtick, plain, end] = match
    parts.push(
      double?.replaceAll('""', '"') ?? backtick?.replaceAll('``', '`') ?? plain?.trim() ?? '',
    )
    if (end === '') return parts.includes('') ? undefined : parts
    rest = rest.slice(whole.length)
  }
}

/** A table's name in quotes, for `FROM`. Throws UnwritableError for what is no name. */
export function tableName(dialect: Pick<Dialect, 'identifier'>, name: string): string {
  const parts = tableParts(name)
  if (parts === undefined) {
    throw new UnwritableError(`${JSON.stringify(name)} is not a table as catalog.schema.table`)
  }
  return parts.map(dialect.identifier).join('.')
}
