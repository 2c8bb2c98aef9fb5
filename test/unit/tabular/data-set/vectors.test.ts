import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { DataSetOptions } from '../../../../src/tabular/data-set/data-set-options.js'
import { openDataSet } from '../../../../src/tabular/data-set/open-data-set.js'
import { parseVector } from '../../../../src/tabular/data-set/vector-rows.js'

// Made by test/reference/tabular/make-data-set.py with pyarrow 26.0.1.
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/tabular/data-set/${name}`, import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-vectors-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function open(paths: string[], more: Partial<DataSetOptions> = {}) {
  const [first = ''] = paths
  return openDataSet({ root: dirname(first), paths, where: 'drift.current', ...more })
}

async function written(name: string, content: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** Row r is [r, r + 0.5, -r]; every fifth is missing, and row 7 as a whole because a number is. */
function expectedRow(row: number): number[] {
  if (row % 5 === 4 || row === 7) return [Number.NaN, Number.NaN, Number.NaN]
  return [row, row + 0.5, 0 - row]
}
const expected = Array.from({ length: 30 }, (_, row) => expectedRow(row))

describe('vectors from lists', () => {
  const files = ['vectors.parquet', 'vectors-v2.parquet', 'vectors.feather', 'vectors-slices.arrow']

  it.each(
    files.flatMap((file) => ['list', 'fixed', 'large'].map((column) => [file, column] as const)),
  )('of %s, column %s, are those that pyarrow wrote', async (file, column) => {
    const vectors = await (await open([fixture(file)])).readVectors([column])
    expect({ ...vectors, values: Array.from(vectors.values) }).toEqual({
      rows: 30,
      dimension: 3,
      missing: 7,
      values: expected.flat(),
    })
  })

  it.each(files)('of %s may be of integers, or of values that are never missing', async (file) => {
    const set = await open([fixture(file)])
    const whole = await set.readVectors(['whole'])
    expect(Array.from(whole.values.subarray(0, 6))).toEqual([0, 0, 0, 1, 1, -1])
    const required = await set.readVectors(['required'])
    expect(required).toMatchObject({ rows: 30, dimension: 2, missing: 0 })
    expect(Array.from(required.values.subarray(58))).toEqual([29, 30])
  })

  it.each(files)('of %s are of the rows that count, and of all files', async (file) => {
    const set = await open([fixture(file)], { filters: [{ id: [3, 9, 20, 29] }] })
    const { rows, values } = await set.readVectors(['list'])
    expect(rows).toBe(4)
    expect(Array.from(values)).toEqual([3, 9, 20, 29].flatMap(expectedRow))
    const both = await open([fixture(file), fixture('vectors-v2.parquet')].sort(), {
      filters: [{ id: { min: 28 } }],
    })
    expect((await both.readVectors(['fixed'])).rows).toBe(file === 'vectors-v2.parquet' ? 2 : 4)
  })

  it.each(files)('of %s must be of one length: the row and the file are said', async (file) => {
    const set = await open([fixture(file)])
    await expect(set.readVectors(['uneven'])).rejects.toThrow(
      `MW-DATA-306: ${file}: the vector in row 21 of column "uneven" has 3 numbers, those before have 2.`,
    )
    await expect(set.readVectors(['empty'])).rejects.toThrow(
      `MW-DATA-306: ${file}: the vector in row 1 of column "empty" has 0 numbers.`,
    )
  })

  it.each(files)('of %s are of numbers: other nested columns are refused by name', async (file) => {
    const set = await open([fixture(file)])
    for (const column of ['words', 'struct', 'deep']) {
      await expect(set.readVectors([column])).rejects.toThrow(
        `MW-DATA-016: ${file}: column "${column}" is nested`,
      )
    }
    await expect(set.read(['list'])).rejects.toThrow('MW-DATA-016')
    expect(set.columns.map(({ name }) => name)).toEqual(['id'])
  })
})

describe('vectors from text', () => {
  it('are cells of CSV in the ways that programs write them', async () => {
    const path = await written(
      'cells.csv',
      'id,v\n1,"[0.5, 2]"\n2,1;-3\n3,\n4,(1e3 nan)\n5,{7|8}\n',
    )
    const set = await open([path], { filters: [{ id: { below: 5 } }], vectors: ['v'] })
    const vectors = await set.readVectors(['v'])
    expect({ ...vectors, values: Array.from(vectors.values) }).toEqual({
      rows: 4,
      dimension: 2,
      missing: 2,
      values: [0.5, 2, 1, -3, Number.NaN, Number.NaN, Number.NaN, Number.NaN],
    })
    expect(set.columns.map(({ name }) => name)).toEqual(['id'])
  })

  it('name the row of a cell that is none', async () => {
    const path = await written('none.csv', 'id,v\n1,1;2\n2,1;2\n3,many\n')
    for (const hold of [true, false]) {
      const set = await open([path], { filters: [{ id: { min: 2 } }], hold })
      await expect(set.readVectors(['v'])).rejects.toThrow(
        'MW-DATA-308: none.csv: row 3 of column "v" is not a list of numbers.',
      )
    }
  })

  it('are lists in JSON Lines that are asked for as vectors, and refused otherwise', async () => {
    const path = await written(
      'lists.jsonl',
      '{"id":1,"v":[0.25,1],"w":[1]}\n{"id":2,"v":null}\n{"id":3,"v":[null,2]}\n{"id":4,"v":[3,4]}\n',
    )
    for (const hold of [true, false]) {
      const set = await open([path], { vectors: ['v'], hold })
      const { values, missing } = await set.readVectors(['v'])
      expect(missing).toBe(2)
      expect(Array.from(values).filter((value) => !Number.isNaN(value))).toEqual([0.25, 1, 3, 4])
      expect(set.columns.map(({ name }) => name)).toEqual(['id'])
    }
    const set = await open([path], { hold: false })
    await expect(set.readVectors(['w'])).rejects.toThrow('MW-DATA-022')
  })

  it.each<[string, number[] | undefined]>([
    ['[]', []],
    ['[1,2', undefined],
    ['1,,2', undefined],
    ['0x10;1', undefined],
    [' [1 -2.5e-3  .5] ', [1, -0.0025, 0.5]],
    ['[inf, -Infinity]', [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]],
    ['[null, NaN]', [Number.NaN, Number.NaN]],
    ['(1; 2; 3)', [1, 2, 3]],
  ])('%j is %j', (text, numbers) => {
    const found = parseVector(text)
    expect(found === undefined ? undefined : Array.from(found)).toEqual(numbers)
  })
})

describe('vectors from columns', () => {
  it('are ordered by the number in place of the star', async () => {
    const path = await written('wide.csv', 'e_10,e_2,e_1,name\n3,2,1,a\n6,5,,b\n9,8,7,c\n')
    for (const hold of [true, false]) {
      const set = await open([path], { hold })
      const vectors = await set.readVectors(['e_*'])
      expect({ ...vectors, values: Array.from(vectors.values) }).toEqual({
        rows: 3,
        dimension: 3,
        missing: 1,
        values: [1, 2, 3, Number.NaN, Number.NaN, Number.NaN, 7, 8, 9],
      })
      expect(Array.from((await set.readVectors(['e_2', 'e_1'])).values)).toEqual([
        2,
        1,
        Number.NaN,
        Number.NaN,
        8,
        7,
      ])
    }
  })

  it('must be numbers, and must be there', async () => {
    const set = await open([await written('words.csv', 'e_1,name\n1,a\n')])
    await expect(set.readVectors(['f_*'])).rejects.toThrow(
      'MW-DATA-305: drift.current: no column of numbers matches "f_*".',
    )
    await expect(set.readVectors(['e_1', 'name'])).rejects.toThrow(
      'MW-DATA-307: drift.current: column "name" is of type string, so it can be no component of a vector.',
    )
    await expect(set.readVectors(['absent'])).rejects.toThrow('MW-DATA-003')
  })
})
