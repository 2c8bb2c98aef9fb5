import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bigqueryDialect } from '../../../../src/adapters/engine/bigquery-dialect.js'
import { clickhouseDialect } from '../../../../src/adapters/engine/clickhouse-dialect.js'
import { duckdbDialect } from '../../../../src/adapters/engine/duckdb-dialect.js'
import { snowflakeDialect } from '../../../../src/adapters/engine/snowflake-dialect.js'
import { sparkDialect } from '../../../../src/adapters/engine/spark-dialect.js'
import { trinoDialect } from '../../../../src/adapters/engine/trino-dialect.js'
import {
  type Dialect,
  type EngineColumn,
  UnwritableError,
} from '../../../../src/domain/drift/engine/dialect.js'

/** How each engine's documentation says that it reads what is between quotes. */
interface Reading {
  readonly dialect: Dialect
  readonly nameQuote: '"' | '`'
  readonly nameEscapes: boolean
  readonly textEscapes: boolean
}

const READINGS: Readonly<Record<string, Reading>> = {
  clickhouse: { dialect: clickhouseDialect, nameQuote: '`', nameEscapes: true, textEscapes: true },
  spark: { dialect: sparkDialect, nameQuote: '`', nameEscapes: false, textEscapes: true },
  duckdb: { dialect: duckdbDialect, nameQuote: '"', nameEscapes: false, textEscapes: false },
  bigquery: { dialect: bigqueryDialect, nameQuote: '`', nameEscapes: true, textEscapes: true },
  snowflake: { dialect: snowflakeDialect, nameQuote: '"', nameEscapes: false, textEscapes: true },
}

/** Reads one quoted token, and gives what it stands for and what is left behind it. */
function lex(sql: string, quote: string, escapes: boolean): { value: string; rest: string } {
  expect(sql[0]).toBe(quote)
  const plain: Record<string, string> = { n: '\n', r: '\r' }
  let value = ''
  for (let at = 1; at < sql.length; at++) {
    const char = sql.charAt(at)
    if (escapes && char === '\\') {
      const next = sql.charAt(++at)
      value += plain[next] ?? next
    } else if (char !== quote) value += char
    else if (sql[at + 1] === quote) value += sql.charAt(++at)
    else return { value, rest: sql.slice(at + 1) }
  }
  throw new Error('the quote is open')
}

const names = fc.oneof(
  fc.string({ minLength: 1 }).filter((name) => !name.includes('\0')),
  fc.constantFrom("';--", '\\', '\\`', '\\"', "\\\\'", 'a.b', '``', '""', "''", 'naïve|<b>\r\n'),
)

describe.each(Object.entries(READINGS))('the dialect of %s', (_, reading) => {
  const { dialect, nameQuote, nameEscapes, textEscapes } = reading
  const at = (type: EngineColumn['type'], engineType: string): EngineColumn => ({
    ...{ name: 'x', type, engineType },
  })

  it('writes names that nothing in them ends', () => {
    fc.assert(
      fc.property(names, (name) => {
        const read = lex(`${dialect.identifier(name)} FROM`, nameQuote, nameEscapes)
        expect(read).toEqual({ value: name, rest: ' FROM' })
      }),
    )
  })

  it('writes texts that nothing in them ends', () => {
    fc.assert(
      fc.property(names, (text) => {
        const read = lex(`${dialect.text(text)} OR`, "'", textEscapes)
        expect(read).toEqual({ value: text, rest: ' OR' })
      }),
    )
    expect(lex(dialect.text(''), "'", textEscapes)).toEqual({ value: '', rest: '' })
  })

  it('writes no name that is empty or holds NUL, no number that is none, and no moment beyond the calendar', () => {
    expect(() => dialect.identifier('')).toThrow(UnwritableError)
    expect(() => dialect.identifier('a\0b')).toThrow(UnwritableError)
    expect(() => dialect.text('\0')).toThrow(UnwritableError)
    expect(() => dialect.number(Number.NaN)).toThrow(UnwritableError)
    expect(() => dialect.timestamp(1e17, at('timestamp', 'TIMESTAMP'))).toThrow(UnwritableError)
  })

  it('writes a number with every digit', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const digits = /-?\d(?:\.\d+)?E[+-]\d+/.exec(dialect.number(value))?.[0]
        expect(Number(digits)).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  it('asks once for the quantiles at shares, or for each', () => {
    const asked = dialect.approximateQuantiles('x', [0.25, 0.5])
    expect([1, 2]).toContain(asked.length)
  })
})

describe('types', () => {
  it.each([
    [clickhouseDialect, 'LowCardinality(Nullable(String))', 'string'],
    [clickhouseDialect, 'Nullable(UInt256)', 'integer'],
    [clickhouseDialect, "DateTime64(3, 'UTC')", 'timestamp'],
    [clickhouseDialect, "Enum8('Int8' = 1)", 'string'],
    [clickhouseDialect, 'Array(Int32)', 'other'],
    [clickhouseDialect, 'Nullable(Date32)', 'date'],
    [clickhouseDialect, 'Decimal(12, 2)', 'number'],
    [clickhouseDialect, 'AggregateFunction(sum, Int8)', 'other'],
    [sparkDialect, 'decimal(10,2)', 'number'],
    [sparkDialect, 'decimal(10,0)', 'integer'],
    [trinoDialect, 'decimal(10,0)', 'integer'],
    [trinoDialect, 'decimal(10, 2)', 'number'],
    [duckdbDialect, 'DECIMAL(18,0)', 'integer'],
    [clickhouseDialect, 'Nullable(Decimal(18, 0))', 'integer'],
    [sparkDialect, 'TIMESTAMP_NTZ', 'timestamp'],
    [sparkDialect, 'ARRAY<INT>', 'other'],
    [sparkDialect, 'interval day', 'other'],
    [sparkDialect, 'binary', 'other'],
    [duckdbDialect, 'INTEGER[]', 'other'],
    [duckdbDialect, 'UHUGEINT', 'integer'],
    [duckdbDialect, 'DECIMAL(12,2)', 'number'],
    [duckdbDialect, 'STRUCT(a INTEGER)', 'other'],
    [duckdbDialect, 'TIMESTAMP WITH TIME ZONE', 'timestamp'],
    [bigqueryDialect, 'BIGNUMERIC', 'number'],
    [bigqueryDialect, 'DATETIME', 'timestamp'],
    [bigqueryDialect, 'ARRAY<STRING>', 'other'],
    [bigqueryDialect, 'RECORD', 'other'],
    [snowflakeDialect, 'NUMBER(38,0)', 'integer'],
    [snowflakeDialect, 'NUMBER(12,2)', 'number'],
    [snowflakeDialect, 'VARCHAR(16777216)', 'string'],
    [snowflakeDialect, 'TIMESTAMP_LTZ(9)', 'timestamp'],
    [snowflakeDialect, 'VARIANT', 'other'],
    [snowflakeDialect, 'VECTOR(FLOAT, 3)', 'other'],
  ])('%#: %s', (dialect, engineType, type) => {
    expect(dialect.typeOf(engineType)).toBe(type)
  })
})

describe('moments', () => {
  const noon = Date.UTC(2026, 0, 31, 12)
  const day = Date.UTC(2026, 0, 31)
  it.each([
    [bigqueryDialect, 'date', 'DATE', day, "DATE '2026-01-31'"],
    [bigqueryDialect, 'date', 'DATE', noon, "DATETIME '2026-01-31 12:00:00.000'"],
    [bigqueryDialect, 'timestamp', 'TIMESTAMP', noon, "TIMESTAMP '2026-01-31 12:00:00.000+00'"],
    [
      snowflakeDialect,
      'timestamp',
      'TIMESTAMP_LTZ(9)',
      noon,
      "CAST('2026-01-31 12:00:00.000 +00:00' AS TIMESTAMP_TZ)",
    ],
    [
      snowflakeDialect,
      'timestamp',
      'TIMESTAMP_NTZ(9)',
      noon,
      "CAST('2026-01-31 12:00:00.000' AS TIMESTAMP_NTZ)",
    ],
    [clickhouseDialect, 'timestamp', 'DateTime', noon, "toDateTime('2026-01-31 12:00:00', 'UTC')"],
    [
      clickhouseDialect,
      'timestamp',
      'DateTime',
      noon + 0.001 * 1000,
      "toDateTime64('2026-01-31 12:00:00.001', 3, 'UTC')",
    ],
    [
      clickhouseDialect,
      'timestamp',
      'DateTime',
      Date.UTC(1960, 0),
      "toDateTime64('1960-01-01 00:00:00.000', 3, 'UTC')",
    ],
    [clickhouseDialect, 'date', 'Date', Date.UTC(1960, 0), "toDate32('1960-01-01')"],
    [clickhouseDialect, 'date', 'Nullable(Date32)', day, "toDate('2026-01-31')"],
  ] as const)(
    '%#: are literals of what the column holds',
    (dialect, type, engineType, moment, sql) => {
      expect(dialect.timestamp(moment, { name: 'x', type, engineType })).toBe(sql)
    },
  )
})

interface ReadBack {
  readonly dialect: string
  readonly value: string
  readonly sql: string
  readonly statements: number
  readonly text: string
  readonly name: string
}

describe('what is written', () => {
  const path = new URL('../../../reference/engine/engine.json', import.meta.url)
  const { found } = JSON.parse(readFileSync(path, 'utf8')) as { found: readonly ReadBack[] }
  const dialects: Readonly<Record<string, Dialect>> = {
    ...Object.fromEntries(Object.entries(READINGS).map(([name, one]) => [name, one.dialect])),
    databricks: sparkDialect,
  }

  it("is read by sqlglot's grammar of each engine as it was meant", () => {
    expect(found).toHaveLength(75)
    for (const { dialect, value, sql, statements, text, name } of found) {
      const own = dialects[dialect]
      expect(`SELECT ${own?.text(value)} AS ${own?.identifier(value)}`).toBe(sql)
      expect([statements, text, name]).toEqual([1, value, value])
    }
  })
})
