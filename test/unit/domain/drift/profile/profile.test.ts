import { describe, expect, it } from '@jest/globals'
import { inBuckets } from '../../../../../src/domain/drift/profile/buckets.js'
import { expandSummary } from '../../../../../src/domain/drift/profile/expand.js'
import { profileOf, summariesOfProfile } from '../../../../../src/domain/drift/profile/profile.js'
import { summaryOf } from '../../../../../src/domain/drift/profile/summary.js'
import { type ColumnSample, sampleOf } from '../../../../../src/domain/drift/samples.js'
import { ksTwoSample } from '../../../../../src/domain/stats/ks.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { normalisedWasserstein } from '../../../../../src/domain/stats/wasserstein.js'
import { ProfileSchema } from '../../../../../src/statements/schemas/profile.js'

const FACTS = { files: [{ name: 'a.csv', sha256: 'a'.repeat(64) }], rows: 0, minCount: 10 }

function numbers(values: Float64Array, type: 'integer' | 'number' = 'number'): ColumnSample {
  return sampleOf({ kind: 'numeric', name: 'x', type, values, missing: 0 })
}

function texts(cells: readonly string[]): ColumnSample {
  const categories = [...new Set(cells)]
  const codes = Int32Array.from(cells, (cell) => categories.indexOf(cell))
  return sampleOf({ kind: 'categorical', name: 'c', type: 'string', codes, categories, missing: 0 })
}

/** Through JSON, as a file has it. */
function profiled(sample: ColumnSample, minCount = 10): ColumnSample {
  const profile = profileOf([summaryOf(sample)], { ...FACTS, rows: sample.rows, minCount })
  const [summary] = summariesOfProfile(ProfileSchema.parse(JSON.parse(JSON.stringify(profile))))
  if (summary === undefined) throw new Error(`left out: ${profile.omitted[0]?.reason}`)
  return expandSummary(summary)
}

function sortedOf(sample: ColumnSample): Float64Array {
  if (sample.kind !== 'numeric') throw new Error('numbers')
  return sample.sorted
}

function draws(count: number, of: (u: number) => number, seed = 1): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: count }, () => of(random.next()))
}

const shapes: readonly [string, (u: number) => number][] = [
  ['uniform', (u) => u],
  ['lognormal-like', (u) => Math.exp(3 * (u - 0.5) * Math.abs(Math.log(1 - u)))],
  ['with a very heavy tail', (u) => (1 - u) ** -1],
  ['60% zeros', (u) => (u < 0.6 ? 0 : -Math.log((1 - u) / 0.4))],
  ['rounded to ties', (u) => Math.round(u * u * 30_000) / 10],
]

describe('a profile of numbers', () => {
  it.each(shapes)('gives the KS statistic to 1.3e-4 and Wasserstein to 1e-3: %s', (_, of) => {
    const before = numbers(draws(100_000, of))
    const now = draws(30_000, (u) => of(u) * 1.1, 2).sort()
    const stood = profiled(before)
    const [exact, kept] = [sortedOf(before), sortedOf(stood)]
    expect(kept.length).toBe(exact.length)
    expect(ksTwoSample(exact, kept)?.statistic).toBeLessThan(1.3e-4)
    const gap = (sorted: Float64Array) => ksTwoSample(sorted, now)?.statistic ?? 0
    expect(Math.abs(gap(exact) - gap(kept))).toBeLessThan(1.3e-4)
    const moved = (sorted: Float64Array) => normalisedWasserstein(sorted, now) ?? 0
    expect(Math.abs(moved(exact) - moved(kept))).toBeLessThan(1e-3)
  })

  it('states how far ranks may be off, and is not further off', () => {
    const before = numbers(
      draws(100_000, (u) => Math.round(u * 40_000)),
      'integer',
    )
    const stood = profiled(before)
    if (stood.kind !== 'numeric') throw new Error('numbers')
    expect(stood.rankError).toBeGreaterThan(0)
    expect(stood.rankError).toBeLessThanOrEqual(1 / 8000)
    expect(ksTwoSample(sortedOf(before), stood.sorted)?.statistic).toBeLessThanOrEqual(
      stood.rankError,
    )
    expect(stood.sorted.every(Number.isInteger)).toBe(true)
  })

  it('is exact up to 10,000 distinct values', () => {
    const before = numbers(draws(50_000, (u) => Math.floor(u * 10_000)))
    const stood = profiled(before)
    expect(sortedOf(stood)).toEqual(sortedOf(before))
    expect(stood).toMatchObject({ rankError: 0, allDiffer: false })
  })

  it('knows of a column that no value came twice, though its buckets hold many', () => {
    const stood = profiled(
      numbers(
        Float64Array.from({ length: 20_000 }, (_, i) => i),
        'integer',
      ),
    )
    expect(stood).toMatchObject({ allDiffer: true })
  })

  it('holds the largest doubles', () => {
    const ends = draws(20_000, (u) => (u - 0.5) * Number.MAX_VALUE * 2)
    const stood = profiled(numbers(ends))
    expect(sortedOf(stood).every(Number.isFinite)).toBe(true)
    expect(sortedOf(stood)[0]).toBe(ends.sort()[0])
  })

  it('of no values has none', () => {
    expect(sortedOf(profiled(numbers(Float64Array.of(Number.NaN))))).toHaveLength(0)
  })

  it('has at most twice as many buckets as are asked for', () => {
    const summary = summaryOf(numbers(draws(200_000, (u) => Math.round(u * 15_000))))
    if (summary.kind !== 'numeric') throw new Error('numbers')
    expect(inBuckets(summary).ends.length).toBeLessThan(16_300)
  })
})

describe('infinities', () => {
  const cells = Float64Array.of(Infinity, -Infinity, 1, -Infinity, 2)

  it('keep their signs in a profile', () => {
    expect(profiled(numbers(cells))).toMatchObject({ infinities: 3, negativeInfinities: 2 })
  })

  it('have no known sign in a profile that does not say it', () => {
    const sample = { ...numbers(cells), negativeInfinities: undefined }
    expect(profiled(sample)).toMatchObject({ infinities: 3 })
    expect(profiled(sample)).not.toHaveProperty('negativeInfinities')
  })

  it('are refused where more are negative than there are', () => {
    const profile = profileOf([summaryOf(numbers(cells))], { ...FACTS, rows: 5 })
    const columns = profile.columns.map((column) => ({ ...column, negativeInfinities: 4 }))
    expect(ProfileSchema.safeParse({ ...profile, columns }).success).toBe(false)
    expect(ProfileSchema.safeParse(profile).success).toBe(true)
  })
})

describe('a summary of more values than are compared', () => {
  it('is thinned evenly, and says so', () => {
    const summary = summaryOf(numbers(draws(10_000, (u) => u)))
    const thin = expandSummary(summary, 1000)
    if (thin.kind !== 'numeric') throw new Error('numbers')
    expect(thin.sorted).toHaveLength(1000)
    expect(thin.rankError).toBe(1 / 1000)
    const all = sortedOf(expandSummary(summary))
    expect(ksTwoSample(all, thin.sorted)?.statistic).toBeLessThanOrEqual(thin.rankError)
  })
})

describe('a profile of categories', () => {
  it('counts them exactly, and pools those of few rows', () => {
    const cells = [...Array(30).fill('a'), ...Array(10).fill('b'), 'c', 'd', 'd']
    expect(profiled(texts(cells))).toMatchObject({
      categories: ['a', 'b'],
      counts: Float64Array.of(30, 10),
      others: 3,
      rows: 43,
    })
    expect(profiled(texts(cells), 1)).toMatchObject({ others: 0, categories: ['a', 'b', 'd', 'c'] })
  })

  it('leaves out free text, identifiers, and what is mostly rare', () => {
    const omitted = (cells: readonly string[]) =>
      profileOf([summaryOf(texts(cells))], { ...FACTS, rows: cells.length }).omitted
    const times = <T>(of: (i: number) => T) => Array.from({ length: 200 }, (_, i) => of(i))
    expect(omitted(times((i) => `the parcel number ${i} came late and was broken`))).toEqual([
      { name: 'c', reason: 'free text is not kept in a profile' },
    ])
    expect(omitted(times((i) => `person${i}@example.org`))[0]?.reason).toMatch('identifiers')
    expect(omitted(times((i) => `Name${i % 90}`))[0]?.reason).toMatch('fewer than 10 rows')
  })
})

describe('a profile of times', () => {
  const times = sampleOf({
    kind: 'numeric',
    name: 'at',
    type: 'timestamp',
    values: Float64Array.from({ length: 100 }, (_, i) =>
      i % 4 === 0 ? Number.NaN : i * 86_400_000,
    ),
    missing: 25,
  })
  const facts = { ...FACTS, rows: 100 }

  it('has how many are missing, and no value', () => {
    const profile = profileOf([summaryOf(times)], facts)
    expect(profile.columns[0]).toMatchObject({
      ...{ type: 'timestamp', rows: 100, missing: 25, mean: null, deviation: null },
      ...{ ends: [], counts: [], allDiffer: false },
    })
    expect(profiled(times)).toMatchObject({ rows: 100, missing: 25, sorted: new Float64Array(0) })
  })

  it('has the values of those that are compared by name', () => {
    const profile = profileOf([summaryOf(times)], { ...facts, times: new Set(['at']) })
    expect(profile).not.toHaveProperty('times')
    expect(ProfileSchema.parse(profile).columns[0]).toMatchObject({ counts: Array(75).fill(1) })
  })

  it('has those addresses neither that come back', () => {
    const mails = texts(Array.from({ length: 2000 }, (_, i) => `u${i % 40}@example.com`))
    const profile = profileOf([summaryOf(mails)], { ...FACTS, rows: 2000 })
    expect(profile.omitted).toEqual([
      { name: 'c', reason: 'identifiers are not kept in a profile' },
    ])
  })
})
