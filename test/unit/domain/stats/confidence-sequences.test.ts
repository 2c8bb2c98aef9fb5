import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBoundedMeanSequence } from '../../../../src/domain/stats/betting-mean.js'
import { normalMixtureInterval } from '../../../../src/domain/stats/normal-mixture-interval.js'
import { quantileInterval, quantileTest } from '../../../../src/domain/stats/quantile-sequence.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { atMost } from './canary-simulation.js'

interface Options {
  readonly quantile: number
  readonly alpha: number
  readonly sharpestAt: number
}

/** confseq 0.0.11: test/reference/rollout/confidence-sequence.py. */
const reference: {
  readonly means: readonly {
    readonly values: readonly number[]
    readonly alpha: number
    readonly low: number
    readonly high: number
  }[]
  readonly bounds: readonly (Options & { n: number; up: number; down: number })[]
  readonly tests: readonly (Options & {
    readonly one: readonly number[]
    readonly other: readonly number[]
    readonly pValue: number
  })[]
  readonly normal: readonly {
    readonly n: number
    readonly deviation: number
    readonly alpha: number
    readonly sharpestAt: number
    readonly radius: number
  }[]
} = JSON.parse(
  readFileSync(
    new URL('../../../reference/rollout/confidence-sequence.json', import.meta.url),
    'utf8',
  ),
)

const sorted = (values: readonly number[]) => Float64Array.from(values).sort()

const meanOf = (values: readonly number[], alpha = 0.05) => {
  const sequence = createBoundedMeanSequence(alpha)
  for (const value of values) sequence.update(value)
  return sequence.interval()
}

describe('the mean of bounded values by betting', () => {
  it.each(reference.means)('is as confseq has it (case %#)', ({ values, alpha, low, high }) => {
    const found = meanOf(values, alpha)
    expect(found?.low).toBeCloseTo(low, 9)
    expect(found?.high).toBeCloseTo(high, 9)
  })

  it('holds at all looks together', () => {
    const random = createRandom(6)
    const runs = 25
    let left = 0
    for (let run = 0; run < runs; run++) {
      const sequence = createBoundedMeanSequence(0.1)
      for (let t = 1; t <= 40; t++) {
        sequence.update(random.next() < 0.2 ? 1 : 0)
        if (t % 10 !== 0) continue
        const { low, high } = sequence.interval() ?? { low: 0, high: 1 }
        if (low <= 0.2 && high >= 0.2) continue
        left += 1
        break
      }
    }
    expect(left / runs).toBeLessThanOrEqual(atMost(0.1, runs))
  })

  it('is the mirror image for mirrored values, and knows nothing without any', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 16 }), { minLength: 1, maxLength: 20 }),
        (sixteenths) => {
          const values = sixteenths.map((value) => value / 16)
          const found = meanOf(values)
          const mirrored = meanOf(values.map((value) => 1 - value))
          // A border case of rounding may move an end by one step of the grid.
          expect(Math.abs((found?.low ?? 0) - (1 - (mirrored?.high ?? 0)))).toBeLessThan(0.0011)
          expect(found?.low).toBeLessThanOrEqual(found?.estimate ?? 0)
          expect(found?.high).toBeGreaterThanOrEqual(found?.estimate ?? 1)
        },
      ),
      { numRuns: 20 },
    )
    expect(meanOf([])).toBeUndefined()
    expect(() => meanOf([1.01])).toThrow(RangeError)
    expect(() => meanOf([Number.NaN])).toThrow(RangeError)
    expect(() => createBoundedMeanSequence(0)).toThrow(RangeError)
  })
})

describe('a quantile at every look', () => {
  it.each(reference.bounds)(
    'is bounded by the ranks that confseq gives (case %#)',
    ({ n, quantile, alpha, sharpestAt, up, down }) => {
      const ranks = Float64Array.from({ length: n }, (_, i) => i + 1)
      const found = quantileInterval(ranks, { quantile, alpha, sharpestAt })
      const highest = Math.ceil(n * quantile + up - 1e-6)
      const lowest = Math.floor(n * quantile - down + 1e-6)
      const noHigh = found?.high === Number.POSITIVE_INFINITY
      expect(noHigh ? highest : found?.high).toBe(highest)
      if (noHigh) expect(highest).toBeGreaterThanOrEqual(n)
      expect(found?.low).toBe(lowest < 0 ? Number.NEGATIVE_INFINITY : lowest + 1)
    },
  )

  it('holds at all looks together, also where values repeat', () => {
    const random = createRandom(2)
    const runs = 200
    let left = 0
    for (let run = 0; run < runs; run++) {
      const values: number[] = []
      for (let t = 1; t <= 200; t++) {
        values.push(Math.floor(10 * random.next()))
        if (t % 10 !== 0) continue
        const options = { quantile: 0.75, alpha: 0.1, sharpestAt: 100 }
        const { low, high } = quantileInterval(sorted(values), options) ?? { low: 0, high: 9 }
        if (low <= 7 && high >= 7) continue
        left += 1
        break
      }
    }
    expect(left / runs).toBeLessThanOrEqual(atMost(0.1, runs))
  })

  it('is unbounded by few values, and unknown without any', () => {
    const options = { quantile: 0.99, alpha: 0.05, sharpestAt: 100 }
    expect(quantileInterval([], options)).toBeUndefined()
    expect(quantileInterval([3], options)).toMatchObject({ estimate: 3, high: Infinity })
    expect(() => quantileInterval([3], { ...options, quantile: 1 })).toThrow(RangeError)
    expect(() => quantileInterval([3], { ...options, alpha: 1 })).toThrow(RangeError)
    expect(() => quantileInterval([3], { ...options, sharpestAt: 0 })).toThrow(RangeError)
  })
})

describe('two samples with the same quantile', () => {
  it.each(reference.tests)('have the p-value of confseq (case %#)', ({ one, other, ...given }) => {
    const found = quantileTest(sorted(one), sorted(other), given)
    expect(Math.log(found)).toBeCloseTo(Math.log(given.pValue), 5)
    expect(quantileTest(sorted(other), sorted(one), given)).toBeCloseTo(found, 9)
  })

  it('are told apart at any look seldom', () => {
    const random = createRandom(9)
    const runs = 60
    let told = 0
    for (let run = 0; run < runs; run++) {
      const samples: [number[], number[]] = [[], []]
      for (let t = 1; t <= 80; t++) {
        for (const sample of samples) sample.push(random.next())
        if (t % 20 !== 0) continue
        const options = { quantile: 0.5, alpha: 0.1, sharpestAt: 100 }
        if (quantileTest(sorted(samples[0]), sorted(samples[1]), options) > 0.1) continue
        told += 1
        break
      }
    }
    expect(told / runs).toBeLessThanOrEqual(atMost(0.1, runs))
  })

  it('are not told apart without values', () => {
    expect(quantileTest([], [1], { quantile: 0.5, alpha: 0.05, sharpestAt: 10 })).toBe(1)
  })
})

describe('a mean by the normal mixture', () => {
  it.each(reference.normal)('has the radius of confseq (case %#)', ({ n, radius, ...given }) => {
    const found = normalMixtureInterval(new Float64Array(n).fill(3), given)
    expect(found?.estimate).toBe(3)
    expect((found?.high ?? 0) - 3).toBeCloseTo(radius, 9)
    expect(3 - (found?.low ?? 0)).toBeCloseTo(radius, 9)
  })

  it('estimates the deviation where it is not given, from two values on', () => {
    const given = { alpha: 0.05, sharpestAt: 100 }
    // Sample standard deviation of 1, 2, 3, 4, 5: sqrt(2.5).
    expect(normalMixtureInterval([1, 2, 3, 4, 5], given)).toEqual(
      normalMixtureInterval([1, 2, 3, 4, 5], { ...given, deviation: Math.sqrt(2.5) }),
    )
    expect(normalMixtureInterval([1], given)).toBeUndefined()
    expect(normalMixtureInterval([2, 2], given)).toEqual({ estimate: 2, low: 2, high: 2 })
    expect(() => normalMixtureInterval([1, 2], { ...given, alpha: 2 })).toThrow(RangeError)
    expect(() => normalMixtureInterval([1, 2], { ...given, sharpestAt: 0 })).toThrow(RangeError)
  })
})
