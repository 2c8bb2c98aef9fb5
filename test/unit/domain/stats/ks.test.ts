import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ksTwoSample } from '../../../../src/domain/stats/ks.js'

const sample = (length: number, shift = 0) => Float64Array.from({ length }, (_, i) => i + shift)

/** P(D >= d) by walking every order of n and m distinct values. */
function enumerated(n: number, m: number, d: number): number {
  let all = 0
  let extreme = 0
  const walk = (i: number, j: number, largest: number): void => {
    const here = Math.max(largest, Math.abs(i * m - j * n))
    if (i === n && j === m) {
      all++
      if (here >= d * n * m - 1e-9) extreme++
      return
    }
    if (i < n) walk(i + 1, j, here)
    if (j < m) walk(i, j + 1, here)
  }
  walk(0, 0, 0)
  return extreme / all
}

describe('ksTwoSample', () => {
  it.each([
    [3, 3],
    [4, 6],
    [5, 7],
    [8, 2],
    [1, 9],
  ])('has the exact p-value of all orders of %i and %i values', (n, m) => {
    for (const shift of [-0.5, 0.5, 1.5, 2.5, 20]) {
      const result = ksTwoSample(sample(n), sample(m, shift))
      expect(result?.method).toBe('exact')
      expect(result?.pValue).toBeCloseTo(enumerated(n, m, result?.statistic ?? 0), 12)
    }
  })

  it('is 0 with p 1 for the same sample, ties included', () => {
    const tied = Float64Array.of(1, 1, 2, 2, 2, 3)
    expect(ksTwoSample(tied, tied)).toMatchObject({ statistic: 0, pValue: 1 })
    const large = sample(20_000)
    expect(ksTwoSample(large, large)).toMatchObject({
      statistic: 0,
      pValue: 1,
      method: 'asymptotic',
    })
  })

  it('says where the distribution functions are furthest apart', () => {
    const result = ksTwoSample(Float64Array.of(1, 2, 3, 4), Float64Array.of(3, 4, 5, 6))
    expect(result).toMatchObject({ statistic: 0.5, location: 2 })
  })

  it('takes -0 and 0 as the same value', () => {
    expect(ksTwoSample(Float64Array.of(-0, -0, 1), Float64Array.of(0, 0, 1))?.statistic).toBe(0)
  })

  it('has p exactly 0 where no double is that small, at once', () => {
    expect(ksTwoSample(sample(9_999), sample(10_000, 20_000))).toMatchObject({
      statistic: 1,
      pValue: 0,
    })
  })

  it('has no answer for an empty sample', () => {
    expect(ksTwoSample(new Float64Array(0), sample(3))).toBeUndefined()
    expect(ksTwoSample(sample(3), new Float64Array(0))).toBeUndefined()
  })

  it('does not depend on which sample is the reference, nor on an increasing change of scale', () => {
    const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(values, values, (first, second) => {
        const a = Float64Array.from(first).sort()
        const b = Float64Array.from(second).sort()
        const here = ksTwoSample(a, b)
        const swapped = ksTwoSample(b, a)
        const cubed = ksTwoSample(
          a.map((x) => x ** 3),
          b.map((x) => x ** 3),
        )
        expect(swapped?.statistic).toBe(here?.statistic)
        expect(swapped?.pValue).toBeCloseTo(here?.pValue ?? Number.NaN, 12)
        expect(cubed?.statistic).toBe(here?.statistic)
        expect(here?.pValue).toBeLessThanOrEqual(1)
        expect(here?.pValue).toBeGreaterThan(0)
      }),
      { numRuns: 200, seed: 5 },
    )
  })
})
