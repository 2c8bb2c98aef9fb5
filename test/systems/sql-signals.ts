import { expect } from '@jest/globals'
import { openSignals } from '../../src/adapters/telemetry/index.js'
import { SignalsSection } from '../../src/config/deploy/signals.js'
import { createWorkspace } from '../../src/files/workspace.js'
import type { QueryEngine } from '../../src/ports/engine.js'
import { readers } from '../unit/adapters/telemetry/predictions/arrange.js'

const START = Date.UTC(2026, 10, 24, 5)

/** How an engine writes what the standard leaves open. */
export interface Writing {
  readonly engine: 'trino' | 'clickhouse'
  readonly timeType: string
  /** A literal of the moment so many seconds after the start, of that type. */
  readonly moment: (seconds: number, start: number) => string
  readonly open: () => QueryEngine
}

/** Counts by version and single answers of a stretch, by the engine's own literals of time and text. */
export async function expectSqlSignals({ engine, timeType, moment, open }: Writing): Promise<void> {
  const row = (seconds: number, rest: string) => `SELECT ${moment(seconds, START)} AS t, ${rest}`
  const rows = [
    row(-1, "'it''s' AS version, 'r0' AS id, 200 AS status, 10 AS ms"),
    row(0, "'it''s', 'r1', 200, 10"),
    row(1, "'it''s', 'r2', 500, 250"),
    row(9, "'v2', 'r3', 200, 600"),
    row(10, "'v2', 'r4', 200, 10"),
  ].map((text) => (engine === 'clickhouse' ? text.replaceAll("''", "\\'") : text))
  const from = `FROM (${rows.join(' UNION ALL ')}) AS log WHERE t >= {from} AND t < {to}`
  const queries = {
    counts: `SELECT version, COUNT(*) AS requests, SUM(CASE WHEN status >= 500 THEN 1 ELSE 0 END) AS errors,
      SUM(CASE WHEN ms > 200 THEN 1 ELSE 0 END) AS over_200 ${from} AND version IN ({stable}, {canary}) GROUP BY version`,
    answers: `SELECT version, id, status, ms ${from} ORDER BY id`,
  }
  const ask = async (query: string) => {
    const sql = { engine, query, 'time-type': timeType, columns: { latency: 'ms' } }
    const signals = await openSignals(SignalsSection.parse({ sql }), {
      env: {},
      signal: new AbortController().signal,
      answers: {
        wanted: { output: undefined, tolerance: 1e-6, overs: [200] },
        workspace: createWorkspace('.'),
        readers,
        openEngine: async () => open(),
      },
    })
    return signals?.between({ from: START, to: START + 10_000, stable: "it's", canary: 'v2' })
  }
  const counts = await ask(queries.counts)
  expect(counts?.latencyBounds).toEqual([200])
  expect(counts?.counters.stable).toMatchObject({ requests: 2, errors: 1, latency: [1, 1] })
  expect(counts?.counters.canary).toMatchObject({ requests: 1, errors: 0, latency: [0, 1] })
  const answers = await ask(queries.answers)
  expect(answers?.samples.map(({ requestId, latencyMs }) => [requestId, latencyMs])).toEqual([
    ['r1', 10],
    ['r2', 250],
    ['r3', 600],
  ])
  expect(answers?.counters.stable).toMatchObject({ requests: 2, errors: 1 })
}
