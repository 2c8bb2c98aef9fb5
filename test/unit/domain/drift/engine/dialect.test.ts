import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { trinoDialect } from '../../../../../src/adapters/engine/trino-dialect.js'
import {
  backslashed,
  doubledQuotes,
  scientific,
  tableName,
  tableParts,
  timestampText,
  UnwritableError,
} from '../../../../../src/domain/drift/engine/dialect.js'
import '../../../../property-seed.js'

/** The text between quotes as an engine reads it; undefined where the quotes end before the text does. */
function readDoubled(quoted: string, quote: string): string | undefined {
  if (!quoted.startsWith(quote) || !quoted.endsWith(quote) || quoted.length < 2) return undefined
  const inner = quoted.slice(1, -1)
  return inner.replaceAll(quote + quote, '').includes(quote)
    ? undefined
    : inner.replaceAll(quote + quote, quote)
}

function readBackslashed(quoted: string, quote: string): string | undefined {
  let text = ''
  const inner = quoted.slice(1, -1)
  for (let i = 0; i < inner.length; i++) {
    const unit = inner[i] ?? ''
    if (unit === quote) return undefined
    if (unit !== '\\') text += unit
    else {
      i++
      if (i >= inner.length) return undefined
      text += { n: '\n', r: '\r' }[inner[i] ?? ''] ?? inner[i]
    }
  }
  return text
}

const hostile = fc.oneof(
  fc.string({ minLength: 1, unit: 'binary' }),
  fc.constantFrom(
    'a"b',
    'a`b',
    "a'b",
    '\\',
    '\\"',
    '"; DROP TABLE x; --',
    'naïve|<b>',
    'a\nb',
    'a.b',
  ),
)

describe('quoting', () => {
  it('cannot be ended by anything in a name or text', () => {
    fc.assert(
      fc.property(
        hostile,
        fc.constantFrom('"' as const, '`' as const, "'" as const),
        (text, quote) => {
          if (text.includes('\0')) {
            expect(() => doubledQuotes(text, quote)).toThrow(UnwritableError)
            expect(() => backslashed(text, quote)).toThrow(UnwritableError)
            return
          }
          expect(readDoubled(doubledQuotes(text, quote), quote)).toBe(text)
          expect(readBackslashed(backslashed(text, quote), quote)).toBe(text)
        },
      ),
    )
  })

  it('refuses an empty name, and takes empty text', () => {
    expect(() => doubledQuotes('', '"')).toThrow(UnwritableError)
    expect(() => backslashed('', '`')).toThrow(UnwritableError)
    expect(doubledQuotes('', "'")).toBe("''")
    expect(backslashed('', "'")).toBe("''")
  })
})

describe('the name of a table', () => {
  it.each([
    ['a.b.c', ['a', 'b', 'c']],
    ['"a.b"."c""d"', ['a.b', 'c"d']],
    ['`x.y`.z', ['x.y', 'z']],
    ['`a``b`', ['a`b']],
    [' plain ', ['plain']],
    ['"\n;--"', ['\n;--']],
  ])('is parted at dots that stand outside of quotes: %s', (name, parts) => {
    expect(tableParts(name)).toEqual(parts)
  })

  it.each(['', 'a..b', '.a', 'a.', '"open', 'a"b"', '"a"b', '``', 'a. '])(
    'is refused: %j',
    (name) => {
      expect(tableParts(name)).toBeUndefined()
      expect(() => tableName(trinoDialect, name)).toThrow(UnwritableError)
    },
  )

  it('is what was written, whatever it holds', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 1, maxLength: 3 }), (parts) => {
        const name = parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.')
        expect(tableParts(name)).toEqual(parts)
      }),
    )
  })
})

describe('a literal of a double', () => {
  it('reads back as the same number, and is none of decimals', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = scientific(value)
        expect(Number(text.replace(/[()]/g, ''))).toBe(value === 0 ? 0 : value)
        expect(text).toMatch(/E[+-]\d+\)?$/)
      }),
    )
  })

  it('is refused for what has none', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => scientific(value)).toThrow(UnwritableError)
    }
  })
})

describe('a literal of a moment', () => {
  it('is UTC to the millisecond', () => {
    expect(timestampText(Date.UTC(2026, 0, 31, 23, 59, 59, 7))).toBe('2026-01-31 23:59:59.007')
  })

  it.each([Number.NaN, -1e15, 1e15, 8.64e15 + 1])(
    'is refused outside of the years that engines read: %d',
    (time) => {
      expect(() => timestampText(time)).toThrow(UnwritableError)
    },
  )
})

describe('the dialect of Trino', () => {
  it.each([
    ['tinyint', 'integer'],
    ['bigint', 'integer'],
    ['real', 'number'],
    ['decimal(12,2)', 'number'],
    ['varchar(25)', 'string'],
    ['timestamp(6) with time zone', 'timestamp'],
    ['date', 'date'],
    ['array(bigint)', 'other'],
    ['row(a bigint)', 'other'],
    ['varbinary', 'other'],
    ['interval day to second', 'other'],
    ['constructor', 'other'],
  ])('reads the type %s as %s', (engineType, type) => {
    expect(trinoDialect.typeOf(engineType)).toBe(type)
  })

  it('writes a moment as the column has it', () => {
    const plain = { name: 't', type: 'timestamp', engineType: 'timestamp(3)' } as const
    expect(trinoDialect.timestamp(0, plain)).toBe("TIMESTAMP '1970-01-01 00:00:00.000'")
    const zoned = { ...plain, engineType: 'timestamp(3) with time zone' } as const
    expect(trinoDialect.timestamp(0, zoned)).toBe("TIMESTAMP '1970-01-01 00:00:00.000 UTC'")
  })
})
