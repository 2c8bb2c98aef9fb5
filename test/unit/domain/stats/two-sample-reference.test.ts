import { describe, expect, it } from '@jest/globals'
import { chiSquareTwoSample } from '../../../../src/domain/stats/chi-square.js'
import { hellingerDistance } from '../../../../src/domain/stats/hellinger.js'
import { jensenShannonDistance } from '../../../../src/domain/stats/jensen-shannon.js'
import { ksTwoSample } from '../../../../src/domain/stats/ks.js'
import { populationStabilityIndex } from '../../../../src/domain/stats/psi.js'
import { binCounts, decileEdges } from '../../../../src/domain/stats/quantile.js'
import type { CellCounts } from '../../../../src/domain/stats/shares.js'
import { lowerGamma, upperGamma } from '../../../../src/domain/stats/special/gamma.js'
import { kolmogorovSurvival } from '../../../../src/domain/stats/special/kolmogorov.js'
import { smirnovSurvival } from '../../../../src/domain/stats/special/smirnov.js'
import { totalVariationDistance } from '../../../../src/domain/stats/total-variation.js'
import {
  normalisedWasserstein,
  wassersteinDistance,
} from '../../../../src/domain/stats/wasserstein.js'
import {
  type CellReference,
  readDriftReference,
  relativeError,
  sortedSample,
} from './reference-samples.js'

const reference = readDriftReference()

function expectCells(counts: CellCounts, expected: CellReference): void {
  expect(populationStabilityIndex(counts)).toBeCloseTo(expected.psi, 12)
  expect(jensenShannonDistance(counts)).toBeCloseTo(expected.jensenShannon, 10)
  expect(hellingerDistance(counts)).toBeCloseTo(expected.hellinger, 12)
  expect(totalVariationDistance(counts)).toBeCloseTo(expected.totalVariation, 12)
}

describe.each(reference.numeric)('numeric samples $reference against $current', (row) => {
  const a = sortedSample(row.reference)
  const b = sortedSample(row.current)

  it('has the statistic and p-value of scipy.stats.ks_2samp', () => {
    const result = ksTwoSample(a, b)
    expect(result?.statistic).toBe(row.ks.statistic)
    expect(relativeError(result?.pValue ?? Number.NaN, row.ks.pValue)).toBeLessThan(1e-8)
  })

  it('has the distance of scipy.stats.wasserstein_distance, and the same over numpy.std', () => {
    expect(relativeError(wassersteinDistance(a, b) ?? Number.NaN, row.wasserstein)).toBeLessThan(
      1e-10,
    )
    const normalised = normalisedWasserstein(a, b) ?? Number.NaN
    expect(relativeError(normalised, row.normalisedWasserstein)).toBeLessThan(1e-10)
  })

  it('cuts the bins where numpy.quantile does', () => {
    const edges = decileEdges(a)
    expect(edges).toHaveLength(row.edges.length)
    for (const [i, edge] of row.edges.entries()) expect(edges[i]).toBeCloseTo(edge, 9)
    expect([...binCounts(a, edges)]).toEqual(row.counts[0])
    expect([...binCounts(b, edges)]).toEqual(row.counts[1])
  })

  it('has the distances of numpy and scipy over the bins', () => {
    const edges = decileEdges(a)
    expectCells({ reference: binCounts(a, edges), current: binCounts(b, edges) }, row)
  })
})

describe.each(reference.categorical)('category counts, case %#', (row) => {
  const counts = {
    reference: Float64Array.from(row.reference),
    current: Float64Array.from(row.current),
  }

  it('has the test of scipy.stats.chi2_contingency without correction', () => {
    const result = chiSquareTwoSample(counts)
    expect(result?.degreesOfFreedom).toBe(row.chiSquare.degreesOfFreedom)
    expect(relativeError(result?.statistic ?? Number.NaN, row.chiSquare.statistic)).toBeLessThan(
      1e-10,
    )
    expect(relativeError(result?.pValue ?? Number.NaN, row.chiSquare.pValue)).toBeLessThan(1e-10)
  })

  it('has the distances of numpy and scipy', () => expectCells(counts, row))
})

describe('kolmogorovSurvival', () => {
  it('agrees with scipy.stats.kstwo.sf to 1e-8 over all its branches, down to the smallest normal number', () => {
    const worst = reference.kolmogorov
      .map(({ n, x, survival }) => ({
        n,
        x,
        survival,
        error: relativeError(kolmogorovSurvival(n, x), survival),
      }))
      .filter(({ error, survival }) => !(error < 1e-8 || survival < 1e-307))
    expect(worst).toEqual([])
    expect(reference.kolmogorov.length).toBeGreaterThan(250)
  })

  it('is 1 for no distance, 0 for the whole distance and NaN for an impossible size', () => {
    expect(kolmogorovSurvival(10, 0)).toBe(1)
    expect(kolmogorovSurvival(10, 1)).toBe(0)
    expect(kolmogorovSurvival(0, 0.5)).toBeNaN()
    expect(kolmogorovSurvival(1.5, 0.5)).toBeNaN()
  })
})

describe('smirnovSurvival', () => {
  it.each(reference.smirnov)('agrees with scipy.special.smirnov($n, $x)', ({ n, x, survival }) => {
    expect(relativeError(smirnovSurvival(n, x), survival)).toBeLessThan(1e-10)
  })

  it('is 1 for no distance and 0 for the whole distance', () => {
    expect(smirnovSurvival(5, 0)).toBe(1)
    expect(smirnovSurvival(5, 1)).toBe(0)
  })
})

describe('the incomplete gamma functions', () => {
  it('agree with scipy.special to 1e-11, relative to the smaller tail', () => {
    const bad = reference.gamma.filter(
      ({ a, x, upper, lower }) =>
        !(relativeError(upperGamma(a, x), upper) < 1e-11) ||
        !(relativeError(lowerGamma(a, x), lower) < 1e-11),
    )
    expect(bad).toEqual([])
    expect(reference.gamma.length).toBeGreaterThan(60)
  })

  it('reach their limits, and are NaN outside their domain', () => {
    expect(upperGamma(2, 0)).toBe(1)
    expect(lowerGamma(2, 0)).toBe(0)
    expect(upperGamma(2, Number.POSITIVE_INFINITY)).toBe(0)
    expect(lowerGamma(2, Number.POSITIVE_INFINITY)).toBe(1)
    expect(upperGamma(0, 1)).toBeNaN()
    expect(lowerGamma(1, Number.NaN)).toBeNaN()
  })
})
