import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { createDuckDB } from '../../../src/adapters/engine/duckdb.js'
import { openSignals } from '../../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../../src/config/deploy/signals.js'
import { createWorkspace } from '../../../src/files/workspace.js'
import { ensureDuckdb } from '../../../tools/install/duckdb.js'
import { readers } from '../../unit/adapters/telemetry/predictions/arrange.js'
import { systemSuite } from '../system-suite.js'

const START = Date.UTC(2026, 10, 24, 5)
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()
const ROWS = [
  [at(-1), "it's", 'r0', 'a', 200, 10],
  [at(0), "it's", 'r1', 'a', 200, 10],
  [at(1), "it's", 'r2', 'b', 500, 250],
  [at(9.999), 'v2', 'r3', 'c', 200, 600],
  [at(10), 'v2', 'r4', 'd', 200, 10],
]
const STRETCH = { from: START, to: START + 10_000, stable: "it's", canary: 'v2' }

// @evidence A SQL query for what users met: live (DuckDB, @duckdb/node-api 1.5.6-r.1)
await systemSuite('DuckDB as what counts', ensureDuckdb, (installed) => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelway-duckdb-'))
    await symlink(join(installed(), 'node_modules'), join(folder, 'node_modules'))
    const lines = ROWS.map((row) => row.join(',')).join('\n')
    await writeFile(join(folder, 'log.csv'), `time,version,id,prediction,status,ms\n${lines}\n`)
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function open(query: string, more: object = {}) {
    const settings = SignalsSection.parse({ sql: { engine: 'duckdb', query, ...more } })
    const signals = await openSignals(settings, {
      env: {},
      signal: new AbortController().signal,
      answers: {
        wanted: { output: undefined, tolerance: 1e-6, overs: [200] },
        workspace: createWorkspace(folder),
        readers,
        openEngine: async (_, connection) =>
          createDuckDB({ connection, env: {}, workingDirectory: folder }),
      },
    })
    if (signals === undefined) throw new Error('nothing counts')
    return signals
  }

  it('gives counts by version of a stretch of time', async () => {
    const signals = await open(
      `SELECT version, count(*) AS requests, count(*) FILTER (status >= 500) AS errors,
         count(*) FILTER (ms > 200) AS over_200, count(*) FILTER (ms > 500) AS over_500
       FROM 'log.csv' WHERE time >= {from} AND time < {to} AND version IN ({stable}, {canary}) GROUP BY version`,
    )
    const gained = await signals.between(STRETCH)
    expect(gained?.latencyBounds).toEqual([200, 500])
    expect(gained?.counters.stable).toMatchObject({ requests: 2, errors: 1, latency: [1, 1, 0] })
    expect(gained?.counters.canary).toMatchObject({ requests: 1, errors: 0, latency: [0, 0, 1] })
  }, 60_000)

  it('gives single answers', async () => {
    const signals = await open(
      `SELECT * FROM 'log.csv' WHERE epoch_ms(time) >= {from_ms} AND epoch_ms(time) < {to_ms} ORDER BY time`,
      { columns: { latency: 'ms' } },
    )
    const gained = await signals.between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 2, errors: 1 })
    expect(gained?.samples.map(({ requestId, prediction }) => [requestId, prediction])).toEqual([
      ['r1', 'a'],
      ['r2', 'b'],
      ['r3', 'c'],
    ])
  }, 60_000)
})
