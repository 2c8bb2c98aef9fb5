import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  miettinenNurminenInterval,
  miettinenNurminenTest,
} from '../../../../src/domain/stats/miettinen-nurminen.js'
import { newcombeInterval } from '../../../../src/domain/stats/newcombe.js'
import {
  unpairedRatioInterval,
  unpairedRatioTest,
} from '../../../../src/domain/stats/unpaired-ratio.js'
import { readReference, relativeError } from './close.js'

interface Row {
  x1: number
  n1: number
  x0: number
  n0: number
  level: number
  low: number
  high: number | null
  ratio: number
  statistic: number
  newcombe: { low: number; high: number }
}
const { unpairedRatio } = readReference<{ unpairedRatio: Row[] }>('gate-methods')
const countsOf = ({ x1, n1, x0, n0 }: { x1: number; n1: number; x0: number; n0: number }) => ({
  candidateSuccesses: x1,
  candidateTotal: n1,
  baselineSuccesses: x0,
  baselineTotal: n0,
})
const sample = fc
  .tuple(fc.integer({ min: 1, max: 200 }), fc.nat())
  .map(([n, seed]) => ({ n, x: seed % (n + 1) }))
const tables = fc
  .tuple(sample, sample)
  .map(([one, other]) => countsOf({ x1: one.x, n1: one.n, x0: other.x, n0: other.n }))

describe('unpairedRatioInterval', () => {
  it.each(unpairedRatio)(
    'agrees with the likelihood maximised in 30 digits: $x1/$n1 and $x0/$n0',
    (row) => {
      const found = unpairedRatioInterval(countsOf(row), row.level)!
      expect(relativeError(found.low, row.low)).toBeLessThan(1e-9)
      if (row.high === null) expect(found.high).toBe(Number.POSITIVE_INFINITY)
      else expect(relativeError(found.high, row.high)).toBeLessThan(1e-9)
      const test = unpairedRatioTest(countsOf(row), row.ratio)!
      expect(relativeError(test.statistic, row.statistic)).toBeLessThan(1e-9)
    },
  )

  it('leaves out exactly what its test rejects, holds the estimate, and never is NaN', () => {
    fc.assert(
      fc.property(tables, fc.double({ min: 0.1, max: 10, noNaN: true }), (counts, ratio) => {
        const found = unpairedRatioInterval(counts, 0.9)!
        expect([found.low, found.high].some(Number.isNaN)).toBe(false)
        if (found.ratio === undefined) return
        expect(found.low).toBeLessThanOrEqual(found.ratio)
        expect(found.high).toBeGreaterThanOrEqual(found.ratio)
        const test = unpairedRatioTest(counts, ratio)!
        fc.pre(Math.abs(test.above - 0.05) > 1e-9 && Math.abs(test.below - 0.05) > 1e-9)
        expect(test.above < 0.05).toBe(found.low > ratio)
        expect(test.below < 0.05).toBe(found.high < ratio)
      }),
    )
  })

  it('knows nothing without successes, and is undefined for counts that cannot be', () => {
    const none = countsOf({ x1: 0, n1: 5, x0: 0, n0: 7 })
    expect(unpairedRatioInterval(none, 0.9)).toMatchObject({
      ratio: undefined,
      low: 0,
      high: Infinity,
    })
    expect(unpairedRatioInterval(countsOf({ x1: 6, n1: 5, x0: 0, n0: 7 }), 0.9)).toBeUndefined()
    expect(unpairedRatioInterval(countsOf({ x1: 0, n1: 0, x0: 0, n0: 7 }), 0.9)).toBeUndefined()
    expect(unpairedRatioTest(none, 0)).toBeUndefined()
    expect(unpairedRatioTest(none, Number.NaN)).toBeUndefined()
  })
})

describe('miettinenNurminenTest', () => {
  it('rejects exactly the differences that the interval leaves out', () => {
    fc.assert(
      fc.property(
        tables,
        fc.double({ min: -0.99, max: 0.99, noNaN: true }),
        (counts, difference) => {
          const { low, high } = miettinenNurminenInterval(counts, 0.9)!
          const test = miettinenNurminenTest(counts, difference)!
          fc.pre(Math.abs(test.above - 0.05) > 1e-7 && Math.abs(test.below - 0.05) > 1e-7)
          expect(test.above < 0.05).toBe(low > difference)
          expect(test.below < 0.05).toBe(high < difference)
        },
      ),
    )
  })

  it('is undefined outside (-1, 1) and for counts that cannot be', () => {
    const counts = countsOf({ x1: 3, n1: 5, x0: 1, n0: 7 })
    expect(miettinenNurminenTest(counts, 1)).toBeUndefined()
    expect(miettinenNurminenTest({ ...counts, candidateSuccesses: 9 }, 0)).toBeUndefined()
    expect(miettinenNurminenInterval({ ...counts, candidateSuccesses: 9 }, 0.9)).toBeUndefined()
  })
})

describe('newcombeInterval', () => {
  it.each(unpairedRatio)('agrees with statsmodels: $x1/$n1 and $x0/$n0', (row) => {
    const found = newcombeInterval(countsOf(row), row.level)!
    expect(found.low).toBeCloseTo(row.newcombe.low, 12)
    expect(found.high).toBeCloseTo(row.newcombe.high, 12)
  })

  it("agrees with Newcombe's published example, 56/70 and 48/80", () => {
    const found = newcombeInterval(countsOf({ x1: 56, n1: 70, x0: 48, n0: 80 }), 0.95)!
    expect(found.low).toBeCloseTo(0.0524, 4)
    expect(found.high).toBeCloseTo(0.3339, 4)
  })

  it('turns its sign with the samples, stays in [-1, 1], and has a positive width', () => {
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const found = newcombeInterval(
          countsOf({ x1: one.x, n1: one.n, x0: other.x, n0: other.n }),
          0.95,
        )!
        const swapped = newcombeInterval(
          countsOf({ x1: other.x, n1: other.n, x0: one.x, n0: one.n }),
          0.95,
        )!
        expect(found.low).toBeCloseTo(-swapped.high, 14)
        expect(found.low).toBeGreaterThanOrEqual(-1)
        expect(found.high).toBeLessThanOrEqual(1)
        expect(found.high).toBeGreaterThan(found.low)
      }),
    )
    expect(newcombeInterval(countsOf({ x1: 0, n1: 0, x0: 1, n0: 1 }), 0.9)).toBeUndefined()
  })
})
