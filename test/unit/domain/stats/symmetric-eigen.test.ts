import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { symmetricEigen } from '../../../../src/domain/stats/symmetric-eigen.js'
import { readReference } from './close.js'

const { eigen: cases } = readReference<{
  eigen: { name: string; size: number; matrix: number[]; values: number[]; vectors: number[] }[]
}>('multivariate')

/** The largest entry of A v - lambda v, over all pairs. */
function residual(matrix: Float64Array, size: number): number {
  const { values, vectors } = symmetricEigen(matrix, size)!
  let worst = 0
  for (let k = 0; k < size; k++) {
    for (let i = 0; i < size; i++) {
      let sum = 0
      for (let j = 0; j < size; j++) sum += matrix[i * size + j]! * vectors[k * size + j]!
      worst = Math.max(worst, Math.abs(sum - values[k]! * vectors[k * size + i]!))
    }
  }
  return worst
}

function scaleOf(values: readonly number[]): number {
  return Math.max(1e-300, ...values.map(Math.abs))
}

describe('eigenvalues and eigenvectors of a symmetric matrix', () => {
  it.each(cases)('equal those of numpy: $name', ({ size, matrix, values }) => {
    const found = symmetricEigen(Float64Array.from(matrix), size)!
    const scale = scaleOf(values)
    values.forEach((value, k) => {
      expect(Math.abs(found.values[k]! - value) / scale).toBeLessThan(1e-13)
    })
    expect(residual(Float64Array.from(matrix), size) / scale).toBeLessThan(1e-13)
  })

  it('has the vectors of numpy where eigenvalues differ, up to their sign', () => {
    const { size, matrix, vectors } = cases[0]!
    const found = symmetricEigen(Float64Array.from(matrix), size)!
    for (let k = 0; k < size; k++) {
      let along = 0
      for (let j = 0; j < size; j++) along += found.vectors[k * size + j]! * vectors[k * size + j]!
      expect(Math.abs(Math.abs(along) - 1)).toBeLessThan(1e-12)
    }
  })

  it('has vectors at right angles, of length one, their largest entry positive', () => {
    const { size, matrix } = cases[1]!
    const { vectors } = symmetricEigen(Float64Array.from(matrix), size)!
    for (let a = 0; a < size; a++) {
      const one = vectors.subarray(a * size, (a + 1) * size)
      expect(Math.max(...one)).toBeGreaterThanOrEqual(-Math.min(...one))
      for (let b = 0; b <= a; b++) {
        let product = 0
        for (let j = 0; j < size; j++) product += one[j]! * vectors[b * size + j]!
        expect(Math.abs(product - (a === b ? 1 : 0))).toBeLessThan(1e-13)
      }
    }
  })

  it('holds for 120 columns', () => {
    const size = 120
    const random = createRandom(6)
    const matrix = new Float64Array(size * size)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j <= i; j++) {
        matrix[i * size + j] = random.next() - 0.5
        matrix[j * size + i] = matrix[i * size + j]!
      }
    }
    expect(residual(matrix, size)).toBeLessThan(1e-13 * size)
  })

  it('holds where nearly all eigenvalues are 0: columns that are sums of few others', () => {
    const size = 150
    const random = createRandom(2)
    const factors = Array.from({ length: 3 }, () =>
      Float64Array.from({ length: size }, () => random.next()),
    )
    const matrix = new Float64Array(size * size)
    for (const factor of factors) {
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) matrix[i * size + j]! += factor[i]! * factor[j]!
      }
    }
    expect(residual(matrix, size)).toBeLessThan(1e-12 * size)
    const { values } = symmetricEigen(matrix, size)!
    expect(Math.max(...values.subarray(3).map(Math.abs))).toBeLessThan(1e-12 * values[0]!)
  })

  it('gives no answer for entries that are not finite, and an empty one for nothing', () => {
    expect(symmetricEigen(Float64Array.of(1, Number.NaN, 0, 1), 2)).toBeUndefined()
    expect(symmetricEigen(new Float64Array(), 0)!.values).toHaveLength(0)
  })
})
