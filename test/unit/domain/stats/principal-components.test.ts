import { describe, expect, it } from '@jest/globals'
import {
  principalComponents,
  reconstruct,
} from '../../../../src/domain/stats/principal-components.js'
import { readReference } from './close.js'

const { components: cases } = readReference<{
  components: {
    rows: number
    columns: number
    learned: number[]
    other: number[]
    kept: number
    explained: number
    errors: number[]
    byColumn: number[]
  }[]
}>('multivariate')

describe('reconstruction by principal components', () => {
  it.each(cases)('equals that of scikit-learn ($columns columns)', (example) => {
    const { rows, columns } = example
    const model = principalComponents(
      { rows, columns, values: Float64Array.from(example.learned) },
      0.65,
    )!
    expect(model.kept).toBe(example.kept)
    expect(model.explained).toBeCloseTo(example.explained, 10)
    const other = { rows: 10, columns, values: Float64Array.from(example.other) }
    const { errors, byColumn } = reconstruct(model, other)
    example.errors.forEach((error, i) => {
      expect(errors[i]).toBeCloseTo(error, 10)
    })
    example.byColumn.forEach((error, j) => {
      expect(byColumn[j]).toBeCloseTo(error, 10)
    })
  })

  it('never keeps all components: nothing would be lost', () => {
    const values = Float64Array.of(1, 2, 2, 1, 3, 5, 4, 4)
    expect(principalComponents({ rows: 4, columns: 2, values }, 1)!.kept).toBe(1)
  })

  it('sees a column that was constant begin to vary', () => {
    const values = Float64Array.of(1, 2, 7, 2, 1, 7, 3, 5, 7, 4, 4, 7)
    const model = principalComponents({ rows: 4, columns: 3, values }, 0.65)!
    const moved = reconstruct(model, { rows: 1, columns: 3, values: Float64Array.of(2.5, 3, 10) })
    expect(moved.byColumn[2]).toBeCloseTo(9, 10)
  })

  it('gives no answer where fewer than two columns vary, or for one row', () => {
    const values = Float64Array.of(1, 7, 2, 7, 3, 7)
    expect(principalComponents({ rows: 3, columns: 2, values }, 0.65)).toBeUndefined()
    expect(principalComponents({ rows: 1, columns: 2, values }, 0.65)).toBeUndefined()
  })
})
