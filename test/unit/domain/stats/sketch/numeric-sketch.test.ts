import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { deviationOfMoments } from '../../../../../src/domain/stats/sketch/moments.js'
import {
  NumericSketch,
  type SketchedNumbers,
} from '../../../../../src/domain/stats/sketch/numeric-sketch.js'
import { sortFinite } from '../../../../../src/domain/stats/sort.js'

const { floor, log } = Math

function sketched(parts: readonly Float64Array[], k: number, seed = 1): SketchedNumbers {
  const sketch = new NumericSketch({ k, random: createRandom(seed) })
  for (const part of parts) sketch.add(part)
  return sketch.finish()
}

function draws(count: number, seed: number, of: (u: number) => number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: count }, () => of(random.next()))
}

/** The largest difference of the two distribution functions, over all values. */
function rankErrorOf(values: Float64Array, { values: kept, counts }: SketchedNumbers): number {
  const { sorted } = sortFinite(values)
  let worst = 0
  let at = 0
  let before = 0
  for (let i = 0; i < sorted.length; i++) {
    if (sorted[i] === sorted[i + 1]) continue
    while (at < kept.length && (kept[at] ?? 0) <= (sorted[i] ?? 0)) before += counts[at++] ?? 0
    const off = i + 1 - before
    if (off > worst) worst = off
    if (-off > worst) worst = -off
  }
  return worst / sorted.length
}

const total = (counts: Float64Array) => counts.reduce((sum, count) => sum + count, 0)

it('a sketch has the deviation of values far from zero', () => {
  const shape = Array.from({ length: 3000 }, (_, i) => ((i * 37) % 16) / 8)
  const at = (origin: number) => {
    const values = Float64Array.from(shape, (value) => origin + value)
    return deviationOfMoments(sketched([values], 64).moments)
  }
  expect(at(1e15)).toBeCloseTo(at(0), 13)
})

it('a sketch counts infinities by their sign, of all parts', () => {
  const parts = [Float64Array.of(1, -Infinity, Infinity), Float64Array.of(-Infinity, 2)]
  expect(sketched(parts, 64)).toMatchObject({ infinities: 3, negativeInfinities: 2 })
})

describe('a sketch of numbers', () => {
  it('keeps every value and its count up to 65,536 distinct ones', () => {
    const values = draws(200_000, 1, (u) => floor(u * 60_000))
    const found = sketched([values], 4096)
    expect(found.rankError).toBe(0)
    expect(rankErrorOf(values, found)).toBe(0)
  })

  it('stays within the error that it states, in less than a twentieth of the values', () => {
    for (const seed of [1, 2, 3]) {
      const values = draws(300_000, seed, (u) => -log(1 - u))
      const found = sketched([values], 4096, seed)
      expect(found.rankError).toBeGreaterThan(0)
      expect(found.rankError).toBeLessThan(0.005)
      expect(rankErrorOf(values, found)).toBeLessThan(found.rankError)
      expect(found.values.length).toBeLessThan(15_000)
      expect(total(found.counts)).toBe(300_000)
    }
  })

  it('stays within the error for values that come sorted, as identifiers and times do', () => {
    const values = Float64Array.from({ length: 250_000 }, (_, i) => i)
    const found = sketched([values], 4096)
    expect(rankErrorOf(values, found)).toBeLessThan(found.rankError)
    expect(found.allDiffer).toBe(true)
  })

  it('counts a value that most cells have exactly, among others that it cannot count', () => {
    const values = draws(300_000, 7, (u) => (u < 0.6 ? 0 : u))
    const found = sketched([values], 4096)
    const zeros = values.filter((value) => value === 0).length
    expect(found.rankError).toBeGreaterThan(0)
    expect(found.counts[found.values.indexOf(0)]).toBe(zeros)
    expect(found.allDiffer).toBe(false)
  })

  it('keeps rows, missing and infinite cells, ends, mean and spread exactly', () => {
    const values = draws(200_000, 3, (u) => u)
    values[5] = Number.NaN
    values[6] = Number.POSITIVE_INFINITY
    values[7] = -3
    const found = sketched([values.subarray(0, 100_001), values.subarray(100_001)], 4096)
    const { sorted } = sortFinite(values)
    const mean = total(sorted) / sorted.length
    const deviation = Math.sqrt(
      sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / sorted.length,
    )
    expect(found).toMatchObject({ rows: 200_000, missing: 1, infinities: 1 })
    expect(found.values[0]).toBe(-3)
    expect(found.values.at(-1)).toBe(sorted.at(-1))
    expect(found.moments.mean).toBeCloseTo(mean, 12)
    expect(deviationOfMoments(found.moments)).toBeCloseTo(deviation, 12)
  })

  it('of parts that were merged, is as good as of the whole', () => {
    const values = draws(300_000, 11, (u) => (u < 0.2 ? 1 : u * u))
    const sketches = [0, 1, 2].map((part) => {
      const sketch = new NumericSketch({ k: 4096, random: createRandom(part) })
      sketch.add(values.subarray(part * 100_000, (part + 1) * 100_000))
      return sketch
    })
    const [first, ...others] = sketches
    for (const other of others) first?.merge(other)
    const found = first?.finish()
    if (found === undefined) throw new Error('there are three')
    expect(total(found.counts)).toBe(300_000)
    expect(rankErrorOf(values, found)).toBeLessThan(found.rankError)
    expect(found.moments.count).toBe(300_000)
  })

  it('is the same from the same seed', () => {
    const values = draws(150_000, 5, (u) => u)
    const text = (seed: number) => sketched([values], 4096, seed).values.join()
    const [once, again, other] = [9, 9, 10].map(text)
    // Compared as a whole: a difference of so many lines would take minutes to write.
    expect(once === again).toBe(true)
    expect(once === other).toBe(false)
  })

  it('holds whatever numbers there are', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (cells) => {
        const found = sketched([Float64Array.from(cells)], 4096)
        const finite = cells.filter(Number.isFinite)
        const { rows, missing, infinities } = found
        expect(rows - missing - infinities).toBe(finite.length)
        expect(total(found.counts)).toBe(finite.length)
        expect(found.values.length).toBe(new Set(finite).size)
      }),
      { numRuns: 200, seed: 1 },
    )
  })

  it('of no cells is empty', () => {
    expect(sketched([], 4096)).toMatchObject({ rows: 0, rankError: 0, allDiffer: false })
  })
})
