import { expect, it } from '@jest/globals'
import type { Table } from '../../../src/domain/table/column.js'
import { concatTables } from '../../../src/tabular/concat-tables.js'

const one = (name: string): Table => ({
  rows: 1,
  columns: [{ kind: 'numeric', name, type: 'integer', values: Float64Array.of(1), missing: 0 }],
})

it('concatTables joins tables of one schema', () => {
  expect(concatTables([one('a'), one('a')])).toMatchObject({
    rows: 2,
    columns: [{ name: 'a', values: Float64Array.of(1, 1) }],
  })
})

it('concatTables names the file, the column and the difference', () => {
  expect(() => concatTables([one('a'), one('b')], ['x.csv', 'y.csv'])).toThrow(
    'MW-DATA-019: y.csv: column "b" is not in x.csv. Give all files the same columns and types, or ' +
      'name the columns that they share.\nMW-DATA-019: y.csv: column "a" of x.csv is absent.',
  )
})
