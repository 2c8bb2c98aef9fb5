import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { pairedRatioInterval, pairedRatioTest } from '../../../../src/domain/stats/paired-ratio.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { readReference, relativeError } from './close.js'

interface Row {
  both: number
  candidateOnly: number
  baselineOnly: number
  n: number
  level: number
  low: number
  high: number | null
  ratio: number
  statistic: number
}
const { pairedRatio } = readReference<{ pairedRatio: Row[] }>('gate-methods')
const table = fc
  .tuple(fc.nat(80), fc.nat(40), fc.nat(40), fc.nat(80))
  .map(([both, candidateOnly, baselineOnly, rest]) => ({
    both,
    candidateOnly,
    baselineOnly,
    n: both + candidateOnly + baselineOnly + rest,
  }))
const swap = <T extends { candidateOnly: number; baselineOnly: number }>(counts: T): T => ({
  ...counts,
  candidateOnly: counts.baselineOnly,
  baselineOnly: counts.candidateOnly,
})

describe('pairedRatioInterval', () => {
  it.each(pairedRatio)(
    'agrees with the likelihood maximised in 30 digits: $both/$candidateOnly/$baselineOnly of $n',
    (row) => {
      const found = pairedRatioInterval(row)!
      expect(relativeError(found.low, row.low)).toBeLessThan(1e-9)
      if (row.high === null) expect(found.high).toBe(Number.POSITIVE_INFINITY)
      else expect(relativeError(found.high, row.high)).toBeLessThan(1e-9)
    },
  )

  it('is turned over by swapping the models, holds the estimate, and has a positive width', () => {
    fc.assert(
      fc.property(table, (counts) => {
        const found = pairedRatioInterval({ ...counts, level: 0.95 })!
        const other = pairedRatioInterval({ ...swap(counts), level: 0.95 })!
        expect([found.low, found.high].some(Number.isNaN)).toBe(false)
        if (found.ratio === undefined) return
        expect(found.low).toBeLessThanOrEqual(found.ratio)
        expect(found.high).toBeGreaterThanOrEqual(found.ratio)
        expect(found.high).toBeGreaterThan(found.low)
        if (found.low > 0) expect(relativeError(other.high, 1 / found.low)).toBeLessThan(1e-13)
        else expect(other.high).toBe(Number.POSITIVE_INFINITY)
      }),
    )
  })

  it('does not look at how many examples neither got right', () => {
    const counts = { both: 30, candidateOnly: 4, baselineOnly: 9, level: 0.9 }
    const few = pairedRatioInterval({ ...counts, n: 43 })
    expect(pairedRatioInterval({ ...counts, n: 4300 })).toEqual(few)
  })

  it('knows nothing where neither is ever right, and refuses counts that cannot be', () => {
    const none = { both: 0, candidateOnly: 0, baselineOnly: 0, level: 0.9 }
    for (const n of [0, 12]) {
      expect(pairedRatioInterval({ ...none, n })).toMatchObject({
        ratio: undefined,
        low: 0,
        high: Infinity,
      })
    }
    expect(pairedRatioInterval({ ...none, both: 3, n: 2 })).toBeUndefined()
    expect(pairedRatioInterval({ ...none, both: -1, n: 2 })).toBeUndefined()
    expect(pairedRatioInterval({ ...none, both: Number.NaN, n: 2 })).toBeUndefined()
  })

  it.each([
    { n: 120, both: 0.7, b: 0.05, c: 0.09 },
    { n: 400, both: 0.4, b: 0.05, c: 0.05 },
  ])('covers the true ratio in 95 %% of samples of $n', ({ n, both, b, c }) => {
    const random = createRandom(n)
    const runs = 3000
    const truth = (both + b) / (both + c)
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const x = drawBinomial(n, both, random)
      const candidateOnly = drawBinomial(n - x, b / (1 - both), random)
      const baselineOnly = drawBinomial(n - x - candidateOnly, c / (1 - both - b), random)
      const { low, high } = pairedRatioInterval({
        both: x,
        candidateOnly,
        baselineOnly,
        n,
        level: 0.95,
      })!
      if (low <= truth && truth <= high) covered++
    }
    expect(covered / runs).toBeGreaterThan(0.94 - 3 * Math.sqrt((0.95 * 0.05) / runs))
    expect(covered / runs).toBeLessThan(0.965 + 3 * Math.sqrt((0.95 * 0.05) / runs))
  })
})

describe('pairedRatioTest', () => {
  it.each(pairedRatio)(
    'agrees with the likelihood maximised in 30 digits at $ratio: $both/$candidateOnly/$baselineOnly of $n',
    (row) => {
      const found = pairedRatioTest(row)!
      expect(relativeError(found.statistic, row.statistic)).toBeLessThan(1e-9)
    },
  )

  it('rejects exactly the ratios that the interval leaves out', () => {
    fc.assert(
      fc.property(table, fc.double({ min: 0.2, max: 5, noNaN: true }), (counts, ratio) => {
        const test = pairedRatioTest({ ...counts, ratio })!
        const { low, high } = pairedRatioInterval({ ...counts, level: 0.9 })!
        fc.pre(Math.abs(test.above - 0.05) > 1e-9 && Math.abs(test.below - 0.05) > 1e-9)
        expect(test.above < 0.05).toBe(low > ratio)
        expect(test.below < 0.05).toBe(high < ratio)
      }),
    )
  })

  it("is McNemar's without correction at ratio 1, and refuses a ratio that is none", () => {
    const counts = { both: 50, candidateOnly: 12, baselineOnly: 5, n: 80 }
    expect(pairedRatioTest({ ...counts, ratio: 1 })?.statistic).toBeCloseTo(7 / Math.sqrt(17), 13)
    expect(
      pairedRatioTest({ both: 5, candidateOnly: 0, baselineOnly: 0, n: 9, ratio: 1 }),
    ).toMatchObject({
      statistic: 0,
      pValue: 1,
    })
    for (const ratio of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(pairedRatioTest({ ...counts, ratio })).toBeUndefined()
    }
  })
})
