import { describe, expect, it } from '@jest/globals'
import { duckdbDialect } from '../../../../../src/adapters/engine/duckdb-dialect.js'
import { recordReader } from '../../../../../src/adapters/telemetry/predictions/record.js'
import { createSqlSignals } from '../../../../../src/adapters/telemetry/sql/sql-signals.js'
import { SqlSignals } from '../../../../../src/config/deploy/sql.js'
import type { EngineValue, QueryEngine } from '../../../../../src/ports/engine.js'

const WHERE = 'WHERE t >= {from} AND t < {to}'
const STRETCH = { from: 0, to: 60_000, stable: 'v1', canary: 'v2' }

/** Signals over an engine that answers each query with these rows. */
function arrange(columns: readonly string[], rows: EngineValue[][], query = WHERE) {
  const asked: string[] = []
  const closed: string[] = []
  const engine: QueryEngine = {
    name: 'an engine',
    dialect: duckdbDialect,
    query: async (sql) => {
      asked.push(sql)
      return { columns, rows }
    },
    describe: async () => [],
    close: async () => void closed.push('closed'),
  }
  const settings = SqlSignals.parse({ engine: 'duckdb', query })
  const signals = createSqlSignals({
    settings,
    openEngine: async () => engine,
    readRecord: recordReader({ ...settings, output: undefined, numbersAreTexts: false }),
    bounds: [],
    needsTimes: false,
    comparison: { tolerance: 1e-6 },
    signal: new AbortController().signal,
  })
  return { signals, asked, closed }
}

describe('a query for what users met', () => {
  it('sums rows of one version, leaves others out, and closes the engine', async () => {
    const { signals, closed } = arrange(
      ['Version', 'REQUESTS', 'errors', 'over_200'],
      [
        ['v1', '10', 1, 3],
        ['v1', 5, null, 0],
        ['v3', 99, 0, 0],
        ['v2', 4, 0, 4],
      ],
    )
    const gained = await signals.between(STRETCH)
    expect(gained?.counters.stable).toMatchObject({ requests: 15, errors: 1, latency: [12, 3] })
    expect(gained?.counters.canary).toMatchObject({ requests: 4, errors: 0, latency: [0, 4] })
    expect(closed).toEqual(['closed'])
  })

  it('has names as texts that nothing in them ends', async () => {
    const query = `${WHERE} AND v IN ({stable}, {canary}) AND x = {from_ms} AND j = '{"other": 1}'`
    const { signals, asked } = arrange(['version', 'requests'], [], query)
    await signals.between({ ...STRETCH, stable: "a'; DROP TABLE x; --", canary: '{to}' })
    expect(asked[0]).toContain("('a''; DROP TABLE x; --', '{to}')")
    expect(asked[0]).toContain('x = 0 AND j = \'{"other": 1}\'')
  })

  it.each([
    ['no time', 'SELECT 1', ['version', 'requests'], [], 'MW-DEPLOY-321'],
    ['counts without a version', WHERE, ['requests'], [], 'MW-DEPLOY-323'],
    ['a count below zero', WHERE, ['version', 'requests'], [['v1', -1]], 'MW-DEPLOY-324'],
    ['a count that is none', WHERE, ['version', 'requests'], [['v1', 'many']], 'MW-DEPLOY-324'],
    [
      'more errors than requests',
      WHERE,
      ['version', 'requests', 'errors'],
      [['v1', 1, 2]],
      'MW-DEPLOY-324',
    ],
    [
      'more slow ones over more',
      WHERE,
      ['version', 'requests', 'over_1', 'over_2'],
      [['v1', 9, 1, 2]],
      'MW-DEPLOY-324',
    ],
  ])('with %s is refused', async (_, query, columns, rows, code) => {
    const { signals } = arrange(columns, rows, query)
    await expect(signals.between(STRETCH)).rejects.toThrow(code)
  })

  it('with a name that SQL cannot write is refused', async () => {
    const { signals } = arrange(['version', 'requests'], [], `${WHERE} AND v = {stable}`)
    await expect(signals.between({ ...STRETCH, stable: 'a\0' })).rejects.toThrow('MW-DEPLOY-322')
  })
})
