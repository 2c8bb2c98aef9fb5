import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { beyondRangePValue } from '../../../../src/domain/stats/beyond-range.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import { robustPredictionInterval } from '../../../../src/domain/stats/robust-prediction.js'
import { robustScale, robustZ } from '../../../../src/domain/stats/robust-scale.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { relativeError } from './close.js'

const url = new URL('../../../reference/health/reference.json', import.meta.url)
const reference: {
  scales: { name: string; values: number[]; median: number; mad: number }[]
  beyond: { reference: number; current: number; beyond: number; pValue: number }[]
} = JSON.parse(readFileSync(url, 'utf8'))

const scale = (...values: number[]) => robustScale(Float64Array.from(values))

describe('the robust scale', () => {
  it.each(reference.scales)('of $name values has the median and MAD of scipy', (row) => {
    const found = scale(...row.values)
    expect(found?.centre).toBe(row.median)
    if (row.mad === 0) expect(found?.method).not.toBe('mad')
    else expect(relativeError(found?.spread ?? 0, row.mad)).toBeLessThan(1e-12)
  })

  it('falls back to the quartiles where more than half of the values are equal', () => {
    const found = scale(...new Array(30).fill(1), ...new Array(20).fill(9))
    expect(found).toMatchObject({ centre: 1, method: 'iqr' })
    expect(found?.spread).toBeCloseTo(8 * 0.7413, 4)
  })

  it('falls back to the mean deviation where the quartiles are equal too', () => {
    const found = scale(...new Array(98).fill(1), 2, 0)
    expect(found).toMatchObject({ centre: 1, method: 'mean-absolute-deviation' })
    expect(found?.spread).toBeCloseTo(0.02 * Math.sqrt(Math.PI / 2), 12)
  })

  it('of a constant is 0, and anything else is infinitely far', () => {
    const found = scale(4, 4, 4)
    expect(found).toEqual({ centre: 4, spread: 0, method: 'constant' })
    expect(robustZ(4, found ?? never())).toBe(0)
    expect(robustZ(5, found ?? never())).toBe(Number.POSITIVE_INFINITY)
  })

  it('of nothing is not known', () => {
    expect(scale()).toBeUndefined()
  })

  it('has a median between the largest numbers', () => {
    expect(scale(-Number.MAX_VALUE, Number.MAX_VALUE)?.centre).toBe(0)
    expect(scale(Number.MAX_VALUE, Number.MAX_VALUE)?.centre).toBe(Number.MAX_VALUE)
  })
})

function never(): never {
  throw new Error('there is none')
}

describe('values beyond the range of another sample', () => {
  it.each(reference.beyond)('have the probability of the beta-binomial law: %j', (row) => {
    const pValue = beyondRangePValue({ ...row, ends: 2 })
    expect(relativeError(pValue, row.pValue)).toBeLessThan(1e-8)
  })

  it('of one end, with as many values each, are at least one in half of all cases', () => {
    const one = { reference: 40, current: 40, beyond: 1, ends: 1 } as const
    expect(beyondRangePValue(one)).toBeCloseTo(0.5, 12)
  })

  it('of the j-th largest value have the law of the negative hypergeometric', () => {
    // scipy 1.17.1: betabinom.sf(7, 60, 5, 96) - at least 8 of 60 above the 5th largest of 100.
    const pValue = beyondRangePValue({ reference: 100, current: 60, beyond: 8, ends: 5 })
    expect(relativeError(pValue, 0.03332719861132105)).toBeLessThan(1e-10)
  })

  it('prove nothing when there are none, or no reference', () => {
    expect(beyondRangePValue({ reference: 9, current: 9, beyond: 0, ends: 2 })).toBe(1)
    expect(beyondRangePValue({ reference: 0, current: 9, beyond: 9, ends: 2 })).toBe(1)
  })
})

describe('the interval for the next count', () => {
  const usual = [1000, 1040, 960, 1010, 990, 1025, 985]

  it('is not made from fewer than five', () => {
    expect(robustPredictionInterval([1, 2, 3, 4], 0.99)).toBeUndefined()
  })

  it('is hardly moved by one window that failed', () => {
    const all = robustPredictionInterval(usual, 0.95)
    const failed = robustPredictionInterval([...usual.slice(1), 0], 0.95)
    expect(failed?.high).toBeLessThan(1.2 * (all?.high ?? 0))
  })

  it('is never narrower than the noise of counting', () => {
    const same = robustPredictionInterval(new Array(50).fill(400), 0.95)
    expect(400 - (same?.low ?? 0)).toBeGreaterThan(1.96 * 20)
    expect((same?.high ?? 0) - 400).toBeLessThan(2.5 * 20)
  })

  it('does not go below 0', () => {
    expect(robustPredictionInterval([0, 3, 9, 1, 0], 0.99)?.low).toBe(0)
  })

  it.each([5, 8, 15, 40])('after %d windows holds the next at its level', (windows) => {
    const random = createRandom(windows)
    let missed = 0
    const runs = 3000
    for (let run = 0; run < runs; run++) {
      const counts = Array.from({ length: windows }, () => normalCount(random))
      const interval = robustPredictionInterval(counts, 0.95) ?? never()
      const next = normalCount(random)
      if (next < interval.low || next > interval.high) missed++
    }
    expect(missed / runs).toBeGreaterThan(0.025)
    expect(missed / runs).toBeLessThan(0.065)
  })
})

/** Far wider than counting alone. */
function normalCount(random: RandomSource): number {
  return 100_000 + 5000 * normalQuantile(random.next() || 0.5)
}
