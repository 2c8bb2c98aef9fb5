import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { chiSquareTwoSample } from '../../../../src/domain/stats/chi-square.js'
import { hellingerDistance } from '../../../../src/domain/stats/hellinger.js'
import { jensenShannonDistance } from '../../../../src/domain/stats/jensen-shannon.js'
import { populationStabilityIndex } from '../../../../src/domain/stats/psi.js'
import { binCounts, decileEdges, quantileSorted } from '../../../../src/domain/stats/quantile.js'
import type { CellCounts } from '../../../../src/domain/stats/shares.js'
import { totalVariationDistance } from '../../../../src/domain/stats/total-variation.js'
import {
  normalisedWasserstein,
  wassersteinDistance,
} from '../../../../src/domain/stats/wasserstein.js'

const counts = (reference: number[], current: number[]): CellCounts => ({
  reference: Float64Array.from(reference),
  current: Float64Array.from(current),
})
const distances = [
  ['psi', populationStabilityIndex],
  ['jensen-shannon', jensenShannonDistance],
  ['hellinger', hellingerDistance],
  ['total-variation', totalVariationDistance],
] as const

describe.each(distances)('%s', (name, distance) => {
  it('is undefined when a sample is empty, and 0 for equal shares', () => {
    expect(distance(counts([0, 0], [1, 2]))).toBeUndefined()
    expect(distance(counts([], []))).toBeUndefined()
    expect(distance(counts([2, 4], [1, 2]))).toBeCloseTo(0, 7)
  })

  it('is symmetric and not negative', () => {
    const cells = fc.array(fc.nat(50), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(cells, cells, (a, b) => {
        fc.pre(a.some((x) => x > 0) && b.some((x) => x > 0))
        const forth = distance(counts(a, b)) ?? Number.NaN
        expect(forth).toBeGreaterThanOrEqual(0)
        expect(distance(counts(b, a))).toBeCloseTo(forth, 10)
      }),
      { numRuns: 200, seed: 11 },
    )
  })

  it('is 1 for samples with nothing in common (psi: what the floor of 1e-4 allows)', () => {
    const floored = 2 * (1 - 1e-4) * Math.log(1e4)
    expect(distance(counts([5, 0], [0, 9]))).toBeCloseTo(name === 'psi' ? floored : 1, 10)
  })
})

describe('chiSquareTwoSample', () => {
  it('is 0 with p 1 for one category, and ignores cells that neither sample has', () => {
    expect(chiSquareTwoSample(counts([7], [9]))).toEqual({
      statistic: 0,
      degreesOfFreedom: 0,
      pValue: 1,
    })
    expect(chiSquareTwoSample(counts([7, 0, 2], [9, 0, 1]))?.degreesOfFreedom).toBe(1)
  })

  it('has no answer for an empty sample', () => {
    expect(chiSquareTwoSample(counts([0, 0], [1, 2]))).toBeUndefined()
  })
})

describe('the Wasserstein distance', () => {
  it('is the shift when a sample is shifted, and scales with the unit', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), (some, shift) => {
        const a = Float64Array.from(some).sort()
        const b = a.map((x) => x + shift)
        expect(wassersteinDistance(a, b)).toBeCloseTo(shift, 9)
        const scaled = wassersteinDistance(
          a.map((x) => 3 * x),
          b.map((x) => 3 * x),
        )
        expect(scaled).toBeCloseTo(3 * shift, 9)
      }),
      { numRuns: 200, seed: 13 },
    )
  })

  it('is undefined for an empty sample', () => {
    expect(wassersteinDistance(new Float64Array(0), Float64Array.of(1))).toBeUndefined()
    expect(normalisedWasserstein(Float64Array.of(1), new Float64Array(0))).toBeUndefined()
  })

  it('is measured in population standard deviations of the reference', () => {
    // Standard deviation with divisor n: 2.
    const reference = Float64Array.of(2, 4, 4, 4, 5, 5, 7, 9)
    expect(
      normalisedWasserstein(
        reference,
        reference.map((x) => x + 1),
      ),
    ).toBeCloseTo(0.5, 12)
  })

  it('has a value where squares overflow, and not no distance', () => {
    const huge = Float64Array.of(-1e308, 1, 1e308)
    expect(normalisedWasserstein(huge, Float64Array.of(1, 2, 3))).toBeCloseTo(Math.sqrt(2 / 3), 12)
    expect(normalisedWasserstein(huge, huge)).toBe(0)
  })

  it('of a constant reference is measured in deviations of both samples together', () => {
    const constant = new Float64Array(10).fill(0.1)
    expect(normalisedWasserstein(constant, constant)).toBe(0)
    expect(normalisedWasserstein(constant, new Float64Array(10).fill(1.1))).toBeCloseTo(2, 12)
  })
})

describe('quantiles and bins', () => {
  it('quantileSorted interpolates linearly and is undefined without values', () => {
    expect(quantileSorted(Float64Array.of(1, 2, 3, 4), 0.5)).toBe(2.5)
    expect(quantileSorted(Float64Array.of(1, 2, 3, 4), 0)).toBe(1)
    expect(quantileSorted(Float64Array.of(1, 2, 3, 4), 1)).toBe(4)
    expect(quantileSorted(new Float64Array(0), 0.5)).toBeUndefined()
  })

  it('a decile that falls on a value is that value, for every sample size', () => {
    for (let n = 11; n < 5000; n += 10) {
      const sorted = Float64Array.from({ length: n }, (_, i) => i * 0.1)
      const edges = decileEdges(sorted)
      const own = binCounts(sorted, edges)
      expect(own[0]).toBe((n - 1) / 10 + 1)
      expect([...own.subarray(1)]).toEqual(new Array(9).fill((n - 1) / 10))
    }
  })

  it('bins are open at the left, closed at the right, and the outer ones have no end', () => {
    const edges = Float64Array.of(1, 2)
    expect([...binCounts(Float64Array.of(-1e9, 1, 1.5, 2, 2.1, 1e9), edges)]).toEqual([2, 2, 2])
  })

  it('drops duplicate deciles', () => {
    expect([...decileEdges(Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 5))]).toHaveLength(2)
    expect([...decileEdges(new Float64Array(9).fill(3))]).toEqual([3])
    expect(decileEdges(new Float64Array(0))).toHaveLength(0)
  })
})
