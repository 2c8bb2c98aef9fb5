import { describe, expect, it } from '@jest/globals'
import { meaningOf, typeOf } from '../../../../src/tabular/parquet/leaf-column.js'

describe('a decimal of Parquet', () => {
  it.each([
    [0, 'integer'],
    [2, 'number'],
  ])('with %i digits behind the point is of type %s, as in an engine and in CSV', (scale, type) => {
    const element = {
      name: 'd',
      type: 'INT32',
      converted_type: 'DECIMAL',
      scale,
      precision: 9,
    } as const
    const leaf = { name: 'd', path: [], element, nested: false, definition: 1 }
    expect(typeOf(meaningOf(leaf, 'data.parquet'))).toBe(type)
  })
})
