import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { chiSquareTwoSample } from '../../../../src/domain/stats/chi-square.js'
import { exactTableLaw } from '../../../../src/domain/stats/chi-square-exact.js'
import { smallCellChiSquare } from '../../../../src/domain/stats/chi-square-small-cells.js'
import { cramersV } from '../../../../src/domain/stats/cramers-v.js'
import { fisherExact } from '../../../../src/domain/stats/fisher-exact.js'
import { gTest } from '../../../../src/domain/stats/g-test.js'
import { kullbackLeiblerDivergence } from '../../../../src/domain/stats/kullback-leibler.js'
import { lInfinityDistance } from '../../../../src/domain/stats/l-infinity.js'
import type { CellCounts } from '../../../../src/domain/stats/shares.js'
import { hypergeometricPmf } from '../../../../src/domain/stats/special/hypergeometric.js'
import { twoProportionsZ } from '../../../../src/domain/stats/two-proportions-z.js'
import { relativeError } from './close.js'
import { twoSampleReference } from './two-sample-tests-reference.js'

const counts = (reference: number[], current: number[]): CellCounts => ({
  reference: Float64Array.from(reference),
  current: Float64Array.from(current),
})
const table = (events: [number, number], sizes: [number, number]) => ({
  reference: { events: events[0], n: sizes[0] },
  current: { events: events[1], n: sizes[1] },
})

describe.each(twoSampleReference.categorical)('counts, case %#', (row) => {
  const cells = counts(row.reference, row.current)

  it('chi-square has the p-value of scipy.stats.chi2_contingency where no count is small', () => {
    const found = smallCellChiSquare(cells)
    expect(found?.method).toBe('chi-square')
    expect(relativeError(found?.statistic ?? Number.NaN, row.chiSquare.statistic)).toBeLessThan(
      1e-12,
    )
    expect(relativeError(found?.pValue ?? Number.NaN, row.chiSquare.pValue)).toBeLessThan(1e-11)
  })

  it('g-test is that of scipy with the log-likelihood', () => {
    const found = gTest(cells)
    expect(relativeError(found?.statistic ?? Number.NaN, row.gTest.statistic)).toBeLessThan(1e-10)
    expect(relativeError(found?.pValue ?? Number.NaN, row.gTest.pValue)).toBeLessThan(1e-10)
  })

  it('kullback-leibler, l-infinity and cramers-v have the values of their definitions in numpy', () => {
    const close = (found: number | undefined, expected: number) =>
      expect(relativeError(found ?? Number.NaN, expected)).toBeLessThan(1e-10)
    close(kullbackLeiblerDivergence(cells), row.kullbackLeibler)
    close(lInfinityDistance(cells), row.lInfinity)
    close(cramersV(cells), row.cramersV)
  })
})

describe.each(twoSampleReference.twoByTwo)('2×2, $events of $sizes', (row) => {
  it('fisher is scipy.stats.fisher_exact', () => {
    const found = fisherExact(table(row.events, row.sizes))
    // At a million rows scipy's hypergeometric law has ten digits.
    expect(relativeError(found?.pValue ?? Number.NaN, row.fisher.pValue)).toBeLessThan(1e-9)
    if (row.fisher.oddsRatio === null) expect(found?.oddsRatio).toBeGreaterThan(1)
    else expect(found?.oddsRatio).toBeCloseTo(row.fisher.oddsRatio, 12)
  })

  it('z-test is statsmodels.proportions_ztest, and its square is chi-square', () => {
    const found = twoProportionsZ(table(row.events, row.sizes))
    const rest = row.sizes.map((size, i) => size - (row.events[i] ?? 0))
    const square = chiSquareTwoSample(
      counts([row.events[0], rest[0] ?? 0], [row.events[1], rest[1] ?? 0]),
    )
    expect(relativeError(found?.statistic ?? Number.NaN, row.z.statistic)).toBeLessThan(1e-12)
    expect(relativeError(found?.pValue ?? Number.NaN, row.z.pValue)).toBeLessThan(1e-11)
    expect((found?.statistic ?? Number.NaN) ** 2).toBeCloseTo(square?.statistic ?? Number.NaN, 8)
  })
})

/** Simulated with numpy 2.4.6: 4,000,000 draws of multivariate_hypergeometric, seed 1; standard error 0.0001. */
const GAMMA_TRUTH = 0.0487305

describe('chi-square with small cells', () => {
  it('keeps the statistic of chi-square whatever the method', () => {
    for (const cells of [
      counts([3, 1], [1, 3]),
      counts([30, 1, 1, 1, 0, 4, 9], [40, 0, 0, 2, 1, 5, 7]),
      counts(new Array(300).fill(1), new Array(300).fill(2)),
    ]) {
      const { statistic, degreesOfFreedom } = smallCellChiSquare(cells) ?? {}
      expect({ statistic, degreesOfFreedom }).toEqual({
        statistic: chiSquareTwoSample(cells)?.statistic,
        degreesOfFreedom: chiSquareTwoSample(cells)?.degreesOfFreedom,
      })
    }
  })

  it("follows Cochran's rule: one expected count under 1, or more than a fifth under 5", () => {
    const methodOf = (reference: number[], current: number[]) =>
      smallCellChiSquare(counts(reference, current))?.method
    expect(methodOf([50, 50], [50, 50])).toBe('chi-square')
    expect(methodOf([50, 1], [50, 0])).toBe('exact')
    expect(methodOf([50, 50, 50, 50, 4], [50, 50, 50, 50, 4])).toBe('chi-square')
    expect(methodOf([50, 50, 4, 4], [50, 50, 4, 4])).toBe('exact')
    expect(methodOf(new Array(40).fill(4), new Array(40).fill(4))).toBe('gamma')
  })

  it('of a 2×2 table sums the hypergeometric probabilities of all tables as far from the expected', () => {
    // 3 of 4 against 1 of 4: 2 * (C(4,3) C(4,1) + C(4,4) C(4,0)) / C(8,4) = 34 / 70.
    expect(smallCellChiSquare(counts([3, 1], [1, 3]))?.pValue).toBeCloseTo(34 / 70, 12)
  })

  it('is the sum over all tables that a slow enumeration finds', () => {
    const column = fc.tuple(fc.nat(3), fc.nat(3))
    fc.assert(
      fc.property(fc.array(column, { minLength: 3, maxLength: 3 }), (cells) => {
        const pair = counts(
          cells.map(([r]) => r),
          cells.map(([, c]) => c),
        )
        const found = smallCellChiSquare(pair)
        fc.pre(found?.method === 'exact')
        expect(found?.pValue).toBeCloseTo(slowTail(pair, found?.statistic ?? 0), 10)
      }),
      { numRuns: 150, seed: 7 },
    )
  })

  it('by the gamma law is near the share of simulated tables with these margins', () => {
    const cells = counts([9, 3, 2, 1, 1, 1, 1, 2, 0, 0, 1], [0, 1, 2, 3, 3, 2, 2, 1, 2, 1, 3])
    const found = smallCellChiSquare(cells)
    expect(found?.method).toBe('gamma')
    expect(Math.abs((found?.pValue ?? 1) - GAMMA_TRUTH)).toBeLessThan(0.004)
  })

  it('is 1 where the margins allow one value of the statistic only', () => {
    expect(smallCellChiSquare(counts(alternating(200, 0), alternating(200, 1)))?.pValue).toBe(1)
  })

  it('takes no more than 200,000 tables, and a million of two categories not', () => {
    const law = (columns: number[], draws: number) =>
      exactTableLaw({
        columns: Float64Array.from(columns),
        draws,
        size: columns.reduce((sum, count) => sum + count, 0),
      })
    expect(law([5, 5, 5], 7)).toBeDefined()
    expect(law(new Array(60).fill(9), 200)).toBeUndefined()
    expect(law([2_000_000, 3], 1_000_000)).toBeUndefined()
    const rare = smallCellChiSquare(counts([999_999, 1], [999_993, 7]))
    expect(rare?.method).toBe('gamma')
    const exact = smallCellChiSquare(counts([9_999, 1], [9_993, 7]))
    expect(exact?.method).toBe('exact')
    expect(exact?.pValue).toBeCloseTo(
      fisherExact(table([1, 7], [10_000, 10_000]))?.pValue ?? Number.NaN,
      10,
    )
  })

  it('has no answer for an empty sample, and p 1 for one category', () => {
    expect(smallCellChiSquare(counts([0], [3]))).toBeUndefined()
    expect(smallCellChiSquare(counts([2], [3]))?.pValue).toBe(1)
  })
})

function alternating(size: number, odd: number): number[] {
  return Array.from({ length: size }, (_, i) => (i % 2 === odd ? 1 : 0))
}

/** All tables of three columns, one by one, with binomial coefficients. */
function slowTail({ reference, current }: CellCounts, statistic: number): number {
  const columns = [...reference].map((count, cell) => count + (current[cell] ?? 0))
  const draws = [...reference].reduce((sum, count) => sum + count, 0)
  let reached = 0
  let all = 0
  for (let x = 0; x <= (columns[0] ?? 0); x++) {
    for (let y = 0; y <= (columns[1] ?? 0); y++) {
      const other = [x, y, draws - x - y]
      const weight = other.reduce(
        (ways, taken, cell) => ways * choose(columns[cell] ?? 0, taken),
        1,
      )
      if (weight === 0) continue
      const rest = columns.map((count, cell) => count - (other[cell] ?? 0))
      all += weight
      const here = chiSquareTwoSample(counts(other, rest))?.statistic ?? 0
      if (here >= statistic - 1e-9) reached += weight
    }
  }
  return reached / all
}

function choose(n: number, k: number): number {
  if (k < 0 || k > n) return 0
  let ways = 1
  for (let i = 1; i <= k; i++) ways = (ways * (n - i + 1)) / i
  return ways
}

describe('the distances', () => {
  it('are undefined when a sample is empty and 0 for equal shares', () => {
    for (const distance of [kullbackLeiblerDivergence, lInfinityDistance, cramersV]) {
      expect(distance(counts([0, 0], [1, 2]))).toBeUndefined()
      expect(distance(counts([], []))).toBeUndefined()
      expect(distance(counts([20, 40], [10, 20]))).toBeCloseTo(0, 12)
    }
  })

  it('kullback-leibler is that of the current shares from the reference, floored at 1e-4', () => {
    const expected = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75)
    expect(kullbackLeiblerDivergence(counts([1, 1], [1, 3]))).toBeCloseTo(expected, 12)
    const lost = Math.log(1e4) + 1e-4 * Math.log(1e-4)
    expect(kullbackLeiblerDivergence(counts([7, 0], [0, 7]))).toBeCloseTo(lost, 12)
    // The floors of three lost categories would take the sum to -0.0003.
    expect(kullbackLeiblerDivergence(counts([9997, 1, 1, 1], [100, 0, 0, 0]))).toBe(0)
  })

  it('l-infinity is the change of the one category that changed most', () => {
    expect(lInfinityDistance(counts([5, 3, 2], [2, 4, 4]))).toBeCloseTo(0.3, 12)
  })

  it('cramers-v is 1 where the category tells the sample, 0 for one category and for chance', () => {
    expect(cramersV(counts([500, 0], [0, 500]))).toBeCloseTo(1, 3)
    expect(cramersV(counts([5], [6]))).toBe(0)
    expect(cramersV(counts([1, 0], [0, 1]))).toBe(0)
    expect(cramersV(counts([50, 52], [51, 50]))).toBe(0)
  })
})

describe('fisherExact', () => {
  it('keeps relative digits far out: separate samples of 50 are 2 of C(100, 50) tables', () => {
    let tables = 1
    for (let i = 1; i <= 50; i++) tables = (tables * (50 + i)) / i
    const found = fisherExact(table([50, 0], [50, 50]))
    expect(relativeError(found?.pValue ?? Number.NaN, 2 / tables)).toBeLessThan(1e-10)
  })

  it('is the same whichever sample and event come first', () => {
    const size = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(size, size, fc.nat(40), fc.nat(40), (n, m, x, y) => {
        const events: [number, number] = [Math.min(x, n), Math.min(y, m)]
        const p = fisherExact(table(events, [n, m]))?.pValue ?? Number.NaN
        const swapped = fisherExact(table([events[1], events[0]], [m, n]))?.pValue
        const other = fisherExact(table([n - events[0], m - events[1]], [n, m]))?.pValue
        expect(swapped).toBeCloseTo(p, 10)
        expect(other).toBeCloseTo(p, 10)
        expect(p).toBeCloseTo(slowFisher(events, [n, m]), 10)
      }),
      { numRuns: 200, seed: 5 },
    )
  })

  it('is 1 where the event always or never happens, undefined for an empty sample', () => {
    expect(fisherExact(table([0, 0], [9, 7]))?.pValue).toBe(1)
    expect(fisherExact(table([9, 7], [9, 7]))).toEqual({
      oddsRatio: expect.closeTo(19 / 15, 12),
      pValue: 1,
    })
    expect(fisherExact(table([0, 0], [0, 7]))).toBeUndefined()
    expect(twoProportionsZ(table([0, 0], [9, 0]))).toBeUndefined()
    expect(twoProportionsZ(table([9, 7], [9, 7]))).toEqual({ statistic: 0, pValue: 1 })
  })
})

/** All tables with the same margins that are no more likely. */
function slowFisher([x, y]: [number, number], [n, m]: [number, number]): number {
  const weight = (k: number) => choose(n, k) * choose(m, x + y - k)
  const limit = weight(x) * (1 + 1e-9)
  let rare = 0
  let all = 0
  for (let k = 0; k <= n; k++) {
    all += weight(k)
    if (weight(k) <= limit) rare += weight(k)
  }
  return rare / all
}

describe('hypergeometricPmf', () => {
  it('adds up to 1, and is 0 where it cannot be', () => {
    const law = { size: 1_000_000, marked: 300, draws: 20_000 }
    let sum = 0
    for (let k = 0; k <= 300; k++) sum += hypergeometricPmf(k, law)
    expect(sum).toBeCloseTo(1, 9)
    expect(hypergeometricPmf(301, law)).toBe(0)
    expect(hypergeometricPmf(-1, law)).toBe(0)
    expect(hypergeometricPmf(4, { size: 9, marked: 9, draws: 4 })).toBe(1)
  })
})
