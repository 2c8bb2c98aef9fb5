import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Column, NumericColumn } from '../../../../src/domain/table/column.js'
import { csvFormat } from '../../../../src/tabular/csv/csv-format.js'
import {
  packColumn,
  SEGMENT_ROWS,
  unpackColumn,
  unpackTable,
} from '../../../../src/tabular/packed/packed-table.js'
import type { Segment } from '../../../../src/tabular/packed/segments.js'

function numbers(values: readonly number[]): NumericColumn {
  const missing = values.filter(Number.isNaN).length
  return { kind: 'numeric', name: 'x', type: 'number', values: Float64Array.from(values), missing }
}

function isSame(left: Column, right: Column): boolean {
  if (left.kind !== 'numeric' || right.kind !== 'numeric') return false
  return (
    left.values.length === right.values.length &&
    left.values.every((value, i) => Object.is(value, right.values[i]))
  )
}

function sizeOf(segment: Segment): string {
  if (segment.kind === 'decimals') return segment.digits.constructor.name
  return segment.kind === 'codes' ? segment.places.constructor.name : segment.kind
}

describe('a packed column is had back bit for bit', () => {
  it.each([
    ['any doubles', fc.double()],
    [
      'decimals',
      fc.tuple(fc.integer(), fc.integer({ min: 0, max: 9 })).map(([n, s]) => n / 10 ** s),
    ],
    ['times', fc.integer({ min: 1.7e12, max: 1.7e12 + 1e9 })],
    ['integers up to 2^53', fc.maxSafeInteger()],
    ['few numbers with gaps', fc.constantFrom(0, 1, 2.5, Number.NaN)],
    ['signed zeros and infinities', fc.constantFrom(0, -0, 1, Infinity, -Infinity, Number.NaN)],
  ])('%s', (_, value) => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const column = numbers(values)
        return isSame(unpackColumn(packColumn(column)), column)
      }),
    )
  })

  it('of which rows have different numbers of decimals, over several segments', () => {
    const values = Array.from({ length: 2 * SEGMENT_ROWS + 7 }, (_, i) =>
      i % 11 === 0 ? Number.NaN : Math.round((i * 7919) % 100_003) / 10 ** Math.min(6, i >> 13),
    )
    expect(isSame(unpackColumn(packColumn(numbers(values))), numbers(values))).toBe(true)
  })

  it.each([2, 255, 256, 65_535, 65_536])('of %i categories, and missing cells', (kinds) => {
    const codes = Int32Array.from({ length: kinds + 3 }, (_, i) => (i % (kinds + 1)) - 1)
    const column: Column = {
      kind: 'categorical',
      name: 'c',
      type: 'string',
      codes,
      categories: Array.from({ length: kinds }, (_, i) => `k${i}`),
      missing: 2,
    }
    expect(unpackColumn(packColumn(column))).toEqual(column)
  })
})

describe('a packed column takes as little as holds it', () => {
  it.each([
    [[1, 2, Number.NaN, -300], 'Int16Array'],
    [[1.25, 2.5, 0.0001], 'Int16Array'],
    [[0.647906, -2.458204], 'Int32Array'],
    [[1.7e12, 1.7e12 + 5], 'Int16Array'],
    [[Math.PI], 'floats'],
    [[1, Infinity], 'floats'],
    [[0, -0], 'floats'],
  ])('%j: %s', (values, expected) => {
    expect(packColumn(numbers(values)).segments.map(sizeOf)).toEqual([expected])
  })
})

function csvFile(lines: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'modelway-packed-')), 'data.csv')
  writeFileSync(path, `${lines.join('\n')}\n`)
  return path
}

async function readBoth(path: string) {
  const request = { path, shownAs: 'data.csv' }
  const packed = await csvFormat.readPacked?.(request)
  if (packed === undefined) throw new TypeError('CSV is packed while it is read')
  const { mixed: packedMixed, ...table } = packed
  const { mixed, ...plain } = await csvFormat.readTable(request)
  return { packed: unpackTable(table), plain, packedMixed, mixed, segments: packed.columns }
}

describe('CSV that is packed while it is read is the same table', () => {
  const ROWS = 3 * SEGMENT_ROWS
  const rows = (cells: (row: number) => string) =>
    Array.from({ length: ROWS }, (_, row) => cells(row))

  it('of all types, with missing cells and quoted newlines at the cuts between chunks', async () => {
    const path = csvFile([
      'number,integer,flag,day,text',
      ...rows((i) =>
        [
          i % 7 === 0 ? '' : (i / 64).toFixed(4),
          i * 31,
          i % 3 === 0 ? 'true' : 'false',
          `2026-01-${String((i % 28) + 1).padStart(2, '0')}`,
          i % 5 === 0 ? `"a,\n${i % 300}"` : `t${i % 4000}`,
        ].join(','),
      ),
    ])
    const { packed, plain, segments } = await readBoth(path)
    expect(segments.every((column) => column.segments.length > 1)).toBe(true)
    expect(packed).toEqual(plain)
  })

  it('where a column is blank at first, or all along', async () => {
    const path = csvFile([
      'late,words,never,padding',
      ...rows((i) =>
        [i < 2 * SEGMENT_ROWS ? '' : i, i < SEGMENT_ROWS * 1.5 ? '' : 'x', '', 'padding'].join(','),
      ),
    ])
    const { packed, plain } = await readBoth(path)
    expect(packed).toEqual(plain)
  })

  it('where a column turns out as text after some segments, at the same row', async () => {
    const path = csvFile([
      'code,padding',
      ...rows((i) => `${i === 2 * SEGMENT_ROWS + 5 ? 'none' : `${i % 50}.50`},some padding here`),
    ])
    const { packed, plain, packedMixed, mixed } = await readBoth(path)
    expect(packedMixed).toEqual([{ column: 'code', row: 2 * SEGMENT_ROWS + 6 }])
    expect(packedMixed).toEqual(mixed)
    expect(packed).toEqual(plain)
    const [code] = packed.columns
    expect(code?.kind === 'categorical' && code.categories.slice(0, 2)).toEqual(['0.50', '1.50'])
  })
})
