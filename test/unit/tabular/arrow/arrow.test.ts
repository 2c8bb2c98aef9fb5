import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cellText, findColumn, type Table } from '../../../../src/domain/table/column.js'
import { CancelledError, UserError } from '../../../../src/errors.js'
import { isTabular, readSchema, readTable } from '../../../../src/tabular/read-table.js'

// Made by test/reference/tabular/make-arrow.py with pyarrow 26.0.1.
const fixtures = fileURLToPath(new URL('../../../fixtures/tabular', import.meta.url))
const arrow = (name: string) => join(fixtures, 'arrow', name)
const parquet = (name: string) => join(fixtures, `${name}.parquet`)

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-arrow-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

function cells(table: Table, name: string): (string | null)[] {
  const column = findColumn(table, name)
  if (column === undefined) throw new Error(`no column ${name}`)
  return Array.from({ length: table.rows }, (_, row) => cellText(column, row) ?? null)
}

async function problemOf(promise: Promise<unknown>): Promise<UserError> {
  const error = await promise.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(UserError)
  return error as UserError
}

describe('the same table', () => {
  it.each([
    'none.arrow',
    'lz4.arrow',
    'zstd.arrow',
    'none.arrows',
    'lz4.arrows',
    'zstd.arrows',
    'stream.arrow',
    'default.feather',
    'dictionary.arrow',
    'dictionary-zstd.arrow',
    'dictionary.arrows',
    'views.arrow',
    'views-lz4.arrow',
  ])('is read from %s as from Parquet', async (name) => {
    const table = await readTable(arrow(name))
    expect(table.rows).toBe(200)
    expect(table).toEqual(await readTable(parquet('none-plain')))
  })

  it.each([
    ['types.arrow', 'types'],
    ['types.arrows', 'types'],
    ['ids.arrow', 'ids'],
    ['no-rows.arrow', 'no-rows'],
    ['no-rows.arrows', 'no-rows'],
  ])('is read from %s as from Parquet, with every type', async (name, same) => {
    expect(await readTable(arrow(name))).toEqual(await readTable(parquet(same)))
  })
})

describe('values', () => {
  it.each(['more.arrow', 'more.arrows'])('of types that Parquet has not: %s', async (name) => {
    const table = await readTable(arrow(name))
    const found = Object.fromEntries(
      table.columns.map(({ name: column, type }) => [column, [type, ...cells(table, column)]]),
    )
    const last = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
    expect(found).toEqual({
      int8: ['integer', '-128', null, '127'],
      int16: ['integer', '-32768', null, '32767'],
      uint16: ['integer', '65535', null, '0'],
      'decimal-32': ['number', '1.15', null, '-20.05'],
      'decimal-64': ['number', '1.15', null, '-20.05'],
      'decimal-256': ['number', '1.15', null, '-20.05'],
      date64: ['timestamp', '86400000', null, '-86400000'],
      seconds: ['timestamp', '1000', null, '-1000'],
      'time-seconds': ['number', '1000', null, '43200000'],
      'time-ns': ['number', '1.5', null, '0'],
      duration: ['integer', '5', null, '-5'],
      view: ['string', 'longer than twelve bytes', null, ''],
      large: ['string', 'a', null, 'naïve'],
      'bytes-as-text': ['string', 'x', null, 'y'],
      'coded-numbers': ['integer', '7', null, '3'],
      'coded-ids': ['string', '9007199254740993', null, '7'],
      'coded-flags': ['boolean', 'true', null, 'false'],
      'null-in-dictionary': ['string', null, 'a', null],
      'same-twice': ['string', 'a', 'b', 'a'],
      uuid: ['string', '00000000-0000-0000-0000-000000000001', null, last],
      json: ['string', '{"a":1}', null, '[]'],
    })
    expect(findColumn(table, 'same-twice')).toMatchObject({ categories: ['a', 'b'], missing: 0 })
  })

  it.each(['delta.arrows', 'delta.arrow', 'replaced.arrows'])(
    'of a dictionary that grows are those of its time: %s',
    async (name) => {
      const table = await readTable(arrow(name))
      expect(cells(table, 'label')).toEqual(['b', 'a', 'c', 'b', null])
      expect(table.columns[0]).toMatchObject({ categories: ['b', 'a', 'c'], missing: 1 })
    },
  )

  it('of a dictionary that is replaced are those of its time', async () => {
    expect(cells(await readTable(arrow('other.arrows')), 'label')).toEqual(['b', 'a', 'c', 'b'])
  })
})

describe('columns', () => {
  it('come in the order asked for, and only they are decoded', async () => {
    const table = await readTable(arrow('odd.arrow'), { columns: ['last', 'plain'] })
    expect(table.columns.map(({ name }) => name)).toEqual(['last', 'plain'])
    expect(cells(table, 'last')).toEqual(['another text of more than twelve', null])
    expect(cells(table, 'plain')).toEqual(['1', null])
  })

  it('that are absent are named together with what was found', async () => {
    const error = await problemOf(
      readTable(arrow('none.arrow'), { columns: ['flot'], shownAs: 'data/x.arrow' }),
    )
    expect(error.message).toBe(
      'MW-DATA-003: data/x.arrow: column "flot" not found. Found: float, long, int, text, id, flag. ' +
        'Did you mean "float"? Name a column that the file has.',
    )
  })

  it.each([
    [
      'nested.arrow',
      'MW-DATA-016',
      'columns "list", "struct" are nested (lists, maps or structs).',
    ],
    ['binary.arrow', 'MW-DATA-018', 'column "raw" holds bytes that are not UTF-8 text.'],
    ['fixed.arrow', 'MW-DATA-017', 'column "fixed" of type FixedSizeBinary is not supported.'],
    ['twice.arrow', 'MW-DATA-005', 'more than one column is named a.'],
  ])('that cannot be read are refused by name: %s', async (name, code, what) => {
    const error = await problemOf(readTable(arrow(name)))
    expect(error.problems).toEqual([expect.objectContaining({ code, what })])
  })

  it('and rows are told by the metadata alone, as by that of Parquet', async () => {
    const schema = await readSchema(arrow('none.arrows'))
    const same = await readSchema(parquet('none-plain'))
    const withoutBytes = ({ rows, columns }: typeof schema) => ({
      rows,
      columns: columns.map(({ name, type }) => ({ name, type })),
    })
    expect(withoutBytes(schema)).toEqual(withoutBytes(same))
    // 200 doubles, and bits of nulls for each batch.
    expect(schema.columns[0]?.bytes).toBeGreaterThanOrEqual(1600)
    expect(schema.columns[0]?.bytes).toBeLessThan(1800)
  })

  it('that are nested or of no meaning are left out of a schema where that is asked for', async () => {
    await expect(readSchema(arrow('odd.arrow'))).rejects.toThrow('MW-DATA-016')
    const { columns } = await readSchema(arrow('odd.arrow'), { skipNested: true })
    expect(columns.map(({ name }) => name)).toEqual(['plain', 'last'])
  })
})

describe('an Arrow file', () => {
  it('is known by its first bytes whatever its name, a stream by its name', async () => {
    const path = await written('table.dat', readFileSync(arrow('none.arrow')))
    expect(await isTabular(path)).toBe(true)
    expect((await readTable(path)).rows).toBe(200)
    const stream = await written('stream.dat', readFileSync(arrow('none.arrows')))
    expect(await isTabular(stream)).toBe(false)
    expect(await isTabular('x.arrow')).toBe(true)
  })

  it('is not what only has its name', async () => {
    for (const [name, content] of [
      ['csv.arrow', 'a,b\n1,2\n'],
      ['empty.feather', ''],
    ] as const) {
      const path = await written(name, Buffer.from(content))
      expect((await problemOf(readTable(path))).problems[0]?.code).toBe('MW-DATA-025')
    }
    const old = await written('old.feather', Buffer.from('FEA1........FEA1'))
    expect((await problemOf(readTable(old))).problems[0]).toMatchObject({
      code: 'MW-DATA-017',
      what: 'version 1 of Feather is not supported.',
    })
  })

  it('is not read on after a cancellation', async () => {
    const signal = AbortSignal.abort()
    await expect(readTable(arrow('none.arrow'), { signal })).rejects.toThrow(CancelledError)
  })
})

describe('damage', () => {
  it.each(['none.arrow', 'zstd.arrow', 'none.arrows', 'dictionary.arrows'])(
    'of %s cut anywhere is named, with the file and without a stack',
    async (name) => {
      const whole = readFileSync(arrow(name))
      for (let length = 8; length < whole.length; length += 97) {
        const path = await written('cut.arrow', whole.subarray(0, length))
        const error = await problemOf(readTable(path, { shownAs: 'data/cut.arrow' }))
        expect(error.message).toMatch(
          /^MW-DATA-024: data\/cut\.arrow: the Arrow file is damaged: .+\. Write or fetch the file again\.$/,
        )
      }
    },
  )

  it('of a stream that lost its end between two batches is seen by the missing mark', async () => {
    const whole = readFileSync(arrow('none.arrows'))
    const path = await written('cut.arrows', whole.subarray(0, whole.length - 8))
    const error = await problemOf(readTable(path))
    expect(error.problems[0]?.what).toContain('the mark at the end of the stream is missing')
  })

  it.each(['types.arrow', 'more.arrows', 'dictionary-zstd.arrow', 'views-lz4.arrow', 'odd.arrow'])(
    'anywhere in %s never ends in anything but a table or a UserError',
    async (name) => {
      const whole = readFileSync(arrow(name))
      for (let at = 0; at + 4 < whole.length; at += 101) {
        for (const value of [0x7fffffff, -1, 0x0fffffff]) {
          const bytes = Buffer.from(whole)
          bytes.writeInt32LE(value, at & ~3)
          const path = await written('changed.arrow', bytes)
          const outcome = await readTable(path).catch((cause: unknown) => cause)
          if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError)
        }
      }
    },
    60_000,
  )

  it('of the bytes of a column is named with the column', async () => {
    const bytes = readFileSync(arrow('zstd.arrow'))
    const at = bytes.indexOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))
    bytes.fill(0xff, at, at + 20)
    const error = await problemOf(readTable(await written('column.arrow', bytes)))
    expect(error.problems[0]?.what).toBe(
      'the Arrow file is damaged: column "float" in batch 1 cannot be decoded.',
    )
  })
})
