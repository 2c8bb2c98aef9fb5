import { describe, expect, it } from '@jest/globals'
import { labelsOf, slicesWith } from '../../../../src/actions/deploy-canary/labels.js'
import type { Column, Table } from '../../../../src/domain/table/column.js'

const numbers = (name: string, values: number[]): Column => ({
  kind: 'numeric',
  name,
  type: 'number',
  values: Float64Array.from(values),
  missing: 0,
})
const table: Table = {
  rows: 5,
  columns: [
    numbers('id', [1, 2, 2, Number.NaN, 5]),
    numbers('label', [1, 0, 1, 1, Number.NaN]),
    {
      kind: 'categorical',
      name: 'naïve|<b>',
      type: 'string',
      codes: Int32Array.from([0, 1, 0, 0, 1]),
      categories: ['a=b', '@x'],
      missing: 0,
    },
  ],
}

describe('labels of requests', () => {
  it('are read by id with their slices; what has no id or label is left out', () => {
    const labels = labelsOf(
      table,
      { id: 'id', label: 'label', groups: ['naïve|<b>'] },
      'labels.csv',
    )
    expect([...labels]).toEqual([
      ['1', { label: '1', slices: ['naïve|<b>=a=b'] }],
      ['2', { label: '0', slices: ['naïve|<b>=@x'] }],
    ])
    expect(slicesWith(labels, 1)).toEqual(['naïve|<b>=@x', 'naïve|<b>=a=b'])
    expect(slicesWith(labels, 2)).toEqual([])
  })

  it('need their columns, and say which there are', () => {
    const read = () => labelsOf(table, { id: 'id', label: 'y', groups: [] }, 'labels.csv')
    expect(read).toThrow(
      'MW-DEPLOY-020: labels.csv: column "y" not found. Found: id, label, naïve|<b>.',
    )
  })
})
