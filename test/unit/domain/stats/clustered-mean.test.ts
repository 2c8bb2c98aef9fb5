import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { clusterSignFlip } from '../../../../src/domain/stats/cluster-sign-flip.js'
import { clusteredMean } from '../../../../src/domain/stats/clustered-mean.js'
import { meanInterval } from '../../../../src/domain/stats/mean-interval.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { readReference, relativeError } from './close.js'

interface Given {
  values: number[]
  weights: number[] | null
  clusters: number[] | null
}
const reference = readReference<{
  clusteredMean: (Given & {
    name: string
    level: number
    mean: number
    standardError: number
    low: number
    high: number
    degreesOfFreedom: number
  })[]
  clusterSignFlip: (Given & { boundary: number; pValue: number; below: number; above: number })[]
}>('gate-methods')

const sampleOf = ({ values, weights, clusters }: Given) => ({
  values: Float64Array.from(values),
  weights: weights ?? undefined,
  clusters: clusters === null ? undefined : Int32Array.from(clusters),
})
// Squares of numbers under 1e-150 vanish, one way sooner than another.
const value = fc
  .double({ min: -1e6, max: 1e6, noNaN: true })
  .map((number) => (Math.abs(number) < 1e-150 ? 0 : number))
const rows = fc.array(
  fc.record({ value, weight: fc.double({ min: 0.01, max: 50, noNaN: true }), cluster: fc.nat(6) }),
  { minLength: 2, maxLength: 60 },
)
type Row = { value: number; weight: number; cluster: number }
const of = (list: Row[]) => ({
  values: Float64Array.from(list, (row) => row.value),
  weights: list.map((row) => row.weight),
  clusters: list.map((row) => row.cluster),
})

describe('clusteredMean', () => {
  it.each(reference.clusteredMean)('agrees with statsmodels: $name', (row) => {
    const found = clusteredMean({ ...sampleOf(row), level: row.level })!
    for (const key of ['mean', 'standardError', 'low', 'high'] as const) {
      expect(relativeError(found[key], row[key])).toBeLessThan(1e-11)
    }
    expect(found.degreesOfFreedom).toBe(row.degreesOfFreedom)
    expect(found.clusters).toBe(row.degreesOfFreedom + 1)
  })

  it('is the ordinary t interval without weights and clusters, and with a cluster a row', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 50 }), (list) => {
        const values = Float64Array.from(list)
        const plain = meanInterval(values, 0.9)!
        const scale = Math.abs(plain.mean) + plain.standardError
        for (const clusters of [undefined, list.map((_, i) => i)]) {
          const found = clusteredMean({ values, clusters, level: 0.9 })!
          expect(Math.abs(found.mean - plain.mean)).toBeLessThanOrEqual(1e-12 * scale)
          expect(Math.abs(found.low - plain.low)).toBeLessThanOrEqual(1e-9 * scale)
          expect(Math.abs(found.high - plain.high)).toBeLessThanOrEqual(1e-9 * scale)
        }
      }),
    )
  })

  it('does not depend on the unit of the weights, the names of clusters or the order of rows', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const found = clusteredMean({ ...of(list), level: 0.95 })
        const other = of([...list].reverse())
        const again = clusteredMean({
          values: other.values,
          weights: other.weights.map((weight) => weight * 7),
          clusters: other.clusters.map((cluster) => 1e9 - cluster * 1000),
          level: 0.95,
        })
        expect(again === undefined).toBe(found === undefined)
        if (found === undefined || again === undefined) return
        const scale = Math.max(1, ...list.map((row) => Math.abs(row.value)))
        expect(Math.abs(found.mean - again.mean)).toBeLessThan(1e-12 * scale)
        expect(Math.abs(found.standardError - again.standardError)).toBeLessThan(1e-9 * scale)
      }),
    )
  })

  it('treats a row of weight 0 as not there, and a whole weight as that many rows of its cluster', () => {
    const clusters = [0, 0, 1, 1, 2]
    const values = Float64Array.of(1, 4, 2, 8, 5)
    const found = clusteredMean({ values, clusters, weights: [2, 1, 0, 3, 1], level: 0.9 })!
    const rowsOf = Float64Array.of(1, 1, 4, 8, 8, 8, 5)
    const same = clusteredMean({ values: rowsOf, clusters: [0, 0, 0, 1, 1, 1, 2], level: 0.9 })!
    expect(found.mean).toBeCloseTo(same.mean, 14)
    expect(found.standardError).toBeCloseTo(same.standardError, 14)
    const gone = clusteredMean({
      values,
      clusters: [0, 0, 1, 1, 2],
      weights: [1, 1, 1, 1, 0],
      level: 0.9,
    })!
    expect(gone.degreesOfFreedom).toBe(1)
  })

  it('is exactly the point for equal values and for clusters with equal means', () => {
    const equal = clusteredMean({
      values: new Float64Array(9).fill(0.1),
      weights: [1, 0.3, 2, 0.7, 1, 1, 5, 1, 1],
      level: 0.95,
    })!
    expect(equal).toMatchObject({ mean: 0.1, standardError: 0, low: 0.1, high: 0.1 })
    const balanced = clusteredMean({
      values: Float64Array.of(0.1, 0.3, 0.3, 0.1, 0.3, 0.1),
      clusters: [0, 0, 1, 1, 2, 2],
      level: 0.95,
    })!
    expect(balanced.standardError).toBe(0)
  })

  it('is undefined for one row or cluster, NaN, infinities, bad weights and unequal lengths', () => {
    const values = Float64Array.of(1, 2, 3)
    const level = 0.95
    expect(clusteredMean({ values: new Float64Array(), level })).toBeUndefined()
    expect(clusteredMean({ values: Float64Array.of(1), level })).toBeUndefined()
    expect(clusteredMean({ values, clusters: [4, 4, 4], level })).toBeUndefined()
    expect(clusteredMean({ values, clusters: [0, 1], level })).toBeUndefined()
    expect(clusteredMean({ values, clusters: [0, -1, 2], level })).toBeUndefined()
    expect(clusteredMean({ values, weights: [1, 1], level })).toBeUndefined()
    for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(clusteredMean({ values, weights: [1, 1, bad], level })).toBeUndefined()
    }
    expect(clusteredMean({ values, weights: [0, 0, 0], level })).toBeUndefined()
    expect(clusteredMean({ values, weights: [0, 0, 3], level })).toBeUndefined()
    for (const bad of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const wrong = Float64Array.of(1, 2, bad)
      expect(clusteredMean({ values: wrong, level })).toBeUndefined()
      expect(clusteredMean({ values: wrong, weights: [1, 1, 0], level })).toBeUndefined()
    }
  })

  it('covers the true mean of clustered rows in 95 % of samples, where t of the rows does not', () => {
    const random = createRandom(9)
    const normal = () => normalQuantile(random.next() || 0.5)
    const runs = 1500
    let covered = 0
    let naive = 0
    for (let run = 0; run < runs; run++) {
      const clusters = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 4))
      const effects = Array.from({ length: 30 }, normal)
      const values = Float64Array.from(clusters, (cluster) => (effects[cluster] ?? 0) + normal())
      const { low, high } = clusteredMean({ values, clusters, level: 0.95 })!
      if (low <= 0 && 0 <= high) covered++
      const rowsOnly = clusteredMean({ values, level: 0.95 })!
      if (rowsOnly.low <= 0 && 0 <= rowsOnly.high) naive++
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs))
    expect(naive / runs).toBeLessThan(0.88)
  })
})

describe('clusterSignFlip', () => {
  it.each(reference.clusterSignFlip)('agrees with all patterns of signs at $boundary', (row) => {
    const found = clusterSignFlip({ ...sampleOf(row), boundary: row.boundary })!
    expect(found.pValue).toBeCloseTo(row.pValue, 12)
    expect(found.below).toBeCloseTo(row.below, 12)
    expect(found.above).toBeCloseTo(row.above, 12)
  })

  it('turns with the sign of the values, and its smallest p-value is 2^(1 - clusters)', () => {
    const values = Float64Array.of(1, 2, 3, 4, 5)
    const clusters = [0, 1, 2, 3, 4]
    const up = clusterSignFlip({ values, clusters, boundary: 0 })!
    expect(up).toMatchObject({ pValue: 1 / 16, above: 1 / 32, below: 1, statistic: 3 })
    const down = clusterSignFlip({ values: values.map((x) => -x), clusters, boundary: 0 })!
    expect(down).toMatchObject({ pValue: 1 / 16, above: 1, below: 1 / 32 })
  })

  it('finds nothing where nothing deviates, and takes rows of weight 0 for nothing', () => {
    const all = clusterSignFlip({
      values: new Float64Array(4).fill(2),
      clusters: [0, 1, 2, 3],
      boundary: 2,
    })
    expect(all).toMatchObject({ pValue: 1, below: 1, above: 1 })
    const many = Float64Array.from({ length: 5000 }, (_, i) => i)
    const weights = many.map((_, i) => (i < 3 ? 1 : 0))
    expect(clusterSignFlip({ values: many, weights, boundary: -1 })?.clusters).toBe(3)
  })

  it('is undefined for fewer than 2 or more than 20 clusters, and a boundary that is no number', () => {
    const values = Float64Array.from({ length: 21 }, (_, i) => i)
    expect(clusterSignFlip({ values, boundary: 0 })).toBeUndefined()
    expect(clusterSignFlip({ values, clusters: values.map(() => 0), boundary: 0 })).toBeUndefined()
    expect(clusterSignFlip({ values: values.subarray(0, 5), boundary: Number.NaN })).toBeUndefined()
  })

  it('rejects a true mean in at most 5 % of samples of ten unlike clusters', () => {
    const random = createRandom(4)
    const normal = () => normalQuantile(random.next() || 0.5)
    const runs = 1500
    let rejected = 0
    for (let run = 0; run < runs; run++) {
      const clusters = Int32Array.from({ length: 60 }, (_, i) => Math.floor(Math.sqrt(i * 1.6)))
      const effects = Array.from({ length: 12 }, (_, c) => normal() * (1 + c))
      const values = Float64Array.from(clusters, (cluster) => (effects[cluster] ?? 0) + normal())
      if (clusterSignFlip({ values, clusters, boundary: 0 })!.pValue <= 0.05) rejected++
    }
    expect(rejected / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
    expect(rejected).toBeGreaterThan(0)
  })
})
