import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { compareSorted } from '../../../../src/domain/stats/compare-sorted.js'
import { ksOfGap, ksTwoSample } from '../../../../src/domain/stats/ks.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import { smallestTie, type TiedRun, tiedRuns } from '../../../../src/domain/stats/tied-runs.js'
import reference from '../../../reference/stats/ks-ties.json' with { type: 'json' }

function pValues(a: Float64Array, b: Float64Array): { usual: number; tied: number } {
  const gap = compareSorted(a, b)?.gap
  if (gap === undefined) throw new TypeError('both samples have values')
  const ties = tiedRuns(a, b)
  return {
    usual: ksOfGap(a.length, b.length, gap).pValue,
    tied: ksOfGap(a.length, b.length, { ...gap, ties }).pValue,
  }
}

const sorted = (values: Iterable<number>) => Float64Array.from(values).sort()

describe('the p-value of a largest difference with ties', () => {
  it.each(reference.cases.map((one) => [one.a.length, one.b.length, one] as const))(
    'of %i and %i values is that of all orders in which they could have come',
    (_n, _m, { a, b, exact, scipyWithoutTies }) => {
      const found = pValues(sorted(a), sorted(b))
      expect(Math.abs(found.tied / exact - 1)).toBeLessThan(1e-9)
      expect(Math.abs(found.usual / scipyWithoutTies - 1)).toBeLessThan(1e-9)
    },
  )

  it('is the usual one where all values differ, and never over it', () => {
    const values = fc.array(fc.integer({ min: 0, max: 12 }), { minLength: 1, maxLength: 25 })
    fc.assert(
      fc.property(values, values, (left, right) => {
        const { usual, tied } = pValues(sorted(left), sorted(right))
        return tied <= usual && tied >= 0
      }),
    )
    const [a, b] = [sorted([1, 3, 5, 8]), sorted([2, 4, 9])]
    expect(pValues(a, b).tied).toBe(ksTwoSample(a, b)?.pValue)
  })

  it('takes 0 and -0 for one value', () => {
    expect(tiedRuns(Float64Array.of(-0, 1), Float64Array.of(0, 2))).toEqual([{ from: 0, to: 2 }])
  })
})

describe('runs of equal values of more than 10,000', () => {
  it('count from one in 200 of both samples on, wherever they lie, and no smaller one does', () => {
    const random = createRandom(4)
    const unequal = (size: number) => Array.from({ length: size }, () => random.next())
    const many = (value: number, size: number) => Array<number>(size).fill(value)
    const a = sorted([...unequal(7710), ...many(0.25, 50), ...many(0.5, 61), ...many(0.75, 179)])
    const b = sorted([...unequal(8030), ...many(0.25, 30), ...many(0.5, 29), ...many(2, 81)])
    const sizes = (of: readonly TiedRun[]) => of.map(({ from, to }) => to - from)
    expect(smallestTie(a.length + b.length)).toBe(81)
    expect(sizes(tiedRuns(a, b))).toEqual([90, 179, 81])
    expect(tiedRuns(a, b).at(-1)).toEqual({ from: 16_089, to: 16_170 })
  })
})

const zeros = (random: RandomSource, size: number, share: number) =>
  sorted(
    Array.from({ length: size }, () => (random.next() < share ? 0 : -Math.log(1 - random.next()))),
  )

/** In how many of the runs each p-value is under the level. */
function rates(
  seed: number,
  {
    sizes,
    shares,
    runs,
    level,
  }: { sizes: number[]; shares: number[]; runs: number; level: number },
) {
  const random = createRandom(seed)
  const [n = 0, m = 0] = sizes
  const [before = 0, now = 0] = shares
  const found = Array.from({ length: runs }, () =>
    pValues(zeros(random, n, before), zeros(random, m, now)),
  )
  return {
    usual: found.filter(({ usual }) => usual < level).length / runs,
    tied: found.filter(({ tied }) => tied < level).length / runs,
  }
}

describe('false alarms and power where nine of ten values are zeros', () => {
  it('as many alarms as the level says, where the usual law has none', () => {
    const runs = 1000
    const none = rates(1, { sizes: [60, 200], shares: [0.9, 0.9], runs, level: 0.2 })
    expect(none.usual).toBeLessThan(0.02)
    expect(none.tied).toBeGreaterThan(0.14)
    expect(none.tied).toBeLessThan(0.2 + 3 * Math.sqrt(0.16 / runs))
  })

  it('finds what the usual law does not', () => {
    const found = rates(2, { sizes: [60, 200], shares: [0.9, 0.72], runs: 300, level: 0.05 })
    expect(found.usual).toBeLessThan(0.5)
    expect(found.tied).toBeGreaterThan(0.75)
  })

  it('of so many values that a likeness is taken, as much', () => {
    const none = rates(3, { sizes: [20_000, 12_000], shares: [0.9, 0.9], runs: 60, level: 0.3 })
    expect(none.tied).toBeGreaterThan(0.1)
    expect(none.tied).toBeLessThan(0.3 + 3 * Math.sqrt(0.21 / 60))
  })
})
