import {
  type Dialect,
  doubledQuotes,
  type EngineColumn,
  type EngineColumnType,
  isWholeDecimal,
  scientific,
  timestampText,
  valuesTable,
} from '../../domain/drift/engine/dialect.js'

/** The SQL of Trino, which Starburst and Athena (engine version 3) share. */
export const trinoDialect: Dialect = {
  identifier: (name) => doubledQuotes(name, '"'),
  text: (value) => doubledQuotes(value, "'"),
  number: scientific,
  timestamp: timestampLiteral,
  typeOf,
  asDouble: (expression) => `CAST(${expression} AS double)`,
  asText: (expression) => `CAST(${expression} AS varchar)`,
  milliseconds,
  isFinite: (double) => `is_finite(${double})`,
  isNaN: (double) => `is_nan(${double})`,
  approximateDistinct: (expression) => `approx_distinct(${expression})`,
  approximateQuantiles: (double, shares) => {
    const list = shares.map(scientific).join(', ')
    return [`json_format(CAST(approx_percentile(${double}, ARRAY[${list}]) AS json))`]
  },
  windows: { table: valuesTable },
}

const TYPES: ReadonlyMap<string, EngineColumnType> = new Map([
  ['tinyint', 'integer'],
  ['smallint', 'integer'],
  ['integer', 'integer'],
  ['int', 'integer'],
  ['bigint', 'integer'],
  ['real', 'number'],
  ['float', 'number'],
  ['double', 'number'],
  ['decimal', 'number'],
  ['boolean', 'boolean'],
  ['varchar', 'string'],
  ['char', 'string'],
  ['string', 'string'],
  ['uuid', 'string'],
  ['date', 'date'],
])

function typeOf(engineType: string): EngineColumnType {
  const type = engineType.toLowerCase()
  if (type.startsWith('timestamp')) return 'timestamp'
  if (isWholeDecimal(type)) return 'integer'
  return TYPES.get(/^[a-z]+/.exec(type)?.[0] ?? '') ?? 'other'
}

/** A literal of the column's own kind, so that partitions and row groups are left out by it. */
function timestampLiteral(milliseconds: number, { type, engineType }: EngineColumn): string {
  const text = timestampText(milliseconds)
  const literal = `TIMESTAMP '${text}`
  if (type === 'date' || !/with time zone/i.test(engineType)) return `${literal}'`
  return `${literal} UTC'`
}

/** `to_unixtime` gives seconds, whose fraction is not exact. */
function milliseconds(expression: string, { type, engineType }: EngineColumn): string {
  const isZoned = type !== 'date' && /with time zone/i.test(engineType)
  const value = isZoned ? expression : `CAST(${expression} AS timestamp)`
  const epoch = `TIMESTAMP '1970-01-01 00:00:00${isZoned ? ' UTC' : ''}'`
  return `CAST(date_diff('millisecond', ${epoch}, ${value}) AS double)`
}
