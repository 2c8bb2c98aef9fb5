import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createDuckDB } from '../../../../src/adapters/engine/duckdb.js'
import { settingsFor } from '../../../fakes/engine/serve.js'
import { NEVER, refusal } from './failures.js'

describe('DuckDB', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-no-duckdb-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const asked = () => {
    const engine = createDuckDB({ ...settingsFor({}), workingDirectory: folder })
    return refusal(engine.query('SELECT 1', NEVER))
  }

  it('says how to install the package where there is none', async () => {
    const found = await asked()
    expect(found.code).toBe('MW-DRIFT-767')
    expect(found.text).toContain('npm install --no-save @duckdb/node-api')
  })

  it('says why the package that is there cannot be used', async () => {
    const place = join(folder, 'node_modules', '@duckdb', 'node-api')
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'package.json'), '{"main": "index.cjs"}')
    await writeFile(join(place, 'index.cjs'), 'module.exports = {}')
    const found = await asked()
    expect(found.code).toBe('MW-DRIFT-767')
    expect(found.text).toContain('it exports no DuckDBInstance')
  })
})
