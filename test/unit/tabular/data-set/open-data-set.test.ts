import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  rename,
  rm,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cellText, type Table } from '../../../../src/domain/table/column.js'
import { CancelledError } from '../../../../src/errors.js'
import { type OpenDataSet, reopenDataSet } from '../../../../src/tabular/data-set/data-set.js'
import type { DataSetOptions } from '../../../../src/tabular/data-set/data-set-options.js'
import { openDataSet } from '../../../../src/tabular/data-set/open-data-set.js'

// Made by test/reference/tabular/make-data-set.py with pyarrow 26.0.1: an hour a row from 2024-01-01, 600 rows, 100 a row group.
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/tabular/data-set/${name}`, import.meta.url))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-set-'))
})
afterAll(() => rm(folder, { recursive: true }))

let made = 0
/** A folder of its own with these files. */
async function lake(files: Record<string, string | Buffer>): Promise<string> {
  const root = join(folder, String(made++))
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
  return root
}

const open = (root: string, more: Partial<DataSetOptions> = {}, signal?: AbortSignal) =>
  openDataSet({ root, paths: [root], where: 'drift.current', ...more }, signal)

const openFixture = (name: string, more: Partial<DataSetOptions> = {}) =>
  open(dirname(fixture(name)), { paths: [fixture(name)], ...more })

function cells(table: Table, name: string): (string | undefined)[] {
  const column = table.columns.find((candidate) => candidate.name === name)
  if (column === undefined) throw new Error(`no column ${name}`)
  return Array.from({ length: table.rows }, (_, row) => cellText(column, row))
}

const read = async (set: OpenDataSet, name: string) => cells(await set.read([name]), name)

const parquet = readFileSync(fixture('groups.parquet'))

describe('a data set', () => {
  it('has its files with digests, its rows, and the columns of all files in whatever order', async () => {
    const root = await lake({ 'a.csv': 'x,y\n1,a\n2,b\n', 'b.csv': 'y,x\nc,1.5\n' })
    const set = await open(root)
    expect(set.files).toEqual([
      {
        name: 'a.csv',
        digest: { sha256: createHash('sha256').update('x,y\n1,a\n2,b\n').digest('hex') },
      },
      {
        name: 'b.csv',
        digest: { sha256: createHash('sha256').update('y,x\nc,1.5\n').digest('hex') },
      },
    ])
    expect(set.rows).toBe(3)
    expect(set.columns.map(({ name, type }) => [name, type])).toEqual([
      ['x', 'number'],
      ['y', 'string'],
    ])
    const table = await set.read(['y', 'x', 'y'])
    expect(table.columns.map(({ name }) => name)).toEqual(['y', 'x'])
    expect([cells(table, 'y'), cells(table, 'x')]).toEqual([
      ['a', 'b', 'c'],
      ['1', '2', '1.5'],
    ])
  })

  it('may be of several formats, packed or not', async () => {
    const root = await lake({
      'a.csv': 'id,place\n7,x\n',
      'b.jsonl': '{"place": "y", "id": 8}\n',
      'c.parquet': parquet,
      'd.feather': readFileSync(fixture('groups.feather')),
      'e.jsonl.zst': readFileSync(fixture('objects.jsonl.zst')),
    })
    const set = await open(root, { columns: ['id', 'place'] })
    expect(set.rows).toBe(1252)
    const places = await read(set, 'place')
    expect([0, 1, 2, 601, 602, 1202].map((row) => places[row])).toEqual([
      'x',
      'y',
      'north',
      'Zoë',
      'north',
      'ü0',
    ])
    expect(set.preferredBatch).toBe('column')
    expect((await open(root, { columns: ['id'], hold: false })).preferredBatch).toBe('all')
  })

  it('takes a column without values in one file for any type', async () => {
    const root = await lake({ 'a.csv': 'x,y\n,1\n', 'b.csv': 'x,y\nword,2\n' })
    const set = await open(root)
    expect(set.columns[0]).toMatchObject({ name: 'x', type: 'string' })
    expect(await read(set, 'x')).toEqual([undefined, 'word'])
  })

  it('names the file and the column that one file lacks', async () => {
    const root = await lake({ 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x,z\n1,2\n' })
    await expect(open(root)).rejects.toThrow('MW-DATA-019: b.csv: column "z" is not in a.csv.')
    expect((await open(root, { columns: ['x'] })).rows).toBe(2)
    await expect(open(root, { columns: ['y'] })).rejects.toThrow(
      'MW-DATA-003: b.csv: column "y" not found.',
    )
  })

  it('names the file, the column and the row of the first text where types differ', async () => {
    const root = await lake({ 'a.csv': 'x,y\n1,1\n2,2\n', 'b.csv': 'x,y\n1,1\n2,2\nmany,3\n' })
    for (const hold of [true, false]) {
      const set = await open(root, { hold })
      await expect(set.read(['x'])).rejects.toThrow(
        'MW-DATA-019: b.csv: column "x" is of type string, elsewhere it is integer. Its first text is in row 3.',
      )
      expect(await read(set, 'y')).toEqual(['1', '2', '1', '2', '3'])
      expect(set.mixed).toEqual([{ file: 'b.csv', column: 'x', row: 3 }])
    }
  })

  it('keeps the digits of integers beyond 2^53 when another file has small ones', async () => {
    const root = await lake({
      'a.parquet': readFileSync(fixture('ids-small.parquet')),
      'b.parquet': readFileSync(fixture('ids-large.parquet')),
    })
    expect(await read(await open(root), 'id')).toEqual([
      '1',
      '2',
      undefined,
      '9007199254740993',
      '2',
    ])
  })

  it('without rows has columns still', async () => {
    const set = await open(await lake({ 'a.csv': 'x,y\n' }))
    expect(set.rows).toBe(0)
    expect((await set.read(['y', 'x'])).columns.map(({ name }) => name)).toEqual(['y', 'x'])
    const none = await openFixture('groups.parquet', { filters: [{ id: -1 }] })
    expect(none.rows).toBe(0)
    expect(await read(none, 'place')).toEqual([])
  })

  it('can be read a row group at a time', async () => {
    const set = await openFixture('groups.parquet', { filters: [{ id: { min: 150, below: 310 } }] })
    const tables: Table[] = []
    for await (const table of set.batches(['id'])) tables.push(table)
    expect(tables.map(({ rows }) => rows)).toEqual([50, 100, 10])
    expect(tables.flatMap((table) => cells(table, 'id'))).toEqual(await read(set, 'id'))
  })

  it('is not read on when the signal fires', async () => {
    const signal = AbortSignal.abort()
    await expect(open(await lake({ 'a.csv': 'x\n1\n' }), {}, signal)).rejects.toThrow(
      CancelledError,
    )
    const set = await openFixture('groups.parquet')
    await expect(set.read(['id'], signal)).rejects.toThrow(CancelledError)
  })
})

describe('folders as columns', () => {
  const files = {
    'year=2024/month=05/a.csv': 'x\n1\n2\n',
    'year=2024/month=10/a.csv': 'x\n3\n',
    'year=2023/month=__HIVE_DEFAULT_PARTITION__/a.csv': 'x\n4\n',
    _SUCCESS: '',
  }

  it('are integers where all values are, and missing where the folder says so', async () => {
    const set = await open(await lake(files))
    expect(set.columns.map(({ name, type }) => [name, type])).toEqual([
      ['x', 'integer'],
      ['year', 'integer'],
      ['month', 'integer'],
    ])
    const table = await set.read(['month', 'x', 'year'])
    expect(cells(table, 'year')).toEqual(['2023', '2024', '2024', '2024'])
    expect(cells(table, 'month')).toEqual([undefined, '5', '5', '10'])
    expect(cells(table, 'x')).toEqual(['4', '1', '2', '3'])
    expect(cells(await set.read(['year']), 'year')).toHaveLength(4)
  })

  it('are text otherwise, and count instead of a column of the same name in the file', async () => {
    const root = await lake({ 'k=1/a.csv': 'x,k\n1,9\n', 'k=b%20c/a.csv': 'x,k\n2,9\n' })
    const set = await open(root)
    expect(await read(set, 'k')).toEqual(['1', 'b c'])
  })

  it('leave out files that cannot hold rows that count: they are not even opened', async () => {
    const root = await lake({ ...files, 'year=2022/month=01/a.csv': Buffer.from([0]) })
    const set = await open(root, { filters: [{ year: { min: 2024 }, x: { 'not-in': [2] } }] })
    expect(set.files.map(({ name }) => name)).toEqual([
      'year=2024/month=05/a.csv',
      'year=2024/month=10/a.csv',
    ])
    expect(await read(set, 'x')).toEqual(['1', '3'])
    expect(await read(set, 'month')).toEqual(['5', '10'])
    const none = await open(await lake(files), { filters: [{ year: 1999 }] })
    expect([none.rows, none.columns.length]).toEqual([0, 3])
    expect(await read(none, 'x')).toEqual([])
  })

  it('must be the same of all files', async () => {
    const root = await lake({ 'a=1/x.csv': 'x\n1\n', 'b=1/x.csv': 'x\n1\n' })
    await expect(open(root)).rejects.toThrow(
      'MW-DATA-019: b=1/x.csv: column "a" of a=1/x.csv is absent.',
    )
  })
})

describe('rows that count', () => {
  const january2 = Date.UTC(2024, 0, 2)

  it.each(['groups.parquet', 'groups.feather'])(
    'of %s are those of the filter and the window',
    async (name) => {
      const set = await openFixture(name, {
        filters: [{ flag: true }, { number: { missing: false } }],
        time: { column: 'time', start: january2, end: january2 + 86_400_000 },
      })
      const expected = Array.from({ length: 24 }, (_, hour) => 24 + hour).filter(
        (row) => row % 2 === 0 && row % 10 !== 3 && row % 10 !== 7,
      )
      expect(await read(set, 'id')).toEqual(expected.map(String))
      expect(set.rows).toBe(expected.length)
      expect(Array.from((await set.times()) ?? [])).toEqual(
        expected.map((row) => Date.UTC(2024, 0, 1, row)),
      )
    },
  )

  it('may be of a season', async () => {
    const season = { kind: 'weekday', values: [7] } as const
    const set = await openFixture('groups.parquet', { time: { column: 'time', season } })
    // 2024-01-07 was the first Sunday; 600 hours are 25 days.
    expect(set.rows).toBe(72)
    expect((await read(set, 'id'))[0]).toBe('144')
  })

  it('may be told by times that are texts, which must all be such', async () => {
    const root = await lake({
      'a.jsonl': '{"t":"2024-01-01T12:00:00Z","x":1}\n{"x":2}\n{"t":"2024-01-02","x":3}\n',
    })
    const time = { column: 't', start: january2 }
    expect(await read(await open(root, { time }), 'x')).toEqual(['3'])
    const words = await lake({ 'a.csv': 't,x\nsoon,1\n' })
    await expect(open(words, { time })).rejects.toThrow(
      'MW-DATA-304: a.csv: column "t" is not of timestamps: "soon" is none in ISO 8601.',
    )
    await expect(open(words, { time: { ...time, column: 'x' } })).rejects.toThrow(
      'MW-DATA-304: a.csv: column "x" is not of timestamps: it holds values of type integer.',
    )
  })

  it.each([
    ['a number', { id: { min: 420, max: 430 } }, 11],
    ['a text', { code: 'k4', flag: true }, 50],
    ['a value of a list', { id: [401, 499] }, 2],
  ])('are looked for only in row groups that may hold them, by %s', async (_, filter, rows) => {
    const root = await lake({ 'a.parquet': damagedOutside(4) })
    const set = await open(root, { filters: [filter as never] })
    expect(set.rows).toBe(rows)
    expect(await read(set, 'place')).toEqual(new Array(rows).fill('Zoë'))
    await expect(open(root, { filters: [{ number: { missing: true } }] })).rejects.toThrow(
      'MW-DATA-014',
    )
  })

  it('are looked for only in row groups of their time', async () => {
    const root = await lake({ 'a.parquet': damagedOutside(2) })
    const start = Date.UTC(2024, 0, 1, 210)
    const set = await open(root, { time: { column: 'time', start, end: start + 3_600_000 } })
    expect(await read(set, 'id')).toEqual(['210'])
  })

  it('are drawn once: the same of every format of reading, and after opening again', async () => {
    const sample = { rows: 40, seed: 7 }
    const set = await openFixture('groups.parquet', { sample, filters: [{ flag: true }] })
    expect(set.rows).toBe(40)
    const ids = await read(set, 'id')
    expect(ids.every((id) => Number(id) % 2 === 0)).toBe(true)
    expect(await read(set, 'place')).toEqual(
      ids.map((id) => ['north', 'south', 'Zoë'][Math.floor(Number(id) / 200)]),
    )
    const again = reopenDataSet(structuredClone(set.describe()))
    expect(await read(again, 'id')).toEqual(ids)
    expect([again.rows, again.files, again.columns]).toEqual([set.rows, set.files, set.columns])
  })

  it('of text are the same whether it is held or read each time', async () => {
    const options = { sample: { rows: 100, seed: 3 }, filters: [{ place: ['a', 'ü'] }] }
    const held = await openFixture('scores.csv.zst', options)
    const each = await openFixture('scores.csv.zst', { ...options, hold: false })
    expect(held.rows).toBe(100)
    expect(await read(each, 'id')).toEqual(await read(held, 'id'))
    const again = reopenDataSet(structuredClone(held.describe()))
    expect(again.preferredBatch).toBe('all')
    expect(await again.read(['place', 'score'])).toEqual(await held.read(['place', 'score']))
  })

  it('have no categories that only others have', async () => {
    const set = await openFixture('groups.parquet', { filters: [{ id: { min: 400 } }] })
    expect((await set.read(['place'])).columns[0]).toMatchObject({ categories: ['Zoë'] })
    const flags = await openFixture('groups.parquet', { filters: [{ flag: true }] })
    expect((await flags.read(['flag'])).columns[0]).toMatchObject({ categories: ['false', 'true'] })
  })

  it('need a column that is there', async () => {
    await expect(openFixture('groups.parquet', { filters: [{ idd: 1 }] })).rejects.toThrow(
      'MW-DATA-003: groups.parquet: column "idd" not found.',
    )
    await expect(
      openFixture('groups.parquet', { filters: [{ id: 'many' }], where: 'drift.rows' }),
    ).rejects.toThrow('MW-DATA-303: drift.rows: column "id" holds integers')
  })

  /** The file with all row groups but one overwritten. */
  function damagedOutside(kept: number): Buffer {
    const bytes = Buffer.from(parquet)
    for (const [group, { start, end }] of groupPlaces.entries()) {
      if (group !== kept) bytes.fill(0xff, start, end)
    }
    return bytes
  }
})

describe('a file that is not what it was', () => {
  const csv = 'x,y\n1,a\n2,b\n'
  const grown =
    /^MW-DATA-302: a\.csv: the file changed while it was read: it grew from 12 to 17 bytes, so something is still writing it\./

  it.each<[string, (path: string) => Promise<void>, RegExp]>([
    ['grew', (path) => appendFile(path, '3,c\n\n'), grown],
    ['shrank', (path) => truncate(path, 8), /302: a\.csv: .*it shrank from 12 to 8 bytes/],
    [
      'was written again',
      (path) => utimes(path, 1, 1),
      /302: a\.csv: the file changed while it was read\. /,
    ],
    [
      'was replaced',
      async (path) => {
        await copyFile(path, `${path}.new`)
        await rename(`${path}.new`, path)
      },
      /302: a\.csv: the file was replaced by another while it was read\./,
    ],
    ['was removed', (path) => rm(path), /302: a\.csv: the file was removed while it was read\./],
  ])(
    'because it %s is refused when it is read, and when that is asked',
    async (_, change, message) => {
      const root = await lake({ 'a.csv': csv })
      const set = await open(root, { hold: false })
      await set.check()
      await change(join(root, 'a.csv'))

      await expect(set.read(['x'])).rejects.toThrow(message)
      await expect(set.check()).rejects.toThrow(message)
    },
  )

  it('is refused as that, and not for what the reader stumbles over', async () => {
    const root = await lake({ 'a.parquet': parquet })
    const set = await open(root)
    await writeFile(join(root, 'a.parquet'), Buffer.concat([parquet.subarray(0, 100), parquet]))
    await expect(set.read(['id'])).rejects.toThrow(/^MW-DATA-302: a\.parquet: .*it grew/)
  })
})

describe('damage in the middle of a file', () => {
  it('is named with the file, the row group and the column, and leaves other columns alone', async () => {
    const bytes = Buffer.from(parquet)
    const place = columnPlaces('place')[3]
    bytes.fill(0xff, place?.start, place?.end)
    const set = await open(await lake({ 'deep/a.parquet': bytes }))
    await expect(set.read(['place'])).rejects.toThrow(
      'MW-DATA-014: deep/a.parquet: the Parquet file is damaged: column "place" in row group 4 cannot be decoded.',
    )
    expect(await read(set, 'id')).toHaveLength(600)
    const before = await open(await lake({ 'a.parquet': bytes }), {
      filters: [{ id: { below: 300 } }],
    })
    expect(await read(before, 'place')).toHaveLength(300)
  })

  it('of a packed file names the file', async () => {
    const { gzipSync } = await import('node:zlib')
    const packed = gzipSync(Buffer.from('x\n'.padEnd(100_000, '1\n')))
    const root = await lake({ 'a.csv.gz': packed.subarray(0, packed.length - 20) })
    await expect(open(root)).rejects.toThrow('MW-DATA-013: a.csv.gz: the gzip file ends too early.')
  })
})

describe('odd text', () => {
  it('is read as everywhere: BOM, quoted newlines, infinities, long integers', async () => {
    const root = await lake({
      'a.csv': '\uFEFFx,"na\nme",id\n1,"a\nb",9007199254740993\ninf,c,2\nNaN,,3\n',
    })
    const set = await open(root)
    expect(set.columns.map(({ name }) => name)).toEqual(['x', 'na\nme', 'id'])
    expect(await read(set, 'x')).toEqual(['1', 'Infinity', undefined])
    expect(await read(set, 'na\nme')).toEqual(['a\nb', 'c', undefined])
    expect(await read(set, 'id')).toEqual(['9007199254740993', '2', '3'])
    await expect(open(await lake({ 'a.csv': 'x,x\n1,2\n' }))).rejects.toThrow('MW-DATA-005: a.csv')
  })

  it('of JSON Lines may have keys that only late rows have', async () => {
    const rows = Array.from({ length: 1200 }, (_, row) =>
      JSON.stringify(row < 1100 ? { x: row } : { x: row, late: 1 }),
    )
    const root = await lake({ 'a.jsonl': rows.join('\n'), 'b.jsonl': '{"x":1,"late":2}\n' })
    expect((await open(root)).columns.map(({ name }) => name)).toEqual(['x', 'late'])
    const each = await open(root, { hold: false })
    expect((await read(each, 'late')).filter((cell) => cell !== undefined)).toHaveLength(101)
  })
})

const { parquetMetadata } = await import('hyparquet')
const footer = parquetMetadata(
  parquet.buffer.slice(parquet.byteOffset, parquet.byteOffset + parquet.length) as ArrayBuffer,
)

interface Span {
  readonly start: number
  readonly end: number
}

function columnPlaces(name: string): Span[] {
  return footer.row_groups.flatMap(({ columns }) =>
    columns.flatMap(({ meta_data: meta }) => {
      if (meta?.path_in_schema[0] !== name) return []
      const start = Number(meta.dictionary_page_offset || meta.data_page_offset)
      return [{ start, end: start + Number(meta.total_compressed_size) }]
    }),
  )
}

const groupPlaces: Span[] = footer.row_groups.map(({ columns }) => {
  const starts = columns.map(({ meta_data: meta }) =>
    Number(meta?.dictionary_page_offset || meta?.data_page_offset),
  )
  const ends = columns.map(
    ({ meta_data: meta }, index) => (starts[index] as number) + Number(meta?.total_compressed_size),
  )
  return { start: Math.min(...starts), end: Math.max(...ends) }
})
