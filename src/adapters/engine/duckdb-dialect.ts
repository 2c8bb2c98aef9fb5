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

/** The SQL of DuckDB. In a name that is no table it finds a file: `"data/2018.parquet"`. */
export const duckdbDialect: Dialect = {
  identifier: (name) => doubledQuotes(name, '"'),
  text: (value) => doubledQuotes(value, "'"),
  number: scientific,
  timestamp: timestampLiteral,
  typeOf,
  asDouble: (expression) => `CAST(${expression} AS DOUBLE)`,
  asText: (expression) => `CAST(${expression} AS VARCHAR)`,
  milliseconds: (expression, { type }) =>
    `CAST(epoch_ms(${type === 'date' ? `CAST(${expression} AS TIMESTAMP)` : expression}) AS DOUBLE)`,
  isFinite: (double) => `isfinite(${double})`,
  isNaN: (double) => `isnan(${double})`,
  approximateDistinct: (expression) => `approx_count_distinct(${expression})`,
  approximateQuantiles: (double, shares) => {
    const list = shares.map(scientific).join(', ')
    return [`CAST(approx_quantile(${double}, CAST([${list}] AS FLOAT[])) AS VARCHAR)`]
  },
  windows: { table: valuesTable },
}

const TYPES: readonly (readonly [RegExp, EngineColumnType])[] = [
  [/\[\d*\]$/, 'other'],
  [/^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/, 'integer'],
  [/^(?:FLOAT$|DOUBLE$|DECIMAL\()/, 'number'],
  [/^TIMESTAMP/, 'timestamp'],
  [/^DATE$/, 'date'],
  [/^BOOLEAN$/, 'boolean'],
  [/^(?:VARCHAR$|UUID$|ENUM\()/, 'string'],
]

function typeOf(engineType: string): EngineColumnType {
  if (isWholeDecimal(engineType)) return 'integer'
  return TYPES.find(([pattern]) => pattern.test(engineType))?.[1] ?? 'other'
}

function timestampLiteral(milliseconds: number, { engineType }: EngineColumn): string {
  const text = timestampText(milliseconds)
  if (/^TIMESTAMP(?:TZ| WITH TIME ZONE)/.test(engineType)) return `TIMESTAMPTZ '${text}+00'`
  return `TIMESTAMP '${text}'`
}
