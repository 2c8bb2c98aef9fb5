import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { joinById } from '../../../src/domain/gate/join.js'
import { type Column, cellText } from '../../../src/domain/table/column.js'
import { readSchema, readTable } from '../../../src/tabular/read-table.js'

/** Identifiers through the readers of files: no digit is lost, and the same id is the same in every format. */
const parquet = resolve('test/fixtures/tabular/ids.parquet')
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-ids-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function columnOf(path: string, name = 'id'): Promise<Column> {
  const [column] = (await readTable(path, { columns: [name] })).columns
  if (column === undefined) throw new Error(`no column ${name}`)
  return column
}

async function written(name: string, content: string): Promise<Column> {
  const path = join(folder, name)
  await writeFile(path, content)
  return columnOf(path)
}

const csv = (ids: readonly string[]) =>
  written('ids.csv', `id,x\n${ids.map((id) => `${id},1\n`).join('')}`)
const jsonLines = (ids: readonly string[]) =>
  written('ids.jsonl', ids.map((id) => `{"id":${id}}\n`).join(''))

function texts(column: Column): (string | undefined)[] {
  const rows = column.kind === 'numeric' ? column.values.length : column.codes.length
  return Array.from({ length: rows }, (_, row) => cellText(column, row))
}

function joined(a: Column, b: Column): (string | undefined)[] {
  const { value, problems } = joinById({ file: 'a', column: a }, { file: 'b', column: b })
  if (value === undefined) throw new Error(JSON.stringify(problems))
  return Array.from(value.candidateRows, (row) => cellText(a, row))
}

const huge = ['9007199254740992', '9007199254740993', '9223372036854775807', '7']

describe('integers beyond 2^53', () => {
  it.each(['decimal', 'long', 'unsigned', 'text'])(
    'keep every digit in Parquet: %s',
    async (name) => {
      expect(texts(await columnOf(parquet, name))).toEqual(huge)
    },
  )

  it('join across formats and types, digit by digit', async () => {
    const columns = [
      await columnOf(parquet, 'decimal'),
      await columnOf(parquet, 'unsigned'),
      await csv(huge),
      await jsonLines(huge),
      await jsonLines(huge.map((id) => `"${id}"`)),
    ]
    for (const a of columns) for (const b of columns) expect(joined(a, b)).toEqual(huge)
  })

  it('are kept in decimals that are stored as integers or as bytes', async () => {
    expect(texts(await columnOf(parquet, 'decimal-64'))).toEqual([...huge.slice(0, 2), '-1', '7'])
  })

  it('may be in one file only', async () => {
    expect(joined(await csv(huge), await columnOf(parquet, 'small'))).toEqual(['7'])
    expect(joined(await columnOf(parquet, 'small'), await jsonLines(huge))).toEqual(['7'])
  })
})

describe('numbers', () => {
  it('are the same id as double, integer, decimal, 1.0 and 1', async () => {
    const columns = [
      await columnOf(parquet, 'double'),
      await columnOf(parquet, 'small'),
      await columnOf(parquet, 'decimal-small'),
      await csv(['1.0', '2', '3.00', '7e0']),
      await jsonLines(['1.0', '2', '3', '7']),
    ]
    for (const a of columns) for (const b of columns) expect(joined(a, b)).toHaveLength(4)
  })

  it('are other ids with leading zeros, which make a column of text', async () => {
    expect(joined(await csv(['007', '7', '08']), await columnOf(parquet, 'small'))).toEqual(['7'])
    expect(joined(await csv(['007', '07', '7']), await csv(['7', '007']))).toEqual(['007', '7'])
  })

  it('of mixed types with texts are compared as text', async () => {
    expect(joined(await jsonLines(['7', '"x"', 'true']), await csv(['x', 'true', '7']))).toEqual([
      '7',
      'x',
      'true',
    ])
    expect(joined(await jsonLines(['"a "', '"a"']), await csv(['a', '"a "']))).toEqual(['a ', 'a'])
  })
})

describe('a schema', () => {
  it('leaves out lists and structs when asked, so that the others can be read', async () => {
    const nested = resolve('test/fixtures/tabular/nested.parquet')
    await expect(readSchema(nested)).rejects.toThrow('MW-DATA-016')
    const { columns } = await readSchema(nested, { skipNested: true })
    expect(columns.map(({ name }) => name)).toEqual(['id', 'last'])
    const path = join(folder, 'nested.jsonl')
    await writeFile(
      path,
      '{"id":1,"messages":null,"score":1}\n{"id":2,"messages":[{"role":"user"}],"score":0}\n',
    )
    await expect(readSchema(path)).rejects.toThrow('messages')
    const lines = await readSchema(path, { skipNested: true })
    expect(lines.columns.map(({ name }) => name)).toEqual(['id', 'score'])
    expect((await readTable(path, { columns: ['score'] })).rows).toBe(2)
  })
})
