import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { wilsonInterval } from '../../../../src/domain/stats/wilson.js'
import { readReference } from './close.js'

const { wilson } = readReference<{
  wilson: { successes: number; n: number; level: number; low: number; high: number }[]
}>('gate')

describe('wilsonInterval', () => {
  it.each(wilson)('agrees with statsmodels for $successes of $n', (row) => {
    const interval = wilsonInterval(row.successes, row.n, row.level)
    expect(interval?.low).toBeCloseTo(row.low, 12)
    expect(interval?.high).toBeCloseTo(row.high, 12)
  })

  it('holds the share, stays in [0, 1] and mirrors under success and failure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.nat(), (n, seed) => {
        const successes = seed % (n + 1)
        const interval = wilsonInterval(successes, n, 0.9)!
        const mirror = wilsonInterval(n - successes, n, 0.9)!
        expect(interval.low).toBeGreaterThanOrEqual(0)
        expect(interval.low).toBeLessThanOrEqual(successes / n)
        expect(interval.high).toBeGreaterThanOrEqual(successes / n)
        expect(interval.high).toBeLessThanOrEqual(1)
        expect(interval.low).toBeCloseTo(1 - mirror.high, 12)
      }),
    )
  })

  it('is undefined without trials or with impossible counts', () => {
    expect(wilsonInterval(0, 0, 0.95)).toBeUndefined()
    expect(wilsonInterval(3, 2, 0.95)).toBeUndefined()
    expect(wilsonInterval(Number.NaN, 2, 0.95)).toBeUndefined()
  })
})
