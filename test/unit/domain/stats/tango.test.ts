import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { tangoInterval, tangoTest } from '../../../../src/domain/stats/tango.js'
import { readReference, relativeError } from './close.js'

const reference = readReference<{
  tango: {
    candidateOnly: number
    baselineOnly: number
    n: number
    level: number
    low: number
    high: number
  }[]
  tangoTest: {
    candidateOnly: number
    baselineOnly: number
    n: number
    margin: number
    statistic: number
    pValue: number
  }[]
}>('gate')

const table = fc.tuple(fc.nat(80), fc.nat(80), fc.nat(200)).map(([b, c, same]) => ({
  candidateOnly: b,
  baselineOnly: c,
  n: Math.max(1, b + c + same),
}))

describe('tangoInterval', () => {
  it.each(reference.tango)(
    'agrees with the likelihood maximised in 30 digits: $candidateOnly/$baselineOnly of $n',
    (row) => {
      const interval = tangoInterval(row)
      expect(interval.low).toBeCloseTo(row.low, 12)
      expect(interval.high).toBeCloseTo(row.high, 12)
    },
  )

  it('turns its sign when the models are swapped, and holds the estimate', () => {
    fc.assert(
      fc.property(table, ({ candidateOnly, baselineOnly, n }) => {
        const interval = tangoInterval({ candidateOnly, baselineOnly, n, level: 0.95 })
        const swapped = tangoInterval({
          candidateOnly: baselineOnly,
          baselineOnly: candidateOnly,
          n,
          level: 0.95,
        })
        const estimate = (candidateOnly - baselineOnly) / n
        expect(interval.low).toBe(-swapped.high)
        expect(interval.low).toBeLessThanOrEqual(estimate)
        expect(interval.high).toBeGreaterThanOrEqual(estimate)
        expect(interval.low).toBeGreaterThanOrEqual(-1)
        expect(interval.high).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('has positive width for models that never differ, narrower with more examples', () => {
    const some = tangoInterval({ candidateOnly: 0, baselineOnly: 0, n: 50, level: 0.95 })
    const more = tangoInterval({ candidateOnly: 0, baselineOnly: 0, n: 5000, level: 0.95 })
    expect(some.high).toBeGreaterThan(0.05)
    expect(some.low).toBe(-some.high)
    expect(more.high).toBeLessThan(0.001)
    expect(more.high).toBeGreaterThan(0)
  })

  it('knows nothing without examples', () => {
    const interval = tangoInterval({ candidateOnly: 0, baselineOnly: 0, n: 0, level: 0.9 })
    expect(interval).toEqual({ low: -1, high: 1, level: 0.9, method: 'tango' })
  })

  it.each([
    { n: 60, b: 0.12, c: 0.05 },
    { n: 400, b: 0.03, c: 0.03 },
  ])('covers the true difference in 95 %% of samples of $n', ({ n, b, c }) => {
    const random = createRandom(n)
    const runs = 4000
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const candidateOnly = drawBinomial(n, b, random)
      const baselineOnly = drawBinomial(n - candidateOnly, c / (1 - b), random)
      const { low, high } = tangoInterval({ candidateOnly, baselineOnly, n, level: 0.95 })
      if (low <= b - c && b - c <= high) covered++
    }
    // The law is discrete, so that coverage moves around its nominal value by up to a point.
    expect(covered / runs).toBeGreaterThan(0.94 - 3 * Math.sqrt((0.95 * 0.05) / runs))
    expect(covered / runs).toBeLessThan(0.97 + 3 * Math.sqrt((0.95 * 0.05) / runs))
  })
})

describe('tangoTest', () => {
  it.each(reference.tangoTest)(
    'agrees with the likelihood maximised in 30 digits at margin $margin: $candidateOnly/$baselineOnly of $n',
    (row) => {
      const { statistic, pValue } = tangoTest(row)
      expect(relativeError(statistic, row.statistic)).toBeLessThan(1e-11)
      expect(relativeError(pValue, row.pValue)).toBeLessThan(1e-10)
    },
  )

  it('rejects exactly where the interval lies above minus the margin', () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.001, max: 0.3, noNaN: true }), (counts, margin) => {
        const { pValue } = tangoTest({ ...counts, margin })
        const { low } = tangoInterval({ ...counts, level: 0.9 })
        fc.pre(Math.abs(pValue - 0.05) > 1e-9)
        expect(pValue < 0.05).toBe(low > -margin)
      }),
    )
  })

  it('promotes a candidate that is worse by the margin in at most 5 % of samples', () => {
    const random = createRandom(3)
    const n = 300
    const runs = 4000
    let promoted = 0
    for (let run = 0; run < runs; run++) {
      const candidateOnly = drawBinomial(n, 0.05, random)
      const baselineOnly = drawBinomial(n - candidateOnly, 0.07 / 0.95, random)
      if (tangoTest({ candidateOnly, baselineOnly, n, margin: 0.02 }).pValue < 0.05) promoted++
    }
    expect(promoted / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  })

  it('finds nothing in no examples and in no difference at margin 0', () => {
    expect(tangoTest({ candidateOnly: 0, baselineOnly: 0, n: 0, margin: 0.1 }).pValue).toBe(1)
    expect(tangoTest({ candidateOnly: 0, baselineOnly: 0, n: 9, margin: 0 }).pValue).toBe(0.5)
  })
})
