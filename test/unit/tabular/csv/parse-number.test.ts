import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { DecimalReader, parseNumber } from '../../../../src/tabular/csv/parse-number.js'

function fast(text: string): number | undefined {
  const reader = new DecimalReader()
  const read = reader.read(Buffer.from(`${text}\n`), 0)
  return read && reader.end === text.length ? reader.value : undefined
}

function slow(text: string): number | undefined {
  const bytes = Buffer.from(text)
  return parseNumber(bytes, 0, bytes.length)?.value
}

describe('the fast way', () => {
  const decimals = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map(String),
    fc.double({ noNaN: true, min: -1000, max: 1000 }).map((value) => value.toPrecision(17)),
    fc.double({ noNaN: true, min: -1000, max: 1000 }).map((value) => value.toFixed(20)),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 21n }), fc.integer({ min: 0, max: 24 }))
      .map(([digits, scale]) => {
        const text = String(digits).padStart(scale + 1, '0')
        return `${text.slice(0, text.length - scale)}.${text.slice(text.length - scale)}`
      }),
  )

  it('gives the double that JavaScript gives, to the last bit, or leaves the cell to the slow way', () => {
    fc.assert(
      fc.property(decimals, (text) => {
        const value = fast(text)
        if (value !== undefined) expect(value).toBe(Number(text))
      }),
      { numRuns: 20_000, seed: 5 },
    )
  })

  it('is taken by most numbers that are printed with every bit', () => {
    const samples = fc.sample(fc.double({ noNaN: true, min: 0.001, max: 1000 }), {
      numRuns: 500,
      seed: 3,
    })
    const taken = samples.filter((value) => fast(String(value)) !== undefined)
    expect(taken.length).toBeGreaterThan(450)
  })

  it.each([
    ['halfway between two doubles', '9007199254740993.0'],
    ['just above halfway', '9007199254740993.00001'],
    ['just below halfway', '4503599627370497.4999'],
    ['the smallest step above one', '1.0000000000000002'],
    ['halfway above one', '1.00000000000000011102'],
  ])('rounds correctly %s', (_, text) => {
    expect(fast(text) ?? slow(text)).toBe(Number(text))
  })

  it('keeps the sign of zero', () => {
    expect(fast('-0')).toBe(-0)
    expect(fast('-0.0')).toBe(-0)
  })

  it.each([
    '',
    '-',
    '+',
    '.',
    '-.',
    '007',
    '-01',
    '00',
    '1e5',
    '1_000',
    '9007199254740992',
    '0x10',
  ])('does not take %j', (text) => {
    expect(fast(text)).toBeUndefined()
  })
})

describe('the slow way', () => {
  it.each([
    ['1e3', 1000],
    ['-2.5E-3', -0.0025],
    ['+.5', 0.5],
    ['5.', 5],
    [' 12 ', 12],
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['Infinity', Infinity],
    ['-Infinity', -Infinity],
    ['1e400', Infinity],
    ['9007199254740991', 9007199254740991],
    ['12345678901234567890.5', Number('12345678901234567890.5')],
  ])('reads %j', (text, value) => {
    expect(slow(text)).toBe(value)
  })

  it.each(['007', '9007199254740993', '0x10', '1e', 'e5', 'nan', '1 2', '1,5', '--1', '', '١'])(
    'leaves %j as text',
    (text) => {
      expect(slow(text)).toBeUndefined()
    },
  )
})
