import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Column, cellText, findColumn } from '../../../../src/domain/table/column.js'
import { CancelledError } from '../../../../src/errors.js'
import {
  isTabular,
  type ReadTableOptions,
  readSchema,
  readTable,
} from '../../../../src/tabular/read-table.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-csv-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(content: string | Buffer, name = 'table.csv'): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

async function read(content: string | Buffer, options: ReadTableOptions & { name?: string } = {}) {
  const { name, ...rest } = options
  return readTable(await written(content, name), { shownAs: 'x.csv', ...rest })
}

function texts(column: Column | undefined): (string | null)[] {
  if (column === undefined) return []
  const rows = column.kind === 'numeric' ? column.values.length : column.codes.length
  return Array.from({ length: rows }, (_, row) => cellText(column, row) ?? null)
}

/** One column `v` beside a column of row numbers. */
async function column(cells: readonly string[], options: ReadTableOptions = {}): Promise<Column> {
  const lines = cells.map((cell, row) => `${row},${cell}`)
  const table = await read(`row,v\n${lines.join('\n')}\n`, options)
  const found = findColumn(table, 'v')
  if (found === undefined) throw new Error('no column v')
  expect(found.missing).toBe(texts(found).filter((text) => text === null).length)
  return found
}

describe('types', () => {
  it.each<[string, string[], Column['type'], (string | null)[]]>([
    ['integers', ['1', '-2', '', '0'], 'integer', ['1', '-2', null, '0']],
    ['decimals', ['1', '2.50', '', '1e3'], 'number', ['1', '2.5', null, '1000']],
    ['infinities', ['inf', '-inf', 'Infinity'], 'number', ['Infinity', '-Infinity', 'Infinity']],
    [
      'missing words',
      ['NaN', '1', 'nan', 'NA', 'null', 'NULL'],
      'integer',
      [null, '1', null, null, null, null],
    ],
    ['quoted numbers', ['"1"', '"2"'], 'integer', ['1', '2']],
    ['numbers after spaces', [' 1', ' 2'], 'integer', ['1', '2']],
    [
      'booleans',
      ['true', 'False', '', 'TRUE', 'NA'],
      'boolean',
      ['true', 'false', null, 'true', null],
    ],
    ['dates', ['2024-02-29', '', '1969-12-31'], 'timestamp', ['1709164800000', null, '-86400000']],
    ['nothing at all', ['', 'NA', ''], 'number', [null, null, null]],
    ['a quoted empty cell', ['1', '""', ''], 'string', ['1', '', null]],
    ['a quoted missing word', ['1.50', '"NA"', 'NA'], 'string', ['1.50', 'NA', 'NA']],
    ['leading zeros', ['007', '1.50', '12'], 'string', ['007', '1.50', '12']],
    ['leading zeros late', ['1.50', '12', '', '007'], 'string', ['1.50', '12', null, '007']],
    ['integers beyond 2^53', ['1', '9007199254740993'], 'string', ['1', '9007199254740993']],
    ['words after missing words', ['NA', '', 'x'], 'string', ['NA', null, 'x']],
    ['booleans, then a word', ['TRUE', 'yes'], 'string', ['TRUE', 'yes']],
    ['dates, then a number', ['2024-01-01', '7'], 'string', ['2024-01-01', '7']],
    ['a day that does not exist', ['2023-02-29'], 'string', ['2023-02-29']],
    ['a time of the day', ['12:30'], 'string', ['12:30']],
    ['hexadecimal', ['0x10'], 'string', ['0x10']],
  ])('%s', async (_, cells, type, expected) => {
    const found = await column(cells)
    expect(found.type).toBe(type)
    expect(texts(found)).toEqual(expected)
  })

  it.each([
    ['2024-02-29T12:30:15Z', Date.UTC(2024, 1, 29, 12, 30, 15)],
    ['2024-02-29 12:30:15.250', Date.UTC(2024, 1, 29, 12, 30, 15, 250)],
    ['2024-02-29T12:30', Date.UTC(2024, 1, 29, 12, 30)],
    ['2024-02-29T12:30:15+01:30', Date.UTC(2024, 1, 29, 11, 0, 15)],
    ['2024-02-29T12:30:15-0800', Date.UTC(2024, 1, 29, 20, 30, 15)],
    ['2024-02-29T12:30:15.123456Z', Date.UTC(2024, 1, 29, 12, 30, 15) + 123.456],
    ['0001-01-01', -62_135_596_800_000],
  ])('the timestamp %s is UTC milliseconds', async (text, milliseconds) => {
    const found = await column([text])
    expect(found).toMatchObject({ type: 'timestamp', values: Float64Array.of(milliseconds) })
  })

  it('are decided over all cells: a late word brings back the exact text of the first rows', async () => {
    const rows = 60_000
    const lines = Array.from({ length: rows }, (_, row) => `${row},1.50,${row % 2 ? 'NA' : 'TRUE'}`)
    const table = await read(`id,late,flag\n${lines.join('\n')}\n${rows},word,x\n`)
    expect(findColumn(table, 'id')).toMatchObject({ type: 'integer', missing: 0 })
    const late = findColumn(table, 'late')
    expect(late).toMatchObject({ type: 'string', categories: ['1.50', 'word'], missing: 0 })
    expect(findColumn(table, 'flag')).toMatchObject({ categories: ['TRUE', 'NA', 'x'] })
    expect(table.rows).toBe(rows + 1)
    expect(table.columns.map(({ name }) => name)).toEqual(['id', 'late', 'flag'])
  })

  it('that are stated are kept: text with its digits, numbers with their zeros', async () => {
    const asText = await column(['1.50', '', '7'], { types: { v: 'string' } })
    expect(texts(asText)).toEqual(['1.50', null, '7'])
    const asNumber = await column(['007', '9007199254740993'], { types: { v: 'number' } })
    expect(asNumber.type).toBe('number')
    expect(texts(asNumber)).toEqual(['7', '9007199254740992'])
    const asInteger = await column(['007', 'NA'], { types: { v: 'integer' } })
    expect(asInteger.type).toBe('integer')
    expect((await column(['1', '2'], { types: { v: 'number' } })).type).toBe('number')
    expect((await column(['', ''], { types: { v: 'integer' } })).type).toBe('integer')
    expect((await column([''], { types: { v: 'timestamp' } })).type).toBe('timestamp')
  })

  it.each<[string, NonNullable<ReadTableOptions['types']>[string]]>([
    ['x', 'number'],
    ['1.5', 'integer'],
    ['9007199254740993', 'integer'],
    ['yes', 'boolean'],
    ['yesterday', 'timestamp'],
    ['""', 'number'],
  ])('that are stated refuse %j as %s with the line', async (cell, type) => {
    await expect(column(['', cell], { types: { v: type } })).rejects.toThrow(
      `MW-DATA-011: x.csv:3: a cell of column "v" is not of the stated type ${type}.`,
    )
  })
})

describe('columns', () => {
  it('come in the order asked for, once each', async () => {
    const table = await read('a,b,c\n1,x,true\n2,y,false\n', { columns: ['c', 'a', 'c'] })
    expect(table.columns.map(({ name }) => name)).toEqual(['c', 'a'])
    expect(texts(table.columns[1])).toEqual(['1', '2'])
  })

  it('that are absent are all reported, with the columns found and the nearest name', async () => {
    await expect(
      read('id,label,score\n1,2,3\n', { columns: ['lable', 'id', 'zzzzzz'] }),
    ).rejects.toThrow(
      'MW-DATA-003: x.csv: column "lable" not found. Found: id, label, score. Did you mean "label"? ' +
        'Name a column that the file has.\nMW-DATA-003: x.csv: column "zzzzzz" not found.',
    )
  })

  it('of the same name are refused', async () => {
    await expect(read('a,b,a\n1,2,3\n')).rejects.toThrow(
      'MW-DATA-005: x.csv: more than one column is named a.',
    )
  })

  it('may be named as members of every object are', async () => {
    const table = await read('constructor,__proto__\n1,x\n', { types: {} })
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([
      ['constructor', 'integer'],
      ['__proto__', 'string'],
    ])
    const late = Array.from({ length: 50_000 }, (_, row) => `${row},1.50`).join('\n')
    const large = await read(`constructor,__proto__\n${late}\n1,x\n`)
    expect(large.columns[1]).toMatchObject({ type: 'string', categories: ['1.50', 'x'] })
  })

  it('keep hostile names, which are escaped in messages', async () => {
    const table = await read('naïve|<b>,"::set-output\nx"\n1,2\n')
    expect(table.columns.map(({ name }) => name)).toEqual(['naïve|<b>', '::set-output\nx'])
    await expect(read('"a\nb",c\n1,2\n', { columns: ['d'] })).rejects.toThrow('Found: "a\\nb", c.')
  })

  it('of a file with a header only have no rows', async () => {
    for (const text of ['a,b', 'a,b\n', 'a,b\r\n\r\n']) {
      const table = await read(text)
      expect(table.rows).toBe(0)
      expect(table.columns.map(({ name }) => name)).toEqual(['a', 'b'])
    }
  })
})

describe('the delimiter', () => {
  it.each([
    ['comma', 'a,b\n1,2\n'],
    ['semicolon', 'a;b\n1,5;2\n2,5;3\n'],
    ['tab', 'a\tb\n1\t2\n'],
    ['bar', 'a|b\n1|2\n'],
    ['semicolon behind a byte order mark', '\uFEFF"a,b,c";b\n1;2\n'],
    ['semicolon beside quoted commas', '"a, b, c";b\n"x,y";2\n'],
  ])('is detected: %s', async (_, text) => {
    expect((await read(text)).columns).toHaveLength(2)
  })

  it('is a tab for .tsv when both would do, and what the user states', async () => {
    const text = 'a\tb,c\n1\t2,3\n'
    const tabs = await read(text, { name: 'table.tsv' })
    expect(tabs.columns.map(({ name }) => name)).toEqual(['a', 'b,c'])
    const commas = await read(text, { name: 'table.tsv', delimiter: ',' })
    expect(commas.columns.map(({ name }) => name)).toEqual(['a\tb', 'c'])
  })

  it.each(['', ',,', '"', '\n', 'a', '1', '-', 'é'])('cannot be %j', async (delimiter) => {
    await expect(read('a,b\n1,2\n', { delimiter })).rejects.toThrow('MW-DATA-012: x.csv: ')
  })
})

describe('files', () => {
  it('may be gzipped', async () => {
    const lines = Array.from({ length: 30_000 }, (_, row) => `${row},level ${row % 7}`)
    const zipped = gzipSync(`a,b\n${lines.join('\n')}\n`)
    const table = await read(zipped, { name: 'table.csv.gz' })
    expect(table.rows).toBe(30_000)
    expect(texts(table.columns[1]).at(-1)).toBe('level 4')
    const cut = zipped.subarray(0, zipped.length - 20)
    await expect(read(cut, { name: 'cut.csv.gz' })).rejects.toThrow(
      'MW-DATA-013: x.csv: the gzip file ends too early.',
    )
    const damaged = Buffer.from(zipped)
    damaged.fill(0xff, 100, 140)
    await expect(read(damaged, { name: 'bad.csv.gz' })).rejects.toThrow(
      'MW-DATA-013: x.csv: the gzip file is damaged.',
    )
  })

  it('that are absent, folders or of an unknown format are refused', async () => {
    await expect(readTable(join(folder, 'none.csv'), { shownAs: 'none.csv' })).rejects.toThrow(
      'MW-DATA-001: none.csv: the file does not exist.',
    )
    await expect(readTable(folder, { shownAs: 'data' })).rejects.toThrow(
      'MW-DATA-001: data: this is a folder, not a file.',
    )
    await expect(read('a\n1\n', { name: 'table.xls' })).rejects.toThrow(
      'MW-DATA-002: x.csv: the format of the file is not known.',
    )
  })

  it('are tables by their name or by what they hold', async () => {
    expect(await isTabular(await written('a\n', 'T.CSV'))).toBe(true)
    expect(await isTabular(await written('PAR1', 'table.bin'))).toBe(true)
    expect(await isTabular(await written('a\n', 'image.png'))).toBe(false)
  })

  it('are not read on after the signal', async () => {
    const signal = AbortSignal.abort()
    await expect(read('a\n1\n', { signal })).rejects.toThrow(CancelledError)
  })
})

describe('readSchema', () => {
  it('knows the rows of a small file', async () => {
    const path = await written('a,b,c\n1,x,2024-01-01\n2.5,y,\n')
    expect(await readSchema(path)).toEqual({
      rows: 2,
      columns: [
        { name: 'a', type: 'number' },
        { name: 'b', type: 'string' },
        { name: 'c', type: 'timestamp' },
      ],
    })
  })

  it('reads a header however long it is', async () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `a long column name ${index}`)
    const path = await written(`${names.join(',')}\n${names.map(() => 1.5).join(',')}\n`)
    const { rows, columns } = await readSchema(path)
    expect(columns.at(-1)).toEqual({ name: 'a long column name 19999', type: 'number' })
    expect(rows).toBe(1)
    expect((await readTable(path, { columns: [names[7] ?? ''] })).columns).toHaveLength(1)
  })

  it('reads only the first rows of a large one', async () => {
    const path = await written(`a\n${'1\n'.repeat(200_000)}x\n`)
    expect(await readSchema(path)).toEqual({
      rows: undefined,
      columns: [{ name: 'a', type: 'integer' }],
    })
  })
})
