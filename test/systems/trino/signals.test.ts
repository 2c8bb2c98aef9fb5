import { afterAll, beforeAll, it } from '@jest/globals'
import { createTrino } from '../../../src/adapters/engine/trino.js'
import { ensureTrino } from '../../../tools/install/trino.js'
import { expectSqlSignals } from '../sql-signals.js'
import { systemSuite } from '../system-suite.js'
import { startTrino, type TrinoServer } from './server.js'

// @evidence A SQL query for what users met, in Trino: live (435, a coordinator and two workers)
await systemSuite('Trino as what counts', ensureTrino, (folder) => {
  let server: TrinoServer
  beforeAll(async () => {
    server = await startTrino(folder())
  }, 240_000)
  afterAll(() => server?.close())

  it('gives counts and single answers of a column with a time zone', async () => {
    await expectSqlSignals({
      engine: 'trino',
      timeType: 'timestamp(3) with time zone',
      moment: (seconds, start) => {
        const text = new Date(start + seconds * 1000).toISOString().replace('T', ' ').slice(0, 23)
        return `TIMESTAMP '${text} UTC' AT TIME ZONE 'Asia/Tokyo'`
      },
      open: () =>
        createTrino({
          connection: { url: server.url, 'timeout-minutes': 10 },
          env: {},
          workingDirectory: '/',
        }),
    })
  }, 120_000)
})
