import { describe, expect, it } from '@jest/globals'
import { type Design, selectRows } from '../../../../src/domain/stats/design.js'
import { decisionScores, fitLogistic } from '../../../../src/domain/stats/logistic.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { readReference } from './close.js'

interface Case {
  name: string
  rows: number
  columns: number
  offsets?: number[]
  indices?: number[]
  values: number[]
  labels: number[]
  penalty: number
  intercept: number
  weights: number[]
  scores: number[]
}

const { cases } = readReference<{ cases: Case[] }>('logistic')

function designOf({ rows, columns, offsets, indices, values }: Case): Design {
  const numbers = Float64Array.from(values)
  if (offsets === undefined || indices === undefined) return { rows, columns, values: numbers }
  return {
    rows,
    columns,
    offsets: Uint32Array.from(offsets),
    indices: Int32Array.from(indices),
    values: numbers,
  }
}

/** The same numbers with their zeros kept. */
function denseOf(example: Case): Design {
  const values = new Float64Array(example.rows * example.columns)
  const { offsets = [], indices = [] } = example
  for (let i = 0; i < example.rows; i++) {
    for (let k = offsets[i]!; k < offsets[i + 1]!; k++) {
      values[i * example.columns + indices[k]!] = example.values[k]!
    }
  }
  return { rows: example.rows, columns: example.columns, values }
}

const options = (penalty: number) => ({ penalty, maxIterations: 100 })

function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(found[i]! - expected[i]!))
  }
  return largest
}

describe('logistic regression', () => {
  it.each(cases)('equals scikit-learn: $name', (example) => {
    const design = designOf(example)
    const fit = fitLogistic(design, Uint8Array.from(example.labels), options(example.penalty))
    expect(fit.converged).toBe(true)
    expect(fit.weights).toHaveLength(example.columns)
    expect(largestError(fit.weights, example.weights)).toBeLessThan(1e-5)
    expect(Math.abs(fit.intercept - example.intercept)).toBeLessThan(1e-5)
    expect(largestError(decisionScores(fit, design), example.scores)).toBeLessThan(1e-4)
  })

  it.each(cases.filter(({ offsets }) => offsets !== undefined))(
    'gives the same for dense rows as for sparse ones: $name',
    (example) => {
      const labels = Uint8Array.from(example.labels)
      const sparse = fitLogistic(designOf(example), labels, options(example.penalty))
      const dense = fitLogistic(denseOf(example), labels, options(example.penalty))
      expect(largestError(dense.weights, sparse.weights)).toBeLessThan(1e-9)
    },
  )

  it('has no gradient left where it has converged', () => {
    const example = cases[0]!
    const labels = Uint8Array.from(example.labels)
    const design = designOf(example)
    const fit = fitLogistic(design, labels, options(2))
    const scores = decisionScores(fit, design)
    const gradient = fit.weights.map((weight) => 2 * weight)
    for (let i = 0; i < example.rows; i++) {
      const residual = 1 / (1 + Math.exp(-scores[i]!)) - labels[i]!
      for (let j = 0; j < 4; j++) gradient[j]! += residual * example.values[i * 4 + j]!
    }
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-7)
  })

  it('says that it has not converged when iterations run out', () => {
    const example = cases[0]!
    const fit = fitLogistic(designOf(example), Uint8Array.from(example.labels), {
      penalty: 0.01,
      maxIterations: 1,
    })
    expect(fit.converged).toBe(false)
  })

  it.each([
    [1, 'all ones'],
    [0, 'all zeros'],
  ])('answers one class alone (%s) with a constant, not converged', (label) => {
    const design = { rows: 3, columns: 1, values: Float64Array.of(1, 2, 3) }
    const fit = fitLogistic(design, new Uint8Array(3).fill(label), options(1))
    expect(fit.converged).toBe(false)
    expect([...fit.weights]).toEqual([0])
    expect(Math.sign(fit.intercept)).toBe(label === 1 ? 1 : -1)
  })

  it('scales: twenty thousand sparse columns converge', () => {
    const random = createRandom(4)
    const rows = 500
    const perRow = 30
    const offsets = Uint32Array.from({ length: rows + 1 }, (_, i) => i * perRow)
    const indices = Int32Array.from({ length: rows * perRow }, () => random.below(20_000))
    const values = Float64Array.from(indices, () => random.next())
    const labels = Uint8Array.from({ length: rows }, (_, i) => i % 2)
    const design = { rows, columns: 20_000, offsets, indices, values }
    expect(fitLogistic(design, labels, options(0.1)).converged).toBe(true)
  })
})

describe('rows of a design', () => {
  const sparse = cases.find(({ offsets }) => offsets !== undefined)!

  it('are the same rows for dense and for sparse designs', () => {
    const rows = [7, 0, 7, 149]
    const weights = Float64Array.from({ length: sparse.columns }, (_, j) => j - 3)
    const model = { intercept: 1, weights }
    const all = decisionScores(model, designOf(sparse))
    const expected = rows.map((row) => all[row]!)
    expect([...decisionScores(model, selectRows(designOf(sparse), rows))]).toEqual(expected)
    expect([...decisionScores(model, selectRows(denseOf(sparse), rows))]).toEqual(expected)
  })
})
