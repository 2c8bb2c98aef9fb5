import { describe, expect, it } from '@jest/globals'
import { countOf, grouped, scaleNumber } from '../../../../src/domain/report/words.js'

describe('a count is written as the system would write it in English', () => {
  it.each([
    0,
    7,
    999,
    1000,
    12_345,
    999_999,
    1_000_000,
    2 ** 53 - 1,
    -1234,
    1234.5,
    1e21,
    Number.NaN,
  ])('%d', (count) => {
    expect(grouped(count)).toBe(count.toLocaleString('en-US'))
  })

  it('with its noun', () => {
    expect([countOf(1, 'row'), countOf(1_000, 'row')]).toEqual(['1 row', '1,000 rows'])
  })
})

describe('a number of a scale', () => {
  it('has commas between thousands, and a minus', () => {
    expect([0, -13.2, 57400, -101000.5, 1e12, 0.00001].map(scaleNumber)).toEqual([
      '0',
      '−13.2',
      '57,400',
      '−101,000',
      '1.00e+12',
      '1.00e-5',
    ])
  })
})
