import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from '@jest/globals'
import { createSpark } from '../../../src/adapters/engine/spark.js'
import { ensureSpark } from '../../../tools/install/spark.js'
import { settingsFor } from '../../fakes/engine/serve.js'
import { systemSuite } from '../system-suite.js'
import { noTasks } from './no-tasks.js'
import { startThriftServer, type Transport } from './server.js'
import { viaSuite } from './via-suite.js'

// @evidence Spark, by its Thrift server: live (4.3.0, two executors; SASL over TCP, and HTTP)
for (const transport of ['binary', 'http'] satisfies readonly Transport[]) {
  await systemSuite(`Spark by its Thrift server over ${transport}`, ensureSpark, (home) => {
    let server: Awaited<ReturnType<typeof startThriftServer>> | undefined
    afterAll(async () => {
      // What was cancelled last ends too.
      await sleep(500)
      if (server !== undefined) await noTasks(server)
      await server?.close()
    }, 60_000)
    viaSuite(async () => {
      const running = await startThriftServer(home(), transport)
      server = running
      return (minutes = 5) =>
        createSpark(settingsFor({ via: 'thrift', url: running.url, 'timeout-minutes': minutes }))
    })
  })
}
