import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { incompleteBeta } from '../../../../../src/domain/stats/special/beta.js'
import { binomialCdf, binomialPmf } from '../../../../../src/domain/stats/special/binomial.js'
import { logGamma } from '../../../../../src/domain/stats/special/log-gamma.js'
import {
  normalCdf,
  normalQuantile,
  normalSf,
} from '../../../../../src/domain/stats/special/normal.js'
import { studentTCdf, studentTQuantile } from '../../../../../src/domain/stats/special/student-t.js'
import { readReference, relativeError } from '../close.js'

interface SpecialReference {
  normal: { x: number; cdf: number; sf: number }[]
  normalQuantile: { p: number; x: number }[]
  logGamma: { x: number; value: number }[]
  incompleteBeta: { x: number; a: number; b: number; value: number }[]
  studentT: { t: number; df: number; cdf: number }[]
  studentTQuantile: { p: number; df: number; t: number }[]
  binomial: { k: number; n: number; p: number; pmf: number; cdf: number }[]
}
const reference = readReference<SpecialReference>('special')

describe('normal distribution', () => {
  it.each(reference.normal)('agrees with mpmath in both tails at $x', ({ x, cdf, sf }) => {
    expect(relativeError(normalCdf(x), cdf)).toBeLessThan(2e-15)
    expect(relativeError(normalSf(x), sf)).toBeLessThan(2e-15)
  })

  it.each(reference.normalQuantile)('has the quantile of mpmath at $p', ({ p, x }) => {
    expect(relativeError(normalQuantile(p), x)).toBeLessThan(2e-15)
  })

  it('has infinite quantiles at 0 and 1 and none outside', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(normalQuantile(1)).toBe(Number.POSITIVE_INFINITY)
    expect(normalQuantile(1.1)).toBeNaN()
    expect(normalQuantile(Number.NaN)).toBeNaN()
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0)
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1)
    expect(normalCdf(Number.NaN)).toBeNaN()
  })
})

describe('log-gamma', () => {
  it.each(reference.logGamma)('agrees with mpmath at $x', ({ x, value }) => {
    expect(relativeError(logGamma(x), value)).toBeLessThan(2e-14)
  })

  it('is zero at 1 and 2, infinite at 0 and undefined below', () => {
    expect([logGamma(1), logGamma(2), logGamma(0)]).toEqual([0, 0, Number.POSITIVE_INFINITY])
    expect(logGamma(-0.5)).toBeNaN()
  })
})

describe('incomplete beta', () => {
  it.each(reference.incompleteBeta)('agrees with mpmath at I_$x($a, $b)', ({ x, a, b, value }) => {
    expect(relativeError(incompleteBeta(x, a, b), value)).toBeLessThan(2e-13)
  })

  it('is the complement of its mirror image', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.999, noNaN: true }),
        fc.double({ min: 0.05, max: 500, noNaN: true }),
        fc.double({ min: 0.05, max: 500, noNaN: true }),
        (x, a, b) => {
          expect(incompleteBeta(x, a, b) + incompleteBeta(1 - x, b, a)).toBeCloseTo(1, 11)
        },
      ),
    )
  })

  it('is 0 and 1 at the ends and undefined for invalid parameters', () => {
    expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1])
    expect(incompleteBeta(0.5, 0, 1)).toBeNaN()
  })
})

describe("Student's t", () => {
  it.each(reference.studentT)(
    'has the distribution of mpmath at t=$t, df=$df',
    ({ t, df, cdf }) => {
      expect(relativeError(studentTCdf(t, df), cdf)).toBeLessThan(1e-13)
    },
  )

  it.each(reference.studentTQuantile)('has the quantile of mpmath at p=$p, df=$df', (row) => {
    expect(relativeError(studentTQuantile(row.p, row.df), row.t)).toBeLessThan(1e-11)
  })

  it('is the normal law with infinite degrees of freedom', () => {
    expect(studentTCdf(-1.3, Number.POSITIVE_INFINITY)).toBe(normalCdf(-1.3))
    expect(studentTQuantile(0.9, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.9))
  })

  it('has infinite quantiles at 0 and 1, and nothing without degrees of freedom', () => {
    expect(studentTQuantile(0, 3)).toBe(Number.NEGATIVE_INFINITY)
    expect(studentTQuantile(1, 3)).toBe(Number.POSITIVE_INFINITY)
    expect(studentTQuantile(0.5, 3)).toBe(0)
    expect(studentTQuantile(0.3, 0)).toBeNaN()
    expect(studentTCdf(Number.NEGATIVE_INFINITY, 3)).toBe(0)
  })
})

describe('binomial law', () => {
  it.each(reference.binomial)('agrees with mpmath at k=$k, n=$n, p=$p', ({ k, n, p, pmf, cdf }) => {
    expect(relativeError(binomialPmf(k, n, p), pmf)).toBeLessThan(1e-13)
    expect(relativeError(binomialCdf(k, n, p), cdf)).toBeLessThan(1e-12)
  })

  it('is the sum of its probabilities', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, p) => {
          let sum = 0
          for (let k = 0; k <= n; k++) {
            sum += binomialPmf(k, n, p)
            expect(binomialCdf(k, n, p)).toBeCloseTo(sum, 11)
          }
        },
      ),
    )
  })

  it('is 0 below and 1 above the support, and undefined for an invalid law', () => {
    expect([binomialCdf(-1, 5, 0.4), binomialCdf(5, 5, 0.4)]).toEqual([0, 1])
    expect([binomialPmf(6, 5, 0.4), binomialPmf(1.5, 5, 0.4)]).toEqual([0, 0])
    expect(binomialPmf(1, 5, 1.2)).toBeNaN()
    expect(binomialCdf(1, -5, 0.2)).toBeNaN()
  })
})
