import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { createSpark } from '../../../src/adapters/engine/spark.js'
import { ensureSpark } from '../../../tools/install/spark.js'
import { settingsFor } from '../../fakes/engine/serve.js'
import { systemSuite } from '../system-suite.js'
import { viaSuite } from './via-suite.js'

// @evidence Spark, by a job that spark-sql submits: live (4.3.0)
await systemSuite('Spark by a submitted job', ensureSpark, (home) => {
  const folders: string[] = []
  afterAll(async () => {
    for (const folder of folders) await rm(folder, { recursive: true, force: true })
  })
  viaSuite(async () => {
    const workingDirectory = await mkdtemp(join(tmpdir(), 'modelway-spark-job-'))
    folders.push(workingDirectory)
    const { PATH = '', JAVA_HOME = '' } = process.env
    const env = {
      PATH,
      ...(JAVA_HOME && { JAVA_HOME }),
      SPARK_HOME: home(),
      SPARK_LOCAL_IP: '127.0.0.1',
    }
    const connection = { via: 'submit', master: 'local[2]' }
    return (minutes = 5) => ({
      ...createSpark({
        ...settingsFor({ ...connection, 'timeout-minutes': minutes }, env),
        workingDirectory,
      }),
    })
  })
})
