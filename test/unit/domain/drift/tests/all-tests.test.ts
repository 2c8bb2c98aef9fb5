import { describe, expect, it } from '@jest/globals'
import type { CategoryPair, NumericPair } from '../../../../../src/domain/drift/tests/drift-test.js'
import { findTest, runTest, testNames } from '../../../../../src/domain/drift/tests/index.js'

const numeric = (reference: number[], current: number[]): NumericPair => ({
  kind: 'numeric',
  reference: Float64Array.from(reference).sort(),
  current: Float64Array.from(current).sort(),
})

function categorical(counts: Record<string, [number, number]>): CategoryPair {
  const categories = Object.keys(counts)
  return {
    kind: 'categorical',
    categories,
    reference: Float64Array.from(categories, (name) => counts[name]?.[0] ?? 0),
    current: Float64Array.from(categories, (name) => counts[name]?.[1] ?? 0),
  }
}

function run(name: string, pair: NumericPair | CategoryPair) {
  const test = findTest(name)
  return test && runTest(test, pair)
}

const steps = (size: number, change: (i: number) => number) =>
  Array.from({ length: size }, (_, i) => change(i))

describe('the names of the tests', () => {
  it('are those that issue 5 and other tools have', () => {
    expect(testNames('numeric')).toEqual([
      'ks',
      'anderson-darling',
      'cramer-von-mises',
      'mann-whitney',
      't-test',
      'epps-singleton',
      'wasserstein',
      'wasserstein-normalised',
      'energy',
      'psi',
      'jensen-shannon',
      'kullback-leibler',
      'hellinger',
      'total-variation',
    ])
    expect(testNames('categorical')).toEqual([
      'chi-square',
      'g-test',
      'fisher',
      'z-test',
      'psi',
      'jensen-shannon',
      'kullback-leibler',
      'hellinger',
      'total-variation',
      'l-infinity',
      'cramers-v',
    ])
  })

  it('are each unlike the others, with a sentence for the documentation', () => {
    expect(new Set(testNames()).size).toBe(testNames().length)
    for (const name of testNames()) {
      expect(findTest(name)?.summary).toMatch(/\.$/)
      expect(findTest(name)?.compares).toMatch(/\.$/)
    }
  })
})

describe.each(testNames('numeric'))('%s of numbers', (name) => {
  it('has a p-value if it is a test and none if it is a distance', () => {
    const outcome = run(
      name,
      numeric(
        steps(40, (i) => i),
        steps(50, (i) => i + 3.3),
      ),
    )
    expect(Number.isFinite(outcome?.statistic)).toBe(true)
    const isDistance = findTest(name)?.measures === 'distance'
    if (isDistance) expect(outcome?.pValue).toBeNull()
    else expect(outcome?.pValue).toBeGreaterThan(0)
  })

  it('has no answer for an empty sample', () => {
    expect(run(name, numeric([], [1, 2, 3, 4, 5, 6]))).toBeUndefined()
    expect(run(name, numeric([1, 2, 3, 4, 5, 6], []))).toBeUndefined()
  })

  it('sees a shift by a standard deviation that 200 values show', () => {
    const same = run(
      name,
      numeric(
        steps(200, (i) => i),
        steps(200, (i) => i + 0.5),
      ),
    )
    const far = run(
      name,
      numeric(
        steps(200, (i) => i),
        steps(200, (i) => i + 58),
      ),
    )
    if (same === undefined || far === undefined) throw new Error('no outcome')
    if (findTest(name)?.measures === 'distance') {
      expect(far.statistic).toBeGreaterThan(4 * same.statistic)
    } else {
      expect(far.pValue).toBeLessThan(1e-6)
      expect(same.pValue).toBeGreaterThan(0.5)
    }
  })
})

describe.each(testNames('categorical'))('%s of categories', (name) => {
  it('has a p-value if it is a test and none if it is a distance', () => {
    const outcome = run(name, categorical({ no: [60, 45], yes: [40, 55] }))
    expect(Number.isFinite(outcome?.statistic)).toBe(true)
    if (findTest(name)?.measures === 'distance') expect(outcome?.pValue).toBeNull()
    else expect(outcome?.pValue).toBeLessThan(0.06)
  })

  it('has no answer for an empty sample', () => {
    expect(run(name, categorical({ no: [0, 45], yes: [0, 55] }))).toBeUndefined()
    expect(run(name, categorical({}))).toBeUndefined()
  })

  it('finds no change where there is one category', () => {
    const outcome = run(name, categorical({ only: [60, 45] }))
    if (findTest(name)?.measures === 'significance') expect(outcome?.pValue).toBe(1)
    else expect(outcome?.statistic).toBe(0)
  })
})

describe('fisher and z-test', () => {
  it('compare two categories, not three; one that never occurs does not count', () => {
    const three = categorical({ a: [5, 4], b: [5, 6], c: [1, 1] })
    const two = categorical({ a: [5, 4], b: [5, 6], c: [0, 0] })
    for (const name of ['fisher', 'z-test']) {
      expect(run(name, three)).toBeUndefined()
      expect(run(name, two)).toBeDefined()
    }
  })

  it('take the category that sorts last as the event, whatever was read first', () => {
    // (0.4 - 0.52) / sqrt(0.46 * 0.54 * 2 / 100)
    const outcome = { statistic: expect.closeTo(-1.7025, 3), pValue: expect.closeTo(0.0887, 3) }
    expect(run('z-test', categorical({ '0': [60, 48], '1': [40, 52] }))).toEqual(outcome)
    const ratio = (40 * 48) / (52 * 60)
    const mirrored = categorical({ yes: [40, 52], no: [60, 48] })
    expect(run('z-test', mirrored)).toEqual(outcome)
    expect(run('fisher', mirrored)?.statistic).toBeCloseTo(ratio, 12)
  })

  it('are finite where a category is new', () => {
    const fresh = run('fisher', categorical({ a: [50, 40], b: [0, 10] }))
    expect(fresh?.statistic).toBe(0)
    const gone = run('fisher', categorical({ a: [40, 50], b: [10, 0] }))
    expect(gone?.statistic).toBeGreaterThan(1)
    expect(gone?.pValue).toBeCloseTo(fresh?.pValue ?? Number.NaN, 12)
  })
})

describe('chi-square', () => {
  it('does not alarm for one row of a rare category', () => {
    // Of five rows the one of a category of one in 100,000: the plain law says p 1e-45.
    const pair = categorical({ a: [99_999, 39], b: [1, 1] })
    expect(run('chi-square', pair)?.statistic).toBeGreaterThan(1000)
    expect(run('chi-square', pair)?.pValue).toBeCloseTo(0.0008, 4)
  })
})

describe('t-test', () => {
  it('has no answer for two constants, whose difference has no measure', () => {
    expect(run('t-test', numeric([3, 3, 3], [4, 4, 4]))).toBeUndefined()
    expect(run('t-test', numeric([3, 3, 3], [3, 3, 3]))?.pValue).toBe(1)
  })
})
