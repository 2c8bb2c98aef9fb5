import { describe, expect, it } from '@jest/globals'
import { andersonDarling } from '../../../../src/domain/stats/anderson-darling.js'
import { cramerVonMises } from '../../../../src/domain/stats/cramer-von-mises.js'
import { energyDistance } from '../../../../src/domain/stats/energy-distance.js'
import { eppsSingleton } from '../../../../src/domain/stats/epps-singleton.js'
import { mannWhitney } from '../../../../src/domain/stats/mann-whitney.js'
import { pooledQuantile } from '../../../../src/domain/stats/pooled-quantile.js'
import { quantileSorted } from '../../../../src/domain/stats/quantile.js'
import {
  andersonDarlingSurvival,
  cramerVonMisesSurvival,
} from '../../../../src/domain/stats/special/chi-square-mixture.js'
import { welchTest } from '../../../../src/domain/stats/welch-t-test.js'
import { relativeError } from './close.js'
import { recipeSample, type TestValue, twoSampleReference } from './two-sample-tests-reference.js'

const of = (...values: number[]): Float64Array => Float64Array.from(values).sort()
const filled = (length: number, value: number) => new Float64Array(length).fill(value)
const NONE = new Float64Array(0)

interface Tolerance {
  readonly statistic: number
  /** Absolute and relative: a reference is as good as either. */
  readonly pValue: number
}

function expectSame(
  found: TestValue | undefined,
  expected: TestValue | null,
  tolerance: Tolerance,
): void {
  if (expected === null) return
  expect(relativeError(found?.statistic ?? Number.NaN, expected.statistic)).toBeLessThan(
    tolerance.statistic,
  )
  const p = found?.pValue ?? Number.NaN
  const error = Math.min(relativeError(p, expected.pValue), Math.abs(p - expected.pValue) * 1e3)
  expect(error).toBeLessThan(tolerance.pValue)
}

/** With no more distinct values than this scipy's Anderson-Darling p-value is not that of the ties. */
const FEW = 12
const distinct = (a: Float64Array, b: Float64Array) => new Set([...a, ...b]).size

const EXACT = { statistic: 1e-9, pValue: 1e-8 }

describe.each(twoSampleReference.numeric)('$reference against $current', (row) => {
  const a = recipeSample(row.reference)
  const b = recipeSample(row.current)

  it('anderson-darling has the statistic of scipy.stats.anderson_ksamp, and its p-value where that is not clipped', () => {
    const found = andersonDarling(a, b)
    const expected = row.andersonDarling
    if (expected === null) return
    expect(relativeError(found?.statistic ?? Number.NaN, expected.statistic)).toBeLessThan(1e-9)
    if (distinct(a, b) <= FEW) return
    if (expected.pValue === 0.25) expect(found?.pValue).toBeGreaterThan(0.25)
    else if (expected.pValue === 0.001) expect(found?.pValue).toBeLessThan(0.0011)
    else expect(relativeError(found?.pValue ?? Number.NaN, expected.pValue)).toBeLessThan(1e-9)
  })

  it('cramer-von-mises is scipy.stats.cramervonmises_2samp, unless ties of unequal samples spoil that', () => {
    const found = cramerVonMises(a, b)
    if (found?.method !== 'tied') expectSame(found, row.cramerVonMises, EXACT)
    else expect(a.length !== b.length && distinct(a, b) <= 40).toBe(true)
  })

  it('mann-whitney is scipy.stats.mannwhitneyu', () => {
    expectSame(mannWhitney(a, b), row.mannWhitney, EXACT)
  })

  it('t-test is scipy.stats.ttest_ind without equal variances', () => {
    expectSame(welchTest(a, b), row.tTest, EXACT)
  })

  it('epps-singleton is scipy.stats.epps_singleton_2samp', () => {
    // Two clusters far apart make scipy's own covariance lose half its digits.
    const found = eppsSingleton(a, b)
    const sizes = [a.length, b.length].sort((one, other) => one - other)
    const lopsided = (sizes[0] ?? 0) < 200 && (sizes[1] ?? 0) >= 3 * (sizes[0] ?? 0)
    expectSame(found, row.eppsSingleton, {
      statistic: 1e-8,
      pValue: lopsided ? Number.POSITIVE_INFINITY : 1e-8,
    })
    if (lopsided && row.eppsSingleton !== null) {
      expect(found?.pValue).toBeGreaterThanOrEqual(row.eppsSingleton.pValue * (1 - 1e-9))
    }
  })

  it('energy is scipy.stats.energy_distance', () => {
    expect(relativeError(energyDistance(a, b) ?? Number.NaN, row.energy)).toBeLessThan(1e-10)
  })
})

describe('the limit laws', () => {
  it.each(twoSampleReference.andersonDarlingLimit)('Anderson-Darling at $x', (row) => {
    expect(relativeError(andersonDarlingSurvival(row.x), row.survival)).toBeLessThan(1e-12)
  })

  it.each(twoSampleReference.cramerVonMisesLimit)('Cramér-von Mises at $x', (row) => {
    expect(relativeError(cramerVonMisesSurvival(row.x), row.survival)).toBeLessThan(1e-12)
  })

  it('are 1 at and below 0, NaN for NaN, and keep digits where 1 - cdf is 0', () => {
    for (const survival of [andersonDarlingSurvival, cramerVonMisesSurvival]) {
      expect(survival(-1)).toBe(1)
      expect(survival(0)).toBe(1)
      expect(survival(Number.NaN)).toBeNaN()
      expect(survival(60)).toBeGreaterThan(0)
      expect(survival(60)).toBeLessThan(1e-25)
    }
  })
})

describe('the p-value of anderson-darling', () => {
  it('falls with the statistic through both ends of the interpolation, without a jump', () => {
    const size = 400
    const steps = Array.from({ length: 300 }, (_, shift) => {
      const a = Float64Array.from({ length: size }, (_unused, i) => i)
      const b = a.map((value) => value + shift + 0.5).sort()
      return andersonDarling(a, b) ?? { statistic: Number.NaN, pValue: Number.NaN }
    })
    for (const [i, step] of steps.entries()) {
      const before = steps[i - 1]
      if (before === undefined) continue
      expect(step.statistic).toBeGreaterThan(before.statistic)
      expect(step.pValue).toBeLessThan(before.pValue)
      const slope = Math.log(before.pValue / step.pValue) / (step.statistic - before.statistic)
      expect(slope).toBeLessThan(1.5)
    }
    expect(steps[0]?.pValue).toBeGreaterThan(0.99)
    expect(steps.at(-1)?.pValue).toBeLessThan(1e-60)
  })

  it('is never under the chance of the most extreme order', () => {
    // 1 of 70 orders for 4 and 4 is over scipy's least level; 1 of 12,870 for 8 and 8 is not.
    const apart = (n: number) =>
      andersonDarling(
        Float64Array.from({ length: n }, (_, i) => i),
        Float64Array.from({ length: n }, (_, i) => 1e6 + i),
      )?.pValue
    expect(apart(8)).toBeGreaterThanOrEqual(1 / 12_870)
    expect(apart(7)).toBeGreaterThanOrEqual(1 / 3432)
    expect(apart(60)).toBeLessThan(1e-12)
  })
})

describe('cramerVonMises', () => {
  it('is exact up to 20 values: 2 of the 70 orders of 4 and 4 are as far apart as can be', () => {
    expect(cramerVonMises(of(1, 2, 3, 4), of(5, 6, 7, 8))).toEqual({
      statistic: expect.closeTo(0.6875, 12),
      pValue: expect.closeTo(2 / 70, 12),
      method: 'exact',
    })
    expect(cramerVonMises(of(...Array(21).keys()), of(1.5, 2.5))?.method).toBe('asymptotic')
  })

  it('keeps its digits at a million values, where the rank sums of its definition would not', () => {
    const n = 300_000
    const a = Float64Array.from({ length: n }, (_, i) => 2 * i)
    const b = a.map((value) => value + 1)
    // Alternating: gaps of n after each value of the first sample, 0 after the other's.
    expect(cramerVonMises(a, b)?.statistic).toBeCloseTo(n / (4 * n * n), 15)
  })
})

describe('ties', () => {
  it('of a column that takes few values do not make samples of different sizes differ', () => {
    // The same shares in both: scipy.stats.cramervonmises_2samp(a, b).pvalue is 2e-8 here.
    const a = Float64Array.from({ length: 3000 }, (_, i) => i % 5).sort()
    const b = Float64Array.from({ length: 300 }, (_, i) => i % 5).sort()
    expect(cramerVonMises(a, b)).toEqual({ statistic: 0, pValue: 1, method: 'tied' })
    expect(andersonDarling(a, b)?.pValue).toBeGreaterThan(0.75)
  })

  it('of a column of two values leave the test of two shares', () => {
    const a = filled(3000, 0).fill(1, 1500)
    const b = filled(300, 0).fill(1, 130)
    // Pearson's chi-square of 1500 of 3000 against 170 of 300 has p 0.0279.
    expect(andersonDarling(a, b)?.pValue).toBeCloseTo(0.028, 2)
    expect(cramerVonMises(a, b)?.pValue).toBeCloseTo(0.028, 2)
  })

  it('that are rare leave scipy as it is', () => {
    const a = Float64Array.from({ length: 200 }, (_, i) => i)
    const b = Float64Array.from({ length: 190 }, (_, i) => i + 0.5)
    b[5] = 5
    expect(cramerVonMises(a, b)?.method).toBe('asymptotic')
  })
})

describe('mannWhitney', () => {
  it('is exact for a small sample without ties: 2 of 20 orders', () => {
    expect(mannWhitney(of(1, 2, 3), of(4, 5, 6))).toEqual({
      statistic: 0,
      pValue: expect.closeTo(0.1, 12),
      method: 'exact',
    })
    expect(mannWhitney(of(1, 2, 3), of(3, 5, 6))?.method).toBe('asymptotic')
  })

  it('is exact for one value against many: the chance of its place', () => {
    const many = Float64Array.from({ length: 99 }, (_, i) => i)
    expect(mannWhitney(of(1000), many)?.pValue).toBeCloseTo(2 / 100, 12)
    expect(mannWhitney(of(49.5), many)?.pValue).toBe(1)
  })

  it('has its full variance where nearly everything is tied', () => {
    const zeros = filled(100_000, 0)
    const some = filled(100_000, 0)
    some.fill(1, 99_000)
    // Against the normal law of a difference of shares, which this is: z² = N chi² / (N - 1).
    expect(mannWhitney(zeros, some)?.pValue).toBeLessThan(1e-200)
    some.fill(0, 99_000, 99_998)
    const pValue = mannWhitney(zeros, some)?.pValue ?? 0
    expect(pValue).toBeCloseTo(0.1573, 2)
  })
})

const NUMERIC = [
  ['anderson-darling', andersonDarling],
  ['cramer-von-mises', cramerVonMises],
  ['mann-whitney', mannWhitney],
  ['t-test', welchTest],
  ['epps-singleton', eppsSingleton],
] as const

describe.each(NUMERIC)('%s', (_, test) => {
  it('has no answer when a sample is empty', () => {
    expect(test(NONE, of(1, 2, 3, 4, 5))).toBeUndefined()
    expect(test(of(1, 2, 3, 4, 5), NONE)).toBeUndefined()
    expect(test(NONE, NONE)).toBeUndefined()
  })

  it('never says NaN or a p-value outside 0..1 for the largest and the smallest numbers', () => {
    const huge = of(-1.7e308, -1e308, -5, 0, 3, 1e308, 1.7e308)
    const tiny = of(-5e-324, 0, 0, 5e-324, 1e-320, 2e-310, 1e-300)
    for (const [a, b] of [
      [huge, huge],
      [huge, tiny],
      [tiny, tiny.map((value) => -value).sort()],
      [of(1), of(2)],
      [of(1), huge],
    ] as const) {
      const found = test(a, b)
      if (found === undefined) continue
      expect(found.statistic).not.toBeNaN()
      expect(found.pValue).toBeGreaterThanOrEqual(0)
      expect(found.pValue).toBeLessThanOrEqual(1)
    }
  })
})

describe('constant samples', () => {
  it('that are equal have not changed', () => {
    for (const [name, test] of NUMERIC) {
      if (name === 'epps-singleton') continue
      expect([name, test(filled(40, 3), filled(50, 3))?.pValue]).toEqual([name, 1])
    }
    expect(eppsSingleton(filled(40, 3), filled(50, 3))).toBeUndefined()
    expect(energyDistance(filled(40, 3), filled(50, 3))).toBe(0)
  })

  it('that differ are as different as can be', () => {
    for (const test of [andersonDarling, cramerVonMises, mannWhitney]) {
      expect(test(filled(40, 3), filled(50, 4))?.pValue).toBeLessThan(1e-8)
    }
    expect(welchTest(filled(40, 3), filled(50, 4))).toMatchObject({
      statistic: Number.NEGATIVE_INFINITY,
      pValue: 0,
    })
  })
})

describe('welchTest', () => {
  it('is the same in any unit, of 1e-300 or 1e300 too', () => {
    const a = of(1, 2, 4, 8, 9)
    const b = of(2, 6, 7, 11)
    const expected = welchTest(a, b)
    for (const unit of [1e-300, 1e-150, 1e150, 1e300]) {
      const found = welchTest(
        a.map((x) => x * unit),
        b.map((x) => x * unit),
      )
      expect(found?.statistic).toBeCloseTo(expected?.statistic ?? Number.NaN, 10)
      expect(found?.pValue).toBeCloseTo(expected?.pValue ?? Number.NaN, 10)
    }
  })
})

describe('energyDistance', () => {
  it('is finite between the two ends of the numbers, and undefined for an empty sample', () => {
    // sqrt(2 * distance) for two points.
    const far = energyDistance(of(-1e308), of(1e308)) ?? Number.NaN
    expect(relativeError(far, 2 * Math.sqrt(1e308))).toBeLessThan(1e-12)
    expect(energyDistance(NONE, of(1))).toBeUndefined()
    expect(energyDistance(of(1), NONE)).toBeUndefined()
  })
})

describe('eppsSingleton', () => {
  it('has no answer below five values or without spread between the quartiles', () => {
    expect(eppsSingleton(of(1, 2, 3, 4), of(1, 2, 3, 4, 5))).toBeUndefined()
    expect(eppsSingleton(filled(9, 1), of(1, 1, 1, 1, 1, 2))).toBeUndefined()
  })

  it('has as many degrees of freedom as two-valued samples leave', () => {
    const a = of(0, 0, 0, 0, 1, 1, 1, 1)
    const found = eppsSingleton(a, of(0, 0, 0, 1, 1, 1, 1, 1))
    expect(found?.degreesOfFreedom).toBe(1)
  })

  it('does not lose its digits far from 0', () => {
    const a = Float64Array.from({ length: 50 }, (_, i) => i + (i % 7))
    const b = Float64Array.from({ length: 60 }, (_, i) => i + (i % 5))
    const near = eppsSingleton(a.slice().sort(), b.slice().sort())
    const shifted = (values: Float64Array) => values.map((x) => x + 2 ** 40).sort()
    const far = eppsSingleton(shifted(a), shifted(b))
    expect(far?.statistic).toBeCloseTo(near?.statistic ?? Number.NaN, 8)
  })
})

describe('pooledQuantile', () => {
  it('is the quantile of both samples merged', () => {
    for (const row of twoSampleReference.numeric) {
      const a = recipeSample(row.reference)
      const b = recipeSample(row.current)
      const merged = Float64Array.from([...a, ...b]).sort()
      for (const q of [0, 0.25, 0.5, 0.75, 1]) {
        expect(pooledQuantile(a, b, q)).toBeCloseTo(quantileSorted(merged, q) ?? Number.NaN, 6)
      }
    }
    expect(pooledQuantile(NONE, NONE, 0.5)).toBeNaN()
    expect(pooledQuantile(NONE, of(1, 3), 0.5)).toBe(2)
  })
})
