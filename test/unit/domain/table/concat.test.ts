import { describe, expect, it } from '@jest/globals'
import {
  type CategoricalColumn,
  type Column,
  cellText,
  type NumericColumn,
  type Table,
} from '../../../../src/domain/table/column.js'
import { tryConcatTables } from '../../../../src/domain/table/concat.js'

function numbers(name: string, values: number[], type: NumericColumn['type'] = 'integer'): Column {
  const missing = values.filter(Number.isNaN).length
  return { kind: 'numeric', name, type, values: Float64Array.from(values), missing }
}

function words(name: string, cells: (string | null)[]): CategoricalColumn {
  const categories = [...new Set(cells.filter((cell) => cell !== null))]
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : categories.indexOf(cell)))
  const missing = cells.filter((cell) => cell === null).length
  return { kind: 'categorical', name, type: 'string', codes, categories, missing }
}

function table(...columns: Column[]): Table {
  const [first] = columns
  const rows = first?.kind === 'numeric' ? first.values.length : (first?.codes.length ?? 0)
  return { rows, columns }
}

function joined(...tables: Table[]): Table {
  const result = tryConcatTables(tables)
  if (!('table' in result)) throw new Error(JSON.stringify(result.differences))
  return result.table
}

describe('tables under each other', () => {
  it('keep every cell, whatever the order of columns and categories', () => {
    const result = joined(
      table(numbers('n', [1, Number.NaN]), words('w', ['b', null])),
      table(words('w', ['a', 'b', 'c']), numbers('n', [3, 4, 5])),
    )
    expect(result.rows).toBe(5)
    expect(result.columns.map(({ name }) => name)).toEqual(['n', 'w'])
    expect(result.columns[0]).toEqual(numbers('n', [1, Number.NaN, 3, 4, 5]))
    expect(result.columns[1]).toEqual(words('w', ['b', null, 'a', 'b', 'c']))
  })

  it('are numbers when one has integers and one has numbers', () => {
    const result = joined(table(numbers('n', [1])), table(numbers('n', [0.5], 'number')))
    expect(result.columns[0]).toEqual(numbers('n', [1, 0.5], 'number'))
  })

  it('take the type of those that have values', () => {
    const nothing = table(numbers('v', [Number.NaN, Number.NaN], 'number'))
    const text = joined(nothing, table(words('v', ['x'])))
    expect(text.columns[0]).toEqual(words('v', [null, null, 'x']))
    const integers = joined(table(numbers('v', [7])), nothing)
    expect(integers.columns[0]).toEqual(numbers('v', [7, Number.NaN, Number.NaN]))
    const times = joined(nothing, table(numbers('v', [7], 'timestamp')))
    expect(times.columns[0]?.type).toBe('timestamp')
  })

  it('keep false and true in their places', () => {
    const flags = (codes: number[]): Table =>
      table({
        kind: 'categorical',
        name: 'f',
        type: 'boolean',
        codes: Int32Array.from(codes),
        categories: ['false', 'true'],
        missing: codes.filter((code) => code < 0).length,
      })
    const [column] = joined(flags([1, -1]), flags([0, 1])).columns
    if (column === undefined) throw new Error('no column')
    expect([0, 1, 2, 3].map((row) => cellText(column, row))).toEqual([
      'true',
      undefined,
      'false',
      'true',
    ])
    expect(column).toMatchObject({ type: 'boolean', categories: ['false', 'true'], missing: 1 })
  })

  it('are an empty table when there is none', () => {
    expect(joined()).toEqual({ rows: 0, columns: [] })
  })
})

describe('tables that differ', () => {
  it('are not joined: every difference is told', () => {
    const result = tryConcatTables([
      table(numbers('a', [1]), words('b', ['x']), numbers('c', [1])),
      table(numbers('a', [1]), numbers('b', [2]), words('d', ['y'])),
    ])
    expect(result).toEqual({
      differences: [
        { kind: 'column added', column: 'd', table: 1 },
        { kind: 'type differs', column: 'b', table: 1, expected: 'string', found: 'integer' },
        { kind: 'column absent', column: 'c', table: 1 },
      ],
    })
  })

  it('are those with times beside numbers', () => {
    const result = tryConcatTables([
      table(numbers('a', [1], 'timestamp')),
      table(numbers('a', [1], 'integer')),
    ])
    expect(result).toMatchObject({ differences: [{ kind: 'type differs', found: 'integer' }] })
  })
})
