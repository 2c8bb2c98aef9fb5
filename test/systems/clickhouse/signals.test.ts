import { afterAll, beforeAll, it } from '@jest/globals'
import { createClickHouse } from '../../../src/adapters/engine/clickhouse.js'
import { ensureClickHouseServer } from '../../../tools/install/clickhouse.js'
import { expectSqlSignals } from '../sql-signals.js'
import { systemSuite } from '../system-suite.js'
import { PASSWORD, type RunningClickHouse, startClickHouse } from './server.js'

// @evidence A SQL query for what users met, in ClickHouse: live (18.16.1)
await systemSuite('ClickHouse as what counts', ensureClickHouseServer, (installed) => {
  let running: RunningClickHouse
  beforeAll(async () => {
    running = await startClickHouse(installed())
  }, 120_000)
  afterAll(() => running?.close())

  it('gives counts and single answers, whatever its time zone', async () => {
    await expectSqlSignals({
      engine: 'clickhouse',
      timeType: 'DateTime',
      moment: (seconds, start) => `toDateTime(${start / 1000 + seconds})`,
      open: () =>
        createClickHouse({
          connection: {
            url: running.url,
            user: 'modelway',
            schema: 'default',
            'timeout-minutes': 5,
          },
          env: { MODELWAY_CLICKHOUSE_PASSWORD: PASSWORD },
          workingDirectory: '/',
        }),
    })
  }, 60_000)
})
