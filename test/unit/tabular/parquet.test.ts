import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cellText, findColumn, type Table } from '../../../src/domain/table/column.js'
import { UserError } from '../../../src/errors.js'
import { readSchema, readTable } from '../../../src/tabular/read-table.js'

// Made by test/reference/tabular/make-parquet.py with pyarrow 26.0.1.
const fixtures = fileURLToPath(new URL('../../fixtures/tabular', import.meta.url))
const fixture = (name: string) => join(fixtures, name)
const expected = JSON.parse(readFileSync(fixture('expected.json'), 'utf8')) as Record<
  string,
  unknown[]
>

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-parquet-'))
})
afterAll(() => rm(folder, { recursive: true }))

function cells(table: Table, name: string): unknown[] {
  const column = findColumn(table, name)
  if (column === undefined) throw new Error(`no column ${name}`)
  return Array.from({ length: table.rows }, (_, row) => {
    if (column.kind === 'numeric') {
      const value = column.values[row] ?? Number.NaN
      return Number.isNaN(value) ? null : value
    }
    const text = cellText(column, row) ?? null
    return column.type === 'boolean' && text !== null ? text === 'true' : text
  })
}

async function problemOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}

describe('values', () => {
  const files = readdirSync(fixtures).filter((name) =>
    /-(dictionary|plain)\.parquet$|page-v2|encodings/.test(name),
  )

  it('covers six codecs with and without dictionaries, both kinds of pages, delta encodings and full dictionaries', () => {
    expect(files).toHaveLength(15)
  })

  it.each(files)('of %s are those that pyarrow wrote', async (name) => {
    const table = await readTable(fixture(name))
    expect(table.rows).toBe(200)
    for (const { name: column } of table.columns) {
      expect(cells(table, column)).toEqual(expected[column])
    }
    expect(findColumn(table, 'float')?.missing).toBe(29)
    expect(findColumn(table, 'long')?.type).toBe('integer')
  })

  it('of each logical type have the unit and the type of the table', async () => {
    const table = await readTable(fixture('types.parquet'))
    const moment = Date.UTC(2024, 1, 29, 12, 30, 15)
    const found = Object.fromEntries(
      table.columns.map(({ name, type }) => [name, { type, cells: cells(table, name) }]),
    )
    expect(found).toEqual({
      date: { type: 'timestamp', cells: [Date.UTC(2024, 1, 29), null, -86_400_000] },
      ms: { type: 'timestamp', cells: [moment + 123, null, moment + 123] },
      us: { type: 'timestamp', cells: [moment + 123.456, null, moment + 123.456] },
      ns: { type: 'timestamp', cells: [moment + 123.456, null, moment + 123.456] },
      decimal: { type: 'number', cells: [1.15, null, -20.05] },
      'decimal-wide': { type: 'number', cells: [Number('12345678901234567890.5'), null, -0.5] },
      'decimal-scale': { type: 'number', cells: [100, null, -0.5] },
      float32: { type: 'number', cells: [0.5, null, null] },
      half: { type: 'number', cells: [1.5, null, -2] },
      infinite: { type: 'number', cells: [Infinity, null, -Infinity] },
      big: { type: 'string', cells: ['9007199254740993', null, '-3'] },
      safe: { type: 'integer', cells: [9007199254740991, null, -9007199254740991] },
      unsigned: { type: 'string', cells: ['18446744073709551615', null, '0'] },
      'unsigned-32': { type: 'integer', cells: [4294967295, null, 0] },
      tiny: { type: 'integer', cells: [255, null, 0] },
      time: { type: 'number', cells: [1500, null, 43_200_000] },
      nothing: { type: 'integer', cells: [null, null, null] },
      category: { type: 'string', cells: ['b', null, 'a'] },
      required: { type: 'integer', cells: [1, 2, 3] },
    })
  })

  it('of text are numbered in order of first appearance, and none is listed that no row has', async () => {
    const table = await readTable(fixture('types.parquet'), { columns: ['category'] })
    expect(table.columns[0]).toMatchObject({ categories: ['b', 'a'], missing: 1 })
    expect(Array.from((table.columns[0] as { codes: Int32Array }).codes)).toEqual([0, -1, 1])
  })

  it('of INT96 timestamps are milliseconds', async () => {
    const table = await readTable(fixture('int96.parquet'))
    const moment = Date.UTC(2024, 1, 29, 12, 30, 15) + 123.456
    expect(cells(table, 'ns')).toEqual([moment, null, moment])
  })

  it('of decimals stored as integers are divided once', async () => {
    const table = await readTable(fixture('decimal-integer.parquet'))
    expect(cells(table, 'decimal')).toEqual([1.15, null, -20.05])
    expect(cells(table, 'decimal-scale')).toEqual([100, null, -0.5])
  })
})

describe('columns', () => {
  it('come in the order asked for, and only they', async () => {
    const table = await readTable(fixture('snappy-dictionary.parquet'), {
      columns: ['text', 'float'],
    })
    expect(table.columns.map(({ name }) => name)).toEqual(['text', 'float'])
    expect(cells(table, 'text')).toEqual(expected['text'])
  })

  it('that are absent are named together with what was found and the nearest name', async () => {
    const error = await problemOf(
      readTable(fixture('snappy-plain.parquet'), { columns: ['flot', 'id'], shownAs: 'data/x.pq' }),
    )
    expect(error.problems).toHaveLength(1)
    expect(error.message).toBe(
      'MW-DATA-003: data/x.pq: column "flot" not found. Found: float, long, int, text, id, flag. ' +
        'Did you mean "float"? Name a column that the file has.',
    )
  })

  it('that are nested are all named in one error when no columns are named', async () => {
    const error = await problemOf(readTable(fixture('nested.parquet')))
    expect(error.problems).toHaveLength(1)
    expect(error.problems[0]).toMatchObject({
      code: 'MW-DATA-016',
      what: 'columns "list", "struct" are nested (lists, maps or structs).',
    })
  })

  it('that are nested do no harm when they are not asked for, and are refused when they are', async () => {
    const table = await readTable(fixture('nested.parquet'), { columns: ['last', 'id'] })
    expect(cells(table, 'last')).toEqual(['x', 'y'])
    expect(cells(table, 'id')).toEqual([1, 2])
    const error = await problemOf(readTable(fixture('nested.parquet'), { columns: ['list', 'id'] }))
    expect(error.problems[0]?.what).toBe('column "list" is nested (a list, map or struct).')
  })

  it('of bytes are refused by name, as text or as a type', async () => {
    const binary = await problemOf(readTable(fixture('binary.parquet')))
    expect(binary.problems[0]).toMatchObject({
      code: 'MW-DATA-018',
      what: 'column "raw" holds bytes that are not UTF-8 text.',
    })
    const fixed = await problemOf(readTable(fixture('fixed.parquet')))
    expect(fixed.problems[0]).toMatchObject({
      code: 'MW-DATA-017',
      what: 'column "fixed" of type FIXED_LEN_BYTE_ARRAY is not supported.',
    })
  })

  it('of a file without rows are empty and typed', async () => {
    const table = await readTable(fixture('no-rows.parquet'))
    expect(table.rows).toBe(0)
    expect(table.columns.map(({ type }) => type)).toEqual([
      'number',
      'integer',
      'integer',
      'string',
      'string',
      'boolean',
    ])
  })

  it('and rows are told by the footer alone', async () => {
    const schema = await readSchema(fixture('snappy-plain.parquet'))
    // 200 doubles and a few bytes of headers and levels.
    expect(schema.columns[0]?.bytes).toBeGreaterThan(1000)
    expect(schema.columns[0]?.bytes).toBeLessThan(2000)
    expect({ ...schema, columns: schema.columns.map(({ bytes, ...one }) => one) }).toEqual({
      rows: 200,
      columns: [
        { name: 'float', type: 'number' },
        { name: 'long', type: 'integer' },
        { name: 'int', type: 'integer' },
        { name: 'text', type: 'string' },
        { name: 'id', type: 'string' },
        { name: 'flag', type: 'boolean' },
      ],
    })
  })
})

describe('damage', () => {
  const whole = readFileSync(fixture('snappy-dictionary.parquet'))

  async function written(name: string, bytes: Buffer): Promise<string> {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }

  it.each([4, 5, 11, 12, 100, 4000, whole.length - 100, whole.length - 1])(
    'of a file cut after %d bytes is named without a stack',
    async (length) => {
      const path = await written(`cut-${length}.parquet`, whole.subarray(0, length))
      const error = await problemOf(readTable(path, { shownAs: 'cut.parquet' }))
      expect(error.message).toMatch(/^MW-DATA-014: cut\.parquet: the Parquet file is damaged: it /)
      expect(error.message).not.toContain('\n')
    },
  )

  it('of a file that misses a piece in the middle is named', async () => {
    const holed = Buffer.concat([whole.subarray(0, 1000), whole.subarray(1400)])
    const error = await problemOf(readTable(await written('holed.parquet', holed)))
    expect(error.problems[0]?.code).toBe('MW-DATA-014')
  })

  it('of the pages is named with the column', async () => {
    const zeroed = Buffer.from(whole)
    zeroed.fill(0xff, 4, 300)
    const error = await problemOf(readTable(await written('zeroed.parquet', zeroed)))
    expect(error.problems[0]?.what).toBe(
      'the Parquet file is damaged: column "float" in row group 1 cannot be decoded.',
    )
  })

  it('anywhere in a file never ends in anything but a table or a UserError', async () => {
    for (let at = 4; at < whole.length - 8; at += 37) {
      const bytes = Buffer.from(whole)
      bytes[at] = (bytes[at] ?? 0) ^ 0x55
      const path = await written('flipped.parquet', bytes)
      const outcome = await readTable(path).catch((cause: unknown) => cause)
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError)
    }
  })

  it('is not claimed of a file that is none: the name is said to be wrong', async () => {
    const csv = await written('really.parquet', Buffer.from('a,b\n1,2\n'))
    expect((await problemOf(readTable(csv))).problems[0]?.code).toBe('MW-DATA-015')
    const empty = await written('empty.parquet', Buffer.alloc(0))
    expect((await problemOf(readTable(empty))).problems[0]?.code).toBe('MW-DATA-015')
  })

  it('is not claimed of an encrypted file', async () => {
    const path = await written('secret.parquet', Buffer.from('PARE........PARE'))
    expect((await problemOf(readTable(path))).problems[0]).toMatchObject({
      code: 'MW-DATA-017',
      what: 'an encrypted Parquet file is not supported.',
    })
  })
})

describe('a Parquet file', () => {
  it('is known by its first bytes whatever its name', async () => {
    const path = join(folder, 'table.dat')
    await writeFile(path, readFileSync(fixture('zstd-plain.parquet')))
    expect((await readTable(path)).rows).toBe(200)
  })
})
