import { describe, expect, it } from '@jest/globals'
import { compareColumn } from '../../../../../src/domain/drift/decide.js'
import type { DriftPolicy } from '../../../../../src/domain/drift/policy.js'
import { expandSummary } from '../../../../../src/domain/drift/profile/expand.js'
import { profileOf, summariesOfProfile } from '../../../../../src/domain/drift/profile/profile.js'
import { summaryOf } from '../../../../../src/domain/drift/profile/summary.js'
import { type ColumnSample, sampleOf } from '../../../../../src/domain/drift/samples.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import type { Column } from '../../../../../src/domain/table/column.js'
import { DEFAULT_DRIFT_POLICY, numbers, text } from '../tables.js'

function measured(before: ColumnSample, now: ColumnSample, policy: Partial<DriftPolicy> = {}) {
  const { measured } = compareColumn({ ...DEFAULT_DRIFT_POLICY, ...policy }, before, now)
  if (measured === undefined) throw new Error('they cannot be compared')
  return measured
}

function stoodFor(column: Column, minCount = 10): ColumnSample {
  const sample = sampleOf(column)
  const facts = { files: [], rows: sample.rows, minCount }
  const [summary] = summariesOfProfile(profileOf([summaryOf(sample)], facts))
  if (summary === undefined) throw new Error('it was left out')
  return expandSummary(summary)
}

function withError(column: Column, rankError: number): ColumnSample {
  const sample = sampleOf(column)
  if (sample.kind !== 'numeric') throw new Error('numbers')
  return { ...sample, rankError, allDiffer: false }
}

function draws(count: number, seed: number, shift = 0): Column {
  const random = createRandom(seed)
  return numbers(
    'x',
    Array.from({ length: count }, () => random.next() + random.next() + shift),
  )
}

const repeat = (categories: Readonly<Record<string, number>>) =>
  text(
    'c',
    Object.entries(categories).flatMap(([name, count]) => Array<string>(count).fill(name)),
  )

describe('a comparison of values whose ranks may be off', () => {
  it('is less sure the more they may, and not at all of what the error alone can make', () => {
    const [before, now] = [draws(20_000, 1), draws(20_000, 2, 0.05)]
    const pValue = (error: number) =>
      measured(withError(before, error), sampleOf(now)).significance ?? Number.NaN
    const exact = measured(sampleOf(before), sampleOf(now))
    expect(pValue(0)).toBe(exact.significance)
    expect(pValue(0.001)).toBeGreaterThan(pValue(0))
    expect(pValue(0.01)).toBeGreaterThan(pValue(0.001))
    expect(pValue(0.1)).toBe(1)
  })

  it('keeps the statistic, and gives its distance more noise', () => {
    const [before, now] = [draws(20_000, 1), draws(20_000, 2, 0.05)]
    const exact = measured(sampleOf(before), sampleOf(now))
    const rough = measured(withError(before, 0.02), sampleOf(now))
    expect(rough.outcome?.statistic).toBe(exact.outcome?.statistic)
    expect(rough.distance.value).toBe(exact.distance.value)
    expect(rough.resolution?.floor).toBeGreaterThan(exact.resolution?.floor ?? 1)
    expect(rough.resolution?.detectable).toBeGreaterThan(exact.resolution?.detectable ?? 1)
    expect(rough.distance.corrected).toBeLessThan(exact.distance.corrected ?? 0)
    expect(rough.rankError).toBe(0.02)
  })

  it.each(['mann-whitney', 'anderson-darling', 'cramer-von-mises', 't-test'])(
    'is no surer by %s than by Kolmogorov and Smirnov',
    (test) => {
      const [before, now] = [draws(5_000, 1), draws(5_000, 2, 0.1)]
      const policy = { tests: { numeric: test, categorical: 'chi-square' } }
      const rough = withError(before, 0.2)
      expect(measured(rough, sampleOf(now), policy).significance).toBe(1)
      expect(measured(sampleOf(before), sampleOf(now), policy).significance).toBeLessThan(1e-3)
    },
  )

  it('adds the errors of both samples', () => {
    const column = draws(100, 1)
    expect(measured(withError(column, 0.01), withError(column, 0.02)).rankError).toBeCloseTo(0.03)
  })
})

describe('a profile in the place of the reference', () => {
  it('leaves out no drift, and finds none where there is none', () => {
    const profile = stoodFor(draws(40_000, 1))
    const drifted = measured(profile, sampleOf(draws(20_000, 2, 0.3)))
    const same = measured(profile, sampleOf(draws(20_000, 3)))
    expect(drifted.significance).toBeLessThan(1e-6)
    expect(same.significance).toBeGreaterThan(0.01)
  })

  it('knows an identifier, which differs always', () => {
    const ids = (from: number) =>
      numbers(
        'x',
        Array.from({ length: 20_000 }, (_, i) => from + i),
        'integer',
      )
    expect(measured(stoodFor(ids(0)), sampleOf(ids(20_000))).looksLikeIdentifier).toBe(true)
    expect(measured(stoodFor(draws(20_000, 1)), sampleOf(ids(0))).looksLikeIdentifier).toBe(false)
  })

  it('compares whole numbers of few values as categories, exactly', () => {
    const codes = (count: number, most: number) =>
      numbers(
        'x',
        Array.from({ length: count }, (_, i) => i % most),
        'integer',
      )
    const [before, now] = [codes(900, 3), sampleOf(codes(800, 4))]
    const stood = measured(stoodFor(before), now)
    const exact = measured(sampleOf(before), now)
    expect(stood.outcome).toEqual(exact.outcome)
    expect(stood.changes).toEqual(exact.changes)
    expect(stood.rankError).toBe(0)
  })

  it('gives the same statistics of categories, and the new ones, where all are named', () => {
    const now = sampleOf(repeat({ a: 300, b: 250, new: 50 }))
    const before = repeat({ a: 500, b: 400 })
    const stood = measured(stoodFor(before), now)
    const exact = measured(sampleOf(before), now)
    expect(stood.outcome).toEqual(exact.outcome)
    expect(stood.distance).toEqual(exact.distance)
    expect(stood.newShare).toBe(50 / 600)
  })

  it('calls no category new that may be one of those it does not name', () => {
    const before = stoodFor(repeat({ a: 500, b: 400, rare: 5, scarce: 3 }))
    const now = sampleOf(repeat({ a: 500, b: 400, rare: 6, new: 2 }))
    const { newShare, changes, distance } = measured(before, now)
    expect(newShare).toBe(0)
    expect(changes.newCategories).toEqual([])
    expect(distance.value).toBe(0)
  })

  it('still finds that there are many more of those', () => {
    const before = stoodFor(repeat({ a: 500, b: 400, rare: 5 }))
    const now = sampleOf(repeat({ a: 500, b: 400, new: 300 }))
    const { significance, distance } = measured(before, now)
    expect(significance).toBeLessThan(1e-6)
    expect(distance.value).toBeGreaterThan(0.1)
  })
})
