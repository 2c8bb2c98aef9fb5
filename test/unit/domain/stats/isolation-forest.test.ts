import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { drawRows } from '../../../../src/domain/stats/draw-rows.js'
import {
  anomalyScores,
  averagePathLength,
  growIsolationForest,
  type RowMatrix,
} from '../../../../src/domain/stats/isolation-forest.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { relativeError } from './close.js'

const url = new URL('../../../reference/health/reference.json', import.meta.url)
const reference: {
  forest: { rows: number[][]; scores: number[]; spread: number }
  pathLengths: { n: number; length: number }[]
} = JSON.parse(readFileSync(url, 'utf8'))

function matrixOf(rows: readonly (readonly number[])[]): RowMatrix {
  return {
    rows: rows.length,
    columns: rows[0]?.length ?? 0,
    values: Float64Array.from(rows.flat()),
  }
}

function scoresOf(matrix: RowMatrix, seed: number): Float64Array {
  const forest = growIsolationForest(matrix, { random: createRandom(seed) })
  if (forest === undefined) throw new Error('no forest')
  return anomalyScores(forest, matrix)
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length
  const [ma, mb] = [mean(a), mean(b)]
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0)
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb))
}

describe('the length of an unsuccessful search', () => {
  it.each(reference.pathLengths)('of $n keys is that of scikit-learn', ({ n, length }) => {
    expect(relativeError(averagePathLength(n), length)).toBeLessThan(1e-14)
  })
})

describe('an isolation forest', () => {
  it('gives the scores of scikit-learn, on average over forests', () => {
    const matrix = matrixOf(reference.forest.rows)
    const mean = new Array<number>(matrix.rows).fill(0)
    const forests = 10
    for (let seed = 0; seed < forests; seed++) {
      scoresOf(matrix, seed).forEach((score, row) => {
        mean[row] = (mean[row] ?? 0) + score / forests
      })
    }
    expect(correlation(mean, reference.forest.scores)).toBeGreaterThan(0.999)
    const furthest = Math.max(
      ...mean.map((score, row) => Math.abs(score - (reference.forest.scores[row] ?? 0))),
    )
    // Means of 10 and of 20 forests, of 400 rows: four deviations.
    expect(furthest).toBeLessThan(4 * 2 * reference.forest.spread * Math.sqrt(1 / forests + 1 / 20))
  })

  it('gives the row that is alone the highest score', () => {
    const rows = Array.from({ length: 300 }, (_, i) => [i % 17, (i * 7) % 13])
    rows[123] = [500, -500]
    const scores = [...scoresOf(matrixOf(rows), 1)]
    expect(scores.indexOf(Math.max(...scores))).toBe(123)
    expect(scores[123]).toBeGreaterThan(0.75)
  })

  it('is the same for the same seed and another for another', () => {
    const matrix = matrixOf(reference.forest.rows)
    expect(scoresOf(matrix, 3)).toEqual(scoresOf(matrix, 3))
    expect(scoresOf(matrix, 3)).not.toEqual(scoresOf(matrix, 4))
  })

  it('calls rows that are all equal ordinary, and one row alone', () => {
    const equal = scoresOf(matrixOf(Array.from({ length: 40 }, () => [1, 2])), 1)
    for (const score of equal) expect(score).toBeCloseTo(0.5, 12)
    expect([...scoresOf(matrixOf([[1]]), 1)]).toEqual([0.5])
  })

  it('needs a row and a column', () => {
    const random = createRandom(1)
    const none = { rows: 0, columns: 2, values: new Float64Array(0) }
    expect(growIsolationForest(none, { random })).toBeUndefined()
    expect(growIsolationForest({ ...none, rows: 3, columns: 0 }, { random })).toBeUndefined()
  })

  it('holds with the largest numbers', () => {
    const rows = Array.from({ length: 64 }, (_, i) => [i === 5 ? 1e300 : i === 6 ? -1e300 : i])
    for (const score of scoresOf(matrixOf(rows), 2)) expect(Number.isFinite(score)).toBe(true)
  })
})

describe('rows drawn without replacement', () => {
  it('are distinct, and all where there are not so many', () => {
    const drawn = drawRows(50, 20, createRandom(1))
    expect(new Set(drawn).size).toBe(20)
    expect(Math.max(...drawn)).toBeLessThan(50)
    expect([...drawRows(5, 9, createRandom(1))].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('are every row as often as any other', () => {
    const counts = new Array<number>(6).fill(0)
    const random = createRandom(8)
    for (let time = 0; time < 6000; time++) {
      for (const row of drawRows(6, 2, random)) counts[row] = (counts[row] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(4 * Math.sqrt(1334))
  })
})
