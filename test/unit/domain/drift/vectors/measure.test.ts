import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { measureVectors } from '../../../../../src/domain/drift/vectors/measure.js'
import type { VectorSample } from '../../../../../src/domain/drift/vectors/sample.js'
import { createRandom, type RandomSource } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import { VectorEvidenceSchema } from '../../../../../src/statements/schemas/drift/vectors.js'

const { vectors: reference } = JSON.parse(
  readFileSync(new URL('../../../../reference/drift/text-vectors.json', import.meta.url), 'utf8'),
) as {
  vectors: {
    reference: number[][]
    current: number[][]
    auc: number
    cosine: number
    euclidean: number
    norms: { statistic: number; pValue: number }
  }
}

function sampleOf(rows: readonly (readonly number[])[]): VectorSample {
  const dimension = rows[0]?.length ?? 0
  return { rows: rows.length, dimension, values: Float64Array.from(rows.flat()), missing: 0 }
}

function normal(random: RandomSource): number {
  return normalQuantile((random.below(2 ** 30) + 0.5) / 2 ** 30)
}

interface Shape {
  readonly rows: number
  readonly dimension: number
  readonly shift?: number
  readonly spread?: number
}

/** Like embeddings: a few directions hold most of the variance, and the rest is noise. The shift is along the second. */
function embeddings({ rows, dimension, shift = 0, spread = 1 }: Shape, random: RandomSource) {
  const fixed = createRandom(77)
  const directions = Math.min(10, dimension)
  const mix = Float64Array.from({ length: dimension * directions }, () => fixed.next() - 0.5)
  const values = new Float64Array(rows * dimension)
  const parts = new Float64Array(directions)
  for (let row = 0; row < rows; row++) {
    for (let a = 0; a < directions; a++) {
      parts[a] = (spread * normal(random)) / (1 + a / 4) + (a === 1 ? shift : 0)
    }
    for (let j = 0; j < dimension; j++) {
      let sum = 0.1 * (random.next() - 0.5)
      for (let a = 0; a < directions; a++) sum += mix[j * directions + a]! * parts[a]!
      values[row * dimension + j] = sum
    }
  }
  return { rows, dimension, values, missing: 0 }
}

function measure(before: VectorSample, now: VectorSample, maxRows = 10_000) {
  return measureVectors(before, now, { random: createRandom(1), maxRows })
}

describe('vectors against scikit-learn 1.9.1 and scipy 1.17.1', () => {
  const before = sampleOf(reference.reference)
  const now = sampleOf(reference.current)

  it('have the area of StandardScaler and LogisticRegression', () => {
    let mean = 0
    for (let seed = 0; seed < 5; seed++) {
      const found = measureVectors(before, now, { random: createRandom(seed), maxRows: 1000 })
      mean += found.distance.value! / 5
    }
    expect(Math.abs(mean - reference.auc)).toBeLessThan(0.02)
  })

  it('have the distances of centroids and the statistics of lengths', () => {
    const { centroids, norms } = measure(before, now)
    expect(centroids?.cosine).toBeCloseTo(reference.cosine, 12)
    expect(centroids?.euclidean).toBeCloseTo(reference.euclidean, 12)
    expect(norms?.statistic).toBeCloseTo(reference.norms.statistic, 12)
    expect(norms?.pValue).toBeCloseTo(reference.norms.pValue, 12)
  })
})

describe('vectors', () => {
  // 5% of 60 runs and three standard errors: 8.1.
  it.each([
    [60, 60, 5],
    [150, 50, 80],
  ])(
    'keep to their rate of false alarms without drift: %i and %i rows, %i components',
    (n, m, d) => {
      let area = 0
      let mmd = 0
      for (let run = 0; run < 60; run++) {
        const random = createRandom(300 + run)
        const before = embeddings({ rows: n, dimension: d }, random)
        const now = embeddings({ rows: m, dimension: d }, random)
        const found = measureVectors(before, now, { random, maxRows: 1000 })
        if (found.pValue! < 0.05) area++
        if (found.mmd!.pValue <= 0.05) mmd++
      }
      expect(area).toBeLessThan(9)
      expect(mmd).toBeLessThan(9)
    },
  )

  it.each([8, 64, 200])('show a shift along one direction: %i components', (dimension) => {
    const random = createRandom(2)
    const before = embeddings({ rows: 400, dimension }, random)
    const now = embeddings({ rows: 300, dimension, shift: 0.6 }, random)
    const found = measure(before, now)
    expect(found.pValue).toBeLessThan(1e-4)
    // The best possible along that direction: Phi(0.75 / sqrt 2) = 0.70.
    expect(found.distance.value).toBeGreaterThan(0.62)
    expect(found.distance.value).toBeLessThan(0.77)
    expect(found.mmd?.pValue).toBeLessThan(0.05)
    expect(found.centroids?.euclidean).toBeGreaterThan(0.1)
  })

  it('show a wider spread about the same centre', () => {
    const random = createRandom(3)
    const before = embeddings({ rows: 300, dimension: 100 }, random)
    const now = embeddings({ rows: 300, dimension: 100, spread: 1.5 }, random)
    const found = measure(before, now)
    expect(found.pValue).toBeLessThan(1e-4)
    expect(found.norms?.pValue).toBeLessThan(1e-4)
    expect(found.reasons.join('; ')).toMatch(
      /area under the ROC curve of 0\.\d+ .* long on average/,
    )
  })

  it('of another dimension cannot be compared', () => {
    const random = createRandom(4)
    const found = measure(
      embeddings({ rows: 50, dimension: 3 }, random),
      embeddings({ rows: 50, dimension: 4 }, random),
    )
    expect(found.distance.value).toBeNull()
    expect(found.pValue).toBeNull()
    expect(found.reasons).toEqual(['the vectors have 4 components and those of the reference 3'])
  })

  it('are missing where a component is', () => {
    const random = createRandom(5)
    const before = embeddings({ rows: 60, dimension: 4 }, random)
    const now = embeddings({ rows: 60, dimension: 4 }, random)
    now.values[4 * 7 + 2] = Number.NaN
    now.values[4 * 9] = Number.POSITIVE_INFINITY
    const found = measure(before, now)
    expect(found.missing).toEqual({ reference: 0, current: 2 })
    expect(found.rows).toEqual({ reference: 60, current: 58 })
    expect(found.pValue).not.toBeNull()
  })

  it('that are few say nothing, which is not that there is no drift', () => {
    const random = createRandom(6)
    const found = measure(
      embeddings({ rows: 29, dimension: 4 }, random),
      embeddings({ rows: 300, dimension: 4 }, random),
    )
    expect(found.pValue).toBeNull()
    expect(found.reasons).toEqual(['too few vectors to say (29 and 300, 30 are needed)'])
  })

  it('are looked at up to the most rows, the same ones for the same seed', () => {
    const random = createRandom(7)
    const before = embeddings({ rows: 500, dimension: 4 }, random)
    const now = embeddings({ rows: 90, dimension: 4 }, random)
    const found = measure(before, now, 100)
    expect(found.rows).toEqual({ reference: 100, current: 90 })
    expect(measure(before, now, 100)).toEqual(found)
  })

  it.each<[string, VectorSample]>([
    ['no rows', sampleOf([])],
    ['no components', { rows: 50, dimension: 0, values: new Float64Array(0), missing: 0 }],
    ['equal vectors', sampleOf(new Array<number[]>(50).fill([1, 0, -3]))],
    ['zeros', sampleOf(new Array<number[]>(50).fill([0, 0]))],
    [
      'the largest doubles',
      sampleOf(Array.from({ length: 50 }, (_, i) => [i % 2 ? 1e308 : -1e308])),
    ],
    ['more components than rows', embeddings({ rows: 40, dimension: 300 }, createRandom(8))],
  ])('have an answer in plain JSON for %s', (_, sample) => {
    const found = measure(sample, sample)
    expect(found.pValue ?? 1).toBeGreaterThan(0.05)
    expect(VectorEvidenceSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(found)
  })
})
