import {
  backslashed,
  type Dialect,
  type EngineColumn,
  type EngineColumnType,
  isWholeDecimal,
  scientific,
  timestampText,
} from '../../domain/drift/engine/dialect.js'

/**
 * The SQL of ClickHouse, of all versions since 2018. Values are made nullable, since aggregates over no rows are 0 otherwise, whatever
 * the settings of the user are.
 */
export const clickhouseDialect: Dialect = {
  identifier: (name) => backslashed(name, '`'),
  text: (value) => backslashed(value, "'"),
  number: scientific,
  timestamp: (milliseconds, column) => timestampLiteral(milliseconds, bareType(column.engineType)),
  typeOf,
  asDouble: (expression) => `toFloat64(toNullable(${expression}))`,
  asText: (expression) => `toString(toNullable(${expression}))`,
  milliseconds,
  isFinite: (double) => `isFinite(${double})`,
  isNaN: (double) => `isNaN(${double})`,
  approximateDistinct: (expression) => `uniq(${expression})`,
  approximateQuantiles: (double, shares) => [
    `toString(quantiles(${shares.map(scientific).join(', ')})(${double}))`,
  ],
  windows: undefined,
}

/** What `Nullable` and `LowCardinality` wrap. */
function bareType(engineType: string): string {
  const inner = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(engineType)?.[1]
  return inner === undefined ? engineType : bareType(inner)
}

const TYPES: readonly (readonly [RegExp, EngineColumnType])[] = [
  [/^U?Int\d+$/, 'integer'],
  [/^(?:B?Float\d+$|Decimal)/, 'number'],
  [/^DateTime/, 'timestamp'],
  [/^Date(?:32)?$/, 'date'],
  [/^Bool$/, 'boolean'],
  [/^(?:String$|FixedString\(|Enum(?:8|16)\(|UUID$|IPv[46]$)/, 'string'],
]

function typeOf(engineType: string): EngineColumnType {
  const bare = bareType(engineType)
  if (isWholeDecimal(bare)) return 'integer'
  return TYPES.find(([pattern]) => pattern.test(bare))?.[1] ?? 'other'
}

const DAY_MS = 86_400_000
/** What `DateTime` and `Date` hold; a literal beyond would wrap around. */
const MOST_SECONDS = 2 ** 32 - 1
const MOST_DAYS = 2 ** 16 - 1

function within(value: number, most: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= most
}

/** The narrowest type that holds the moment: versions before 2020 have no other, and a day has no time zone. */
function timestampLiteral(milliseconds: number, type: string): string {
  const text = timestampText(milliseconds)
  if (/^Date(?:32)?$/.test(type) && Number.isInteger(milliseconds / DAY_MS)) {
    const name = within(milliseconds / DAY_MS, MOST_DAYS) ? 'toDate' : 'toDate32'
    return `${name}('${text.slice(0, 10)}')`
  }
  if (!type.startsWith('DateTime64') && within(milliseconds / 1000, MOST_SECONDS)) {
    return `toDateTime('${text.slice(0, 19)}', 'UTC')`
  }
  return `toDateTime64('${text}', 3, 'UTC')`
}

function milliseconds(expression: string, { engineType }: EngineColumn): string {
  const type = bareType(engineType)
  if (type.startsWith('DateTime64')) {
    return `toFloat64(toNullable(toUnixTimestamp64Milli(${expression})))`
  }
  if (type.startsWith('DateTime')) {
    return `(toFloat64(toNullable(toUnixTimestamp(${expression}))) * 1E+3)`
  }
  return `(toFloat64(toNullable(toInt32(${expression}))) * 8.64E+7)`
}
