import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { repeatedRows } from '../../../../../src/domain/drift/health/repeated-rows.js'
import { cellText, type Table } from '../../../../../src/domain/table/column.js'
import { numbers, table, text } from '../tables.js'
import { judge, named } from './requests.js'

const whole = (rows: Table) =>
  repeatedRows(rows.columns, { rows: rows.rows, passOverBlank: false }).repeated

describe('repeated rows', () => {
  it('are those whose cells are all equal to those of an earlier one', () => {
    const rows = table(numbers('a', [1, 1, 2, 1]), text('b', ['x', 'y', 'x', 'x']))
    expect(repeatedRows(rows.columns, { rows: 4, passOverBlank: false })).toEqual({
      repeated: 1,
      blank: 0,
      first: { row: 3, earlier: 0 },
    })
  })

  it('take every missing cell for equal, and 0 for -0', () => {
    expect(whole(table(numbers('a', [null, null, 0, -0]), text('b', [null, null, 'x', 'x'])))).toBe(
      2,
    )
    const odd = new Float64Array(2)
    new Uint32Array(odd.buffer).set([1, 0x7ff80000, 2, 0xfff80000])
    const column = { kind: 'numeric', type: 'number', name: 'a', values: odd, missing: 2 } as const
    expect(whole({ rows: 2, columns: [column] })).toBe(1)
  })

  it('take a category that is listed twice for one', () => {
    const codes = Int32Array.from([0, 1, 2])
    const categories = ['x', 'y', 'x']
    const column = { kind: 'categorical', type: 'string', name: 'a', codes, categories, missing: 0 }
    expect(whole({ rows: 3, columns: [column as never] })).toBe(1)
  })

  it('tell a missing number from every number and a code from its neighbour', () => {
    expect(whole(table(numbers('a', [null, 0, 1, -1, Number.POSITIVE_INFINITY])))).toBe(0)
  })

  it('are counted over a view into a larger buffer', () => {
    const values = new Float64Array([9, 1, 2, 1]).subarray(1)
    const column = { kind: 'numeric', type: 'number', name: 'a', values, missing: 0 } as const
    expect(whole({ rows: 3, columns: [column] })).toBe(1)
  })

  it('are none without a column', () => {
    expect(repeatedRows([], { rows: 5, passOverBlank: false }).repeated).toBe(0)
  })

  it('are as many as a set of their texts says', () => {
    const cell = fc.constantFrom(null, 0, 1, -1, 0.5, 2 ** 40, 2 ** 40 + 1)
    const word = fc.constantFrom(null, 'a', 'b', '')
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, word), { maxLength: 60 }), (cells) => {
        const rows = table(
          numbers(
            'a',
            cells.map(([a]) => a),
          ),
          numbers(
            'b',
            cells.map(([, b]) => b),
          ),
          text(
            'c',
            cells.map(([, , c]) => c),
          ),
        )
        const texts = cells.map((_, row) =>
          JSON.stringify(rows.columns.map((column) => cellText(column, row) ?? null)),
        )
        expect(whole(rows)).toBe(cells.length - new Set(texts).size)
      }),
    )
  })

  it('of very many rows are counted right', () => {
    const count = 200_000
    const cells = Array.from({ length: count }, (_, i) => (i * 7919) % (count - 1000))
    expect(whole(table(numbers('a', cells)))).toBe(1000)
  })
})

describe('duplicates', () => {
  it('of a key are judged by that key', () => {
    const current = table(numbers('id', [1, 2, 2, 3]), numbers('value', [1, 2, 3, 4]))
    const result = judge({ duplicates: { key: ['id'], level: 'fail' } }, { current })
    expect(named(result, 'duplicates')).toMatchObject({
      status: 'fail',
      column: null,
      observed: 0.25,
      failedRows: 1,
      detail:
        '1 of 4 rows repeat the key of an earlier one; the first is row 3, which repeats row 2',
    })
    expect(judge({ duplicates: {} }, { current }).status).toBe('pass')
  })

  it('are none among rows that have no key', () => {
    const current = table(numbers('id', [null, null, 1]), text('part', [null, null, 'x']))
    const result = judge({ duplicates: { key: ['id', 'part'] } }, { current })
    expect(named(result, 'duplicates')).toMatchObject({
      status: 'pass',
      failedRows: 0,
      observed: 0,
    })
    expect(named(result, 'duplicates').detail).toContain('2 have no key')
  })

  it('with a share allowed wait for enough rows', () => {
    const section = { duplicates: { 'max-share': 0.05 } }
    const few = table(numbers('a', [1, 2, 3, 4, 5, 6, 7, 8, 8]))
    expect(named(judge(section, { current: few }), 'duplicates').status).toBe('inconclusive')
    const many = table(
      numbers(
        'a',
        Array.from({ length: 900 }, (_, i) => Math.min(i, 800)),
      ),
    )
    expect(named(judge(section, { current: many }), 'duplicates').status).toBe('warn')
  })

  it('are not judged without rows, or without the key', () => {
    const none = judge({ duplicates: {} }, { current: table(numbers('a', [])) })
    expect(named(none, 'duplicates').status).toBe('inconclusive')
    const section = { duplicates: { key: ['gone'] } }
    const absent = named(judge(section, { current: table(numbers('a', [1])) }), 'duplicates')
    expect(absent).toMatchObject({
      status: 'inconclusive',
      detail: 'a column of the key is not in the current data',
    })
  })
})
