import {
  backslashed,
  type Dialect,
  type EngineColumn,
  type EngineColumnType,
  scientific,
  timestampText,
} from '../../domain/drift/engine/dialect.js'

/** GoogleSQL, the SQL of BigQuery. It has no windows over partitions by doubles. */
export const bigqueryDialect: Dialect = {
  identifier: (name) => backslashed(name, '`'),
  text: (value) => backslashed(value, "'"),
  number: scientific,
  timestamp: timestampLiteral,
  typeOf: (engineType) => TYPES[engineType.replace(/\(.*$/s, '').toUpperCase()] ?? 'other',
  asDouble: (expression) => `CAST(${expression} AS FLOAT64)`,
  asText: (expression) => `CAST(${expression} AS STRING)`,
  milliseconds: (expression, { engineType }) => {
    const moment = isZoned(engineType) ? expression : `TIMESTAMP(${expression}, 'UTC')`
    return `CAST(UNIX_MILLIS(${moment}) AS FLOAT64)`
  },
  isFinite: (double) => `(NOT IS_NAN(${double}) AND NOT IS_INF(${double}))`,
  isNaN: (double) => `IS_NAN(${double})`,
  approximateDistinct: (expression) => `APPROX_COUNT_DISTINCT(${expression})`,
  // It has shares of equal width alone, with both ends.
  approximateQuantiles: (double, shares) => [
    `TO_JSON_STRING(APPROX_QUANTILES(${double}, ${shares.length + 1}))`,
  ],
  windows: undefined,
}

const TYPES: Readonly<Record<string, EngineColumnType>> = {
  INTEGER: 'integer',
  INT64: 'integer',
  FLOAT: 'number',
  FLOAT64: 'number',
  NUMERIC: 'number',
  BIGNUMERIC: 'number',
  BOOLEAN: 'boolean',
  BOOL: 'boolean',
  STRING: 'string',
  TIMESTAMP: 'timestamp',
  DATETIME: 'timestamp',
  DATE: 'date',
}

function isZoned(engineType: string): boolean {
  return /^TIMESTAMP/i.test(engineType)
}

const DAY_MS = 86_400_000

function timestampLiteral(milliseconds: number, { type, engineType }: EngineColumn): string {
  const text = timestampText(milliseconds)
  if (type === 'date' && Number.isInteger(milliseconds / DAY_MS)) {
    return `DATE '${text.slice(0, 10)}'`
  }
  return isZoned(engineType) ? `TIMESTAMP '${text}+00'` : `DATETIME '${text}'`
}
