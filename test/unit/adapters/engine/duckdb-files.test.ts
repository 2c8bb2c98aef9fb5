import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createDuckDB } from '../../../../src/adapters/engine/duckdb.js'
import { requireInside } from '../../../../src/adapters/engine/duckdb-files.js'

let outer: string
let folder: string
beforeEach(() => {
  outer = mkdtempSync(join(tmpdir(), 'modelway-duckdb-'))
  folder = join(outer, 'work')
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(join(outer, 'secret.csv'), 'a\n1\n')
  writeFileSync(join(folder, 'data', 'r.csv'), 'a\n1\n')
  symlinkSync(join(outer, 'secret.csv'), join(folder, 'link.csv'))
})
afterEach(() => rmSync(outer, { recursive: true, force: true }))

describe('a table of DuckDB that is a file', () => {
  it.each([
    'train_2026',
    'main.train',
    '"data/r.csv"',
    '"./data/*.parquet"',
    '"..data/r.csv"',
    '"s3://bucket/../r.parquet"',
    '"https://data.example/r.parquet"',
  ])('may be %s', (table) => {
    expect(() => requireInside(table, folder)).not.toThrow()
  })

  it.each([
    '"../secret.csv"',
    '"data/../../secret.csv"',
    '"../secret".csv',
    '"/etc/passwd"',
    '"file:///etc/passwd"',
    '"~/secret.csv"',
    '"link.csv"',
    '"*/../../secret.csv"',
  ])('may not be %s, outside of the working directory', (table) => {
    expect(() => requireInside(table, folder)).toThrow(
      /^MW-DRIFT-775: drift.reference, drift.current: /,
    )
  })

  it('is found in a working directory that is a link itself', () => {
    const link = join(outer, 'linked')
    symlinkSync(folder, link)
    for (const table of ['train', '"data/*.csv"', '"data/r.csv"'])
      expect(() => requireInside(table, link)).not.toThrow()
    expect(() => requireInside('"link.csv"', link)).toThrow(/^MW-DRIFT-775/)
  })

  it('is refused before DuckDB is even loaded', async () => {
    const engine = createDuckDB({
      connection: { 'timeout-minutes': 1 },
      env: {},
      workingDirectory: folder,
    })
    const described = engine.describe('"../secret.csv"', new AbortController().signal)
    await expect(described).rejects.toThrow(/^MW-DRIFT-775/)
  })
})
