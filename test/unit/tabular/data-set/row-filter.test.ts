import { describe, expect, it } from '@jest/globals'
import { DriftRows } from '../../../../src/config/drift/rows.js'
import type { Column, Table } from '../../../../src/domain/table/column.js'
import { type RowFilter, rowMatcher } from '../../../../src/tabular/data-set/row-filter.js'

const day = (text: string) => Date.parse(`${text}T00:00:00Z`)

const columns: Column[] = [
  numeric('score', 'number', [0.5, Number.NaN, 2, -1, Number.POSITIVE_INFINITY]),
  numeric('at', 'timestamp', [
    day('2024-01-01'),
    day('2024-01-02'),
    Number.NaN,
    day('2024-02-01'),
    0,
  ]),
  text('place', [0, 1, -1, 0, 2], ['north', 'south', '10'], 'string'),
  text('flag', [0, 1, 1, -1, 0], ['false', 'true'], 'boolean'),
  numeric('blank', 'number', [Number.NaN, Number.NaN, Number.NaN, Number.NaN, Number.NaN]),
]
const table: Table = { rows: 5, columns }

function numeric(name: string, type: 'number' | 'timestamp', cells: number[]): Column {
  const values = Float64Array.from(cells)
  return { kind: 'numeric', name, type, values, missing: cells.filter(Number.isNaN).length }
}

function text(
  name: string,
  codes: number[],
  categories: string[],
  type: 'string' | 'boolean',
): Column {
  const missing = codes.filter((code) => code < 0).length
  return { kind: 'categorical', name, type, codes: Int32Array.from(codes), categories, missing }
}

function kept(...filters: RowFilter[]): number[] {
  const keep = new Uint8Array(5).fill(1)
  rowMatcher(filters, 'rows.where').apply(table, keep)
  return Array.from(keep.keys()).filter((row) => keep[row] === 1)
}

describe('a row counts', () => {
  it.each<[string, RowFilter, number[]]>([
    ['where a number is equal', { score: 2 }, [2]],
    ['where a number is spelled as text', { score: '2.0' }, [2]],
    ['where a value is in a list', { place: ['north', 'west'] }, [0, 3]],
    ['where a number stands for a text', { place: 10 }, [4]],
    ['where a value is true', { flag: true }, [1, 2]],
    ['where the word for it is', { flag: 'False' }, [0, 4]],
    ['where a value is at least the smallest', { score: { min: 0.5 } }, [0, 2, 4]],
    ['where a value is at most the largest', { score: { max: 0.5 } }, [0, 3]],
    ['where a value is under a bound, which is not included', { score: { below: 0.5 } }, [3]],
    ['where a time lies in a month', { at: { min: '2024-01-01', below: '2024-02-01' } }, [0, 1]],
    ['where a time is a day', { at: '2024-01-02' }, [1]],
    ['where a time is at most so many milliseconds', { at: { max: 0 } }, [4]],
    ['where a text comes after another', { place: { min: 'o' } }, [1]],
    [
      'where a value is not left out, missing ones among them',
      { place: { 'not-in': ['north'] } },
      [1, 2, 4],
    ],
    [
      'where a value is not left out and there',
      { place: { 'not-in': ['north'], missing: false } },
      [1, 4],
    ],
    ['where a cell is missing', { score: { missing: true } }, [1]],
    ['where a cell is there', { score: { missing: false } }, [0, 2, 3, 4]],
    ['where nothing is asked', { score: {} }, [0, 1, 2, 3, 4]],
    ['nowhere, where a missing cell should be large', { score: { missing: true, min: 0 } }, []],
    ['nowhere, where a column without values has a text', { blank: 'x' }, []],
    ['where conditions on two columns hold', { score: { min: 0 }, flag: true }, [2]],
  ])('%s', (_, filter, expected) => {
    expect(kept(filter)).toEqual(expected)
  })

  it('where all filters hold', () => {
    expect(kept({ score: { min: 0 } }, { place: 'north' })).toEqual([0])
    expect(kept()).toEqual([0, 1, 2, 3, 4])
  })

  it('as the configuration says it', () => {
    const rows = DriftRows.parse({ where: { place: ['north'], score: { min: 0, missing: false } } })
    expect(kept(rows.where, rows.current)).toEqual([0])
  })

  it.each<[RowFilter, string]>([
    [{ score: 'high' }, 'column "score" holds numbers, with which "high" cannot be compared.'],
    [{ score: true }, 'column "score" holds numbers, with which true cannot be compared.'],
    [
      { at: { min: 'yesterday' } },
      'column "at" holds timestamps, with which "yesterday" cannot be compared.',
    ],
    [{ flag: 'maybe' }, 'column "flag" holds truth values, with which "maybe" cannot be compared.'],
    [
      { flag: { min: 'false' } },
      'column "flag" holds truth values, with which "false" cannot be compared.',
    ],
    [{ place: { max: 10 } }, 'column "place" holds texts, with which 10 cannot be compared.'],
  ])('only for what goes with the column: %j', (filter, what) => {
    expect(() => kept(filter)).toThrow(`MW-DATA-303: rows.where: ${what}`)
  })
})

describe('a range excludes', () => {
  const mayHold = (
    filter: RowFilter,
    range: { min: number | string; max: number | string } | undefined,
  ) =>
    rowMatcher([filter], 'rows.where').mayHold(
      () => range,
      () => (typeof range?.min === 'string' ? 'string' : 'number'),
    )
  const range = { min: 10, max: 20 }

  it.each<[RowFilter, boolean]>([
    [{ x: 9 }, false],
    [{ x: 10 }, true],
    [{ x: [5, 20] }, true],
    [{ x: [5, 25] }, false],
    [{ x: { min: 20 } }, true],
    [{ x: { min: 21 } }, false],
    [{ x: { max: 10 } }, true],
    [{ x: { max: 9 } }, false],
    [{ x: { below: 10 } }, false],
    [{ x: { below: 11 } }, true],
    [{ x: { missing: true } }, true],
    [{ x: { 'not-in': [10] } }, true],
  ])('%j: what may be there is %s', (filter, expected) => {
    expect(mayHold(filter, range)).toBe(expected)
  })

  it('texts by their order, and nothing where it is not known', () => {
    expect(mayHold({ x: 'm' }, { min: 'a', max: 'k' })).toBe(false)
    expect(mayHold({ x: 'c' }, { min: 'a', max: 'k' })).toBe(true)
    expect(mayHold({ x: 'm' }, undefined)).toBe(true)
  })
})
