import {
  backslashed,
  type Dialect,
  doubledQuotes,
  type EngineColumn,
  type EngineColumnType,
  isWholeDecimal,
  scientific,
  timestampText,
} from '../../domain/drift/engine/dialect.js'

/** The SQL of Spark 3.4 and later, which Databricks shares; nothing depends on the time zone of the session. */
export const sparkDialect: Dialect = {
  identifier: (name) => doubledQuotes(name, '`'),
  text: (value) => backslashed(value, "'"),
  number: double,
  timestamp: timestampLiteral,
  typeOf,
  asDouble: (expression) => `CAST(${expression} AS DOUBLE)`,
  asText: (expression) => `CAST(${expression} AS STRING)`,
  milliseconds,
  // NaN is greater than every number there.
  isFinite: (value) => `(ABS(${value}) < CAST('Infinity' AS DOUBLE))`,
  isNaN: (value) => `isnan(${value})`,
  approximateDistinct: (expression) => `approx_count_distinct(${expression})`,
  approximateQuantiles: (value, shares) => [
    `to_json(percentile_approx(${value}, array(${shares.map(double).join(', ')}), 1000))`,
  ],
  windows: {
    table: (alias, columns, rows) => {
      const list = rows.map((row) => `(${row.map(double).join(', ')})`).join(', ')
      return `(SELECT * FROM VALUES ${list} AS ${alias}_v (${columns.join(', ')})) AS ${alias}`
    },
  },
}

/** Without the suffix an exponent makes a decimal where `spark.sql.legacy.exponentLiteralAsDecimal.enabled` is set. */
function double(value: number): string {
  return scientific(value).replace(/E[+-]\d+/, '$&D')
}

const TYPES: Readonly<Record<string, EngineColumnType>> = {
  tinyint: 'integer',
  byte: 'integer',
  smallint: 'integer',
  short: 'integer',
  int: 'integer',
  integer: 'integer',
  bigint: 'integer',
  long: 'integer',
  float: 'number',
  real: 'number',
  double: 'number',
  decimal: 'number',
  numeric: 'number',
  boolean: 'boolean',
  string: 'string',
  varchar: 'string',
  char: 'string',
  date: 'date',
  timestamp: 'timestamp',
  timestamp_ntz: 'timestamp',
  timestamp_ltz: 'timestamp',
}

function typeOf(engineType: string): EngineColumnType {
  if (isWholeDecimal(engineType)) return 'integer'
  return TYPES[/^[a-z_]+/.exec(engineType.toLowerCase())?.[0] ?? ''] ?? 'other'
}

function hasZone({ type, engineType }: EngineColumn): boolean {
  return type === 'timestamp' && !/^timestamp_ntz/i.test(engineType)
}

function timestampLiteral(milliseconds: number, column: EngineColumn): string {
  const text = timestampText(milliseconds)
  return hasZone(column) ? `TIMESTAMP '${text}Z'` : `TIMESTAMP_NTZ '${text}'`
}

function milliseconds(expression: string, column: EngineColumn): string {
  if (column.type === 'date') return `(CAST(unix_date(${expression}) AS DOUBLE) * 8.64E7D)`
  // A timestamp without a zone becomes a moment in UTC by way of its text: casts go by the time zone of the session.
  const moment = hasZone(column)
    ? expression
    : `CAST(CONCAT(CAST(${expression} AS STRING), 'Z') AS TIMESTAMP)`
  return `CAST(unix_millis(${moment}) AS DOUBLE)`
}
