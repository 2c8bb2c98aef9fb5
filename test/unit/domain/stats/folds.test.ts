import { describe, expect, it } from '@jest/globals'
import { equivalencePValue, equivalenceTest } from '../../../../src/domain/stats/equivalence.js'
import { fiveByTwo } from '../../../../src/domain/stats/five-by-two.js'
import { kishEffectiveSize } from '../../../../src/domain/stats/kish.js'
import { nadeauBengio } from '../../../../src/domain/stats/nadeau-bengio.js'
import { passAtK } from '../../../../src/domain/stats/pass-at-k.js'
import { fisherFSf } from '../../../../src/domain/stats/special/fisher-f.js'
import { readReference, relativeError } from './close.js'

const reference = readReference<{
  nadeauBengio: {
    differences: number[]
    testShare: number
    level: number
    mean: number
    standardError: number
    statistic: number
    pValue: number
    low: number
    high: number
  }[]
  fiveByTwo: {
    differences: number[][]
    statistic: number
    pValue: number
    f: number
    fPValue: number
  }[]
  equivalence: {
    estimate: number
    standardError: number
    degreesOfFreedom: number
    lower: number
    upper: number
    lowerP: number
    upperP: number
    pValue: number
  }[]
  passAtK: { n: number; c: number; k: number; value: number }[]
  fisherF: { x: number; df1: number; df2: number; value: number }[]
}>('gate-methods')

describe('nadeauBengio', () => {
  it.each(reference.nadeauBengio)('agrees with its formula in scipy: $differences', (row) => {
    const found = nadeauBengio({ ...row, differences: Float64Array.from(row.differences) })!
    for (const key of ['mean', 'standardError', 'statistic', 'pValue', 'low', 'high'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-11)
    }
  })

  it('is the point for equal differences, and undefined for one, NaN, or a share outside (0, 1)', () => {
    const of = (differences: number[], testShare: number) =>
      nadeauBengio({ differences: Float64Array.from(differences), testShare, level: 0.95 })
    expect(of([0.1, 0.1, 0.1], 0.2)).toMatchObject({ low: 0.1, high: 0.1, pValue: 0 })
    expect(of([0, 0], 0.2)).toMatchObject({ statistic: 0, pValue: 1 })
    expect(of([0.1], 0.2)).toBeUndefined()
    expect(of([0.1, Number.NaN], 0.2)).toBeUndefined()
    for (const share of [0, 1, Number.NaN]) expect(of([0.1, 0.2], share)).toBeUndefined()
  })
})

describe('fiveByTwo', () => {
  it.each(reference.fiveByTwo)('agrees with its formula in scipy: $differences', (row) => {
    const found = fiveByTwo(row.differences)!
    for (const key of ['statistic', 'pValue', 'f', 'fPValue'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-10)
    }
  })

  it('is certain where nothing varies, and undefined for anything but five pairs of numbers', () => {
    const five = (pair: number[]) => Array.from({ length: 5 }, () => pair)
    expect(fiveByTwo(five([0, 0]))).toMatchObject({ statistic: 0, pValue: 1, f: 0, fPValue: 1 })
    expect(fiveByTwo(five([0.1, 0.1]))).toMatchObject({ pValue: 0, fPValue: 0 })
    expect(fiveByTwo(five([1, 2]).slice(1))).toBeUndefined()
    expect(fiveByTwo([...five([1, 2]), [1]])).toBeUndefined()
    expect(fiveByTwo([...five([1, 2]).slice(1), [1, Number.NaN]])).toBeUndefined()
    expect(fiveByTwo([])).toBeUndefined()
  })
})

describe('equivalenceTest', () => {
  it.each(reference.equivalence)('agrees with statsmodels', (row) => {
    const found = equivalenceTest({ ...row, level: 0.9 })!
    for (const key of ['lowerP', 'upperP', 'pValue'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-10)
    }
    expect(found.equivalent).toBe(found.pValue < 0.05)
  })

  it('is certain without error, and does not count the margin itself as inside', () => {
    const input = { standardError: 0, lower: -1, upper: 1, level: 0.9 }
    expect(equivalenceTest({ ...input, estimate: 0.9 })).toMatchObject({
      pValue: 0,
      equivalent: true,
    })
    expect(equivalenceTest({ ...input, estimate: 1 })).toMatchObject({
      pValue: 0.5,
      equivalent: false,
    })
    expect(equivalenceTest({ ...input, estimate: 2 })).toMatchObject({
      pValue: 1,
      equivalent: false,
    })
    expect(equivalencePValue(0.01, 0.2)).toBe(0.2)
  })

  it('is undefined for margins out of order, NaN, negative errors and no degrees of freedom', () => {
    const input = { estimate: 0, standardError: 1, lower: -1, upper: 1, level: 0.9 }
    expect(equivalenceTest(input)).toBeDefined()
    expect(equivalenceTest({ ...input, lower: 1 })).toBeUndefined()
    expect(equivalenceTest({ ...input, estimate: Number.NaN })).toBeUndefined()
    expect(equivalenceTest({ ...input, standardError: -1 })).toBeUndefined()
    expect(equivalenceTest({ ...input, degreesOfFreedom: 0 })).toBeUndefined()
  })
})

describe('passAtK', () => {
  it.each(reference.passAtK)(
    'agrees with exact fractions: $c of $n, k $k',
    ({ n, c, k, value }) => {
      expect(relativeError(passAtK(n, c, k)!, value)).toBeLessThan(1e-12)
    },
  )

  it('is the share of right samples for k 1, and 1 where k samples cannot all be wrong', () => {
    for (let c = 0; c <= 12; c++) expect(passAtK(12, c, 1)).toBeCloseTo(c / 12, 14)
    expect(passAtK(5, 3, 3)).toBe(1)
    expect(passAtK(1, 1, 1)).toBe(1)
  })

  it('is undefined where there are fewer samples than k, and for anything that is no count', () => {
    for (const [n, c, k] of [
      [4, 1, 5],
      [4, 5, 1],
      [4, -1, 1],
      [4, 1, 0],
      [0, 0, 1],
      [4.5, 1, 1],
      [4, Number.NaN, 1],
    ] as const) {
      expect(passAtK(n, c, k)).toBeUndefined()
    }
  })
})

describe('kishEffectiveSize', () => {
  it('counts equal weights as rows, one heavy row as little more than itself, and zeros as nothing', () => {
    expect(kishEffectiveSize([3, 3, 3, 3])).toBeCloseTo(4, 14)
    expect(kishEffectiveSize([1, 0, 1, 0])).toBe(2)
    expect(kishEffectiveSize([1, 2, 3])).toBeCloseTo(36 / 14, 14)
    expect(kishEffectiveSize([1e300, 1e300])).toBe(2)
  })

  it('is undefined without a weight above 0, and for negative or infinite ones and NaN', () => {
    for (const bad of [[], [0, 0], [1, -1], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
      expect(kishEffectiveSize(bad)).toBeUndefined()
    }
  })
})

describe('fisherFSf', () => {
  it.each(reference.fisherF)(
    'agrees with scipy at $x with $df1 and $df2',
    ({ x, df1, df2, value }) => {
      expect(relativeError(fisherFSf(x, df1, df2), value)).toBeLessThan(1e-11)
    },
  )

  it('is 1 up to 0, 0 at infinity and NaN for what is none', () => {
    expect(fisherFSf(0, 3, 4)).toBe(1)
    expect(fisherFSf(Number.POSITIVE_INFINITY, 3, 4)).toBe(0)
    expect(fisherFSf(Number.NaN, 3, 4)).toBeNaN()
    expect(fisherFSf(1, 0, 4)).toBeNaN()
  })
})
