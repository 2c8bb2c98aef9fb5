import {
  backslashed,
  type Dialect,
  doubledQuotes,
  type EngineColumn,
  type EngineColumnType,
  scientific,
  timestampText,
} from '../../domain/drift/engine/dialect.js'

/** The SQL of Snowflake. A literal with an exponent may be a decimal there, so doubles are read from text. */
export const snowflakeDialect: Dialect = {
  identifier: (name) => doubledQuotes(name, '"'),
  text: (value) => backslashed(value, "'"),
  number: double,
  timestamp: timestampLiteral,
  typeOf,
  asDouble: (expression) => `CAST(${expression} AS DOUBLE)`,
  asText: (expression) => `CAST(${expression} AS VARCHAR)`,
  milliseconds: (expression, { type }) => {
    const moment = type === 'date' ? `CAST(${expression} AS TIMESTAMP_NTZ)` : expression
    return `CAST(DATE_PART(EPOCH_MILLISECOND, ${moment}) AS DOUBLE)`
  },
  // NaN is greater than every number there, and equal to itself.
  isFinite: (value) => `(${value} > CAST('-inf' AS DOUBLE) AND ${value} < CAST('inf' AS DOUBLE))`,
  isNaN: (value) => `(${value} = CAST('NaN' AS DOUBLE))`,
  approximateDistinct: (expression) => `APPROX_COUNT_DISTINCT(${expression})`,
  approximateQuantiles: (value, shares) =>
    shares.map((share) => `APPROX_PERCENTILE(${value}, ${share.toFixed(6)})`),
  windows: {
    table: (alias, columns, rows) => {
      const list = rows.map((row) => `(${row.map(double).join(', ')})`).join(', ')
      return `(VALUES ${list}) AS ${alias} (${columns.join(', ')})`
    },
  },
}

function double(value: number): string {
  return `CAST('${scientific(value).replace(/^\((.*)\)$/, '$1')}' AS DOUBLE)`
}

const TYPES: Readonly<Record<string, EngineColumnType>> = {
  FLOAT: 'number',
  DOUBLE: 'number',
  REAL: 'number',
  DECFLOAT: 'number',
  BOOLEAN: 'boolean',
  VARCHAR: 'string',
  CHAR: 'string',
  TEXT: 'string',
  STRING: 'string',
  DATE: 'date',
  TIMESTAMP_NTZ: 'timestamp',
  TIMESTAMP_LTZ: 'timestamp',
  TIMESTAMP_TZ: 'timestamp',
}

/** `NUMBER(38,0)` is its integer. */
function typeOf(engineType: string): EngineColumnType {
  const type = engineType.toUpperCase()
  const scale = /^(?:NUMBER|DECIMAL|NUMERIC)\(\d+, ?(\d+)\)/.exec(type)?.[1]
  if (scale !== undefined) return scale === '0' ? 'integer' : 'number'
  return TYPES[/^[A-Z_]+/.exec(type)?.[0] ?? ''] ?? 'other'
}

function timestampLiteral(milliseconds: number, { type, engineType }: EngineColumn): string {
  const text = timestampText(milliseconds)
  const isZoned = type === 'timestamp' && /^TIMESTAMP_L?TZ/i.test(engineType)
  return isZoned ? `CAST('${text} +00:00' AS TIMESTAMP_TZ)` : `CAST('${text}' AS TIMESTAMP_NTZ)`
}
