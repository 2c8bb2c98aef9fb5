import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { cellText, type Table } from '../../../src/domain/table/column.js'
import { type ReadTableOptions, readSchema, readTable } from '../../../src/tabular/read-table.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelway-jsonl-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function read(content: string | Buffer, options: ReadTableOptions = {}): Promise<Table> {
  const path = join(folder, 'table.jsonl')
  await writeFile(path, content)
  return readTable(path, { shownAs: 'x.jsonl', ...options })
}

function shown(table: Table) {
  return table.columns.map((column) => ({
    name: column.name,
    type: column.type,
    cells: Array.from({ length: table.rows }, (_, row) => cellText(column, row) ?? null),
    missing: column.missing,
  }))
}

describe('JSON Lines', () => {
  it('become typed columns; null and an absent key are missing', async () => {
    const table = await read(
      '\uFEFF{"id":1,"score":0.5,"on":true,"day":"2024-02-29","word":""}\r\n' +
        '\n' +
        '{"id":2,"score":null,"word":"naïve\\n","day":null,"late":"x"}\n' +
        '{"id":-3,"score":1,"on":false,"day":"1970-01-01T00:00:01Z","word":"x"}',
    )
    expect(table.rows).toBe(3)
    expect(shown(table)).toEqual([
      { name: 'id', type: 'integer', cells: ['1', '2', '-3'], missing: 0 },
      { name: 'score', type: 'number', cells: ['0.5', null, '1'], missing: 1 },
      { name: 'on', type: 'boolean', cells: ['true', null, 'false'], missing: 1 },
      { name: 'day', type: 'timestamp', cells: ['1709164800000', null, '1000'], missing: 1 },
      { name: 'word', type: 'string', cells: ['', 'naïve\n', 'x'], missing: 0 },
      { name: 'late', type: 'string', cells: [null, 'x', null], missing: 2 },
    ])
  })

  it('keep every digit of long integers, and touch neither texts nor decimals', async () => {
    const table = await read(
      '{"a":9007199254740993,"b":"9007199254740993","c":0.12345678901234567,"d":9007199254740991}\n' +
        '{"a":-12345678901234567890,"b":"\\"9007199254740993","c":12345678901234567.5,"d":1}\n',
    )
    expect(shown(table).map(({ type, cells }) => [type, ...cells])).toEqual([
      ['string', '9007199254740993', '-12345678901234567890'],
      ['string', '9007199254740993', '"9007199254740993'],
      ['number', '0.12345678901234566', '12345678901234568'],
      ['integer', '9007199254740991', '1'],
    ])
  })

  it('of mixed types are text', async () => {
    const table = await read('{"a":1,"b":true}\n{"a":"x","b":0}\n')
    expect(shown(table).map(({ type, cells }) => [type, ...cells])).toEqual([
      ['string', '1', 'x'],
      ['string', 'true', '0'],
    ])
  })

  it('give the columns asked for, in that order; lists elsewhere do no harm', async () => {
    const text = '{"a":1,"list":[1],"b":2}\n'
    const table = await read(text, { columns: ['b', 'a'] })
    expect(table.columns.map(({ name }) => name)).toEqual(['b', 'a'])
    await expect(read(text)).rejects.toThrow(
      'MW-DATA-022: x.jsonl:1: a cell of column "list" is a list or an object.',
    )
    await expect(read(text, { columns: ['c'] })).rejects.toThrow(
      'MW-DATA-003: x.jsonl: column "c" not found. Found: a, list, b.',
    )
  })

  it('must have the stated types', async () => {
    const text = '{"a":1}\n{"a":"1"}\n'
    await expect(read(text, { types: { a: 'number' } })).rejects.toThrow(
      'MW-DATA-011: x.jsonl:2: a cell of column "a" is not of the stated type number.',
    )
    expect((await read(text, { types: { a: 'string' } })).columns[0]).toMatchObject({
      type: 'string',
      categories: ['1'],
    })
  })

  it.each([
    ['{"a":1}\n{"a":\n', 'MW-DATA-021: x.jsonl:2: the line is not a JSON object.'],
    ['[1]\n', 'MW-DATA-021: x.jsonl:1: '],
    ['null\n', 'MW-DATA-021: x.jsonl:1: '],
    ['', 'MW-DATA-004: x.jsonl: the file is empty. Write one JSON object a line.'],
  ])('of %j are refused with the line', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message)
  })

  it('must be UTF-8', async () => {
    const bytes = Buffer.from('{"a":1}\n{"a":"\u00ef"}\n', 'latin1')
    await expect(read(bytes)).rejects.toThrow('MW-DATA-008: x.jsonl:2: ')
  })

  it('are read over many chunks and from gzip', async () => {
    const rows = 60_000
    const text = Array.from(
      { length: rows },
      (_, row) => `{"row":${row},"pad":"${'x'.repeat(9)}"}\n`,
    )
    const path = join(folder, 'large.jsonl.gz')
    await writeFile(path, gzipSync(text.join('')))
    for (const table of [await readTable(path), await read(text.join(''))]) {
      const [first] = table.columns
      expect(table.rows).toBe(rows)
      expect(first?.kind === 'numeric' && first.values.every((value, row) => value === row)).toBe(
        true,
      )
    }
    expect(await readSchema(path)).toEqual({
      rows: undefined,
      mayGrow: true,
      columns: [
        { name: 'row', type: 'integer' },
        { name: 'pad', type: 'string' },
      ],
    })
  })
})
