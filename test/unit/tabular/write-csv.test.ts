import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Column, Table } from '../../../src/domain/table/column.js'
import { readTable } from '../../../src/tabular/read-table.js'
import { writeCsv } from '../../../src/tabular/write-csv.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-write-'))
})
afterAll(() => rm(folder, { recursive: true }))

function text(name: string, cells: readonly (string | null)[]): Column {
  const categories = [...new Set(cells.filter((cell) => cell !== null))]
  return {
    kind: 'categorical',
    name,
    type: 'string',
    codes: Int32Array.from(cells, (cell) => (cell === null ? -1 : categories.indexOf(cell))),
    categories,
    missing: cells.filter((cell) => cell === null).length,
  }
}

function numbers(name: string, values: readonly number[], type: 'number' | 'timestamp'): Column {
  const missing = values.filter(Number.isNaN).length
  return { kind: 'numeric', name, type, values: Float64Array.from(values), missing }
}

it('quotes what needs it, and tells the empty string from a missing cell', async () => {
  const path = join(folder, 'quoted.csv')
  const table: Table = {
    rows: 4,
    columns: [
      text('a,"b"', ['x', '', null, 'line\nbreak, "quoted"']),
      numbers('n', [0.1, Number.NaN, -Infinity, 1e21], 'number'),
      numbers('t', [0, 1709164800123, Number.NaN, 5], 'timestamp'),
    ],
  }
  await writeCsv(path, table)
  expect(await readFile(path, 'utf8')).toBe(
    '"a,""b""",n,t\n' +
      'x,0.1,1970-01-01T00:00:00.000Z\n' +
      '"",,2024-02-29T00:00:00.123Z\n' +
      ',-Infinity,\n' +
      '"line\nbreak, ""quoted""",1e+21,1970-01-01T00:00:00.005Z\n',
  )
  expect(await readdir(folder)).toEqual(['quoted.csv'])
})

it('reads back to the same table', async () => {
  const cell = fc.option(
    fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), fc.constantFrom('007', 'NA', ' a ')),
  )
  const number = fc.oneof(fc.double(), fc.constantFrom(-0, 2 ** 53, 2 ** 60, Number.NaN))
  const path = join(folder, 'round.csv')
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, number), { minLength: 1, maxLength: 20 }),
      async (rows) => {
        const cells = rows.map(([value]) => value?.replaceAll('\0', '') ?? null)
        const values = rows.map(([, value]) => value)
        const columns = [text('w', cells), numbers('n', values, 'number')]
        await writeCsv(path, { rows: rows.length, columns })
        const read = await readTable(path, { types: { w: 'string', n: 'number' } })
        expect(read).toEqual({ rows: rows.length, columns })
      },
    ),
    { numRuns: 200, seed: 2 },
  )
})

it('leaves nothing behind when it cannot write', async () => {
  const path = join(folder, 'absent', 'x.csv')
  await expect(writeCsv(path, { rows: 0, columns: [] })).rejects.toThrow('ENOENT')
  const before = await readdir(folder)
  await expect(writeCsv(folder, { rows: 0, columns: [] })).rejects.toThrow()
  expect(await readdir(folder)).toEqual(before)
  const beside = await readdir(dirname(folder))
  expect(beside.filter((name) => name.startsWith(`.${basename(folder)}`))).toEqual([])
})
