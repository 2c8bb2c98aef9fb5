import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openChannel } from '../../../src/adapters/engine/spark-grpc.js'
import { executeRequest } from '../../../src/adapters/engine/spark-wire.js'

export interface SparkServer {
  /** `sc://127.0.0.1:port`. */
  readonly url: string
  /** Runs what the engine itself never sends: statements that write. */
  write(sql: string): Promise<void>
  close(): Promise<void>
}

/** A real Spark Connect server whose work is done by two executor processes, in a time zone that is not UTC. */
export async function startSpark(home: string): Promise<SparkServer> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-spark-'))
  const port = await freePort()
  const settings = {
    'spark.connect.grpc.binding.port': String(port),
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.memory': '1g',
    'spark.executor.memory': '1g',
    'spark.sql.shuffle.partitions': '4',
    'spark.sql.session.timeZone': 'America/New_York',
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    'spark.ui.enabled': 'false',
  }
  const child = spawn(
    join(home, 'bin', 'spark-submit'),
    [
      ...['--master', 'local-cluster[2,1,1024]'],
      ...['--class', 'org.apache.spark.sql.connect.service.SparkConnectServer'],
      ...Object.entries(settings).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
      'spark-internal',
    ],
    {
      cwd: folder,
      env: { ...process.env, SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1' },
      // A group of its own, so that the executors end with it.
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const close = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  if (!(await isReady(child.stderr))) {
    await close()
    throw new Error('Spark ended before it was ready.')
  }
  const origin = `127.0.0.1:${port}`
  return { url: `sc://${origin}`, write: (sql) => write(origin, sql), close }
}

async function isReady(output: NodeJS.ReadableStream): Promise<boolean> {
  let executors = 0
  let isServing = false
  for await (const line of createInterface({ input: output })) {
    if (line.includes('is now RUNNING')) executors++
    if (line.includes('Spark Connect server started')) isServing = true
    if (executors >= 2 && isServing) {
      // What else it prints would fill the pipe.
      output.resume()
      return true
    }
  }
  return false
}

async function write(origin: string, sql: string): Promise<void> {
  const peer = { service: 'Spark', signIn: '', secrets: [], firstDelayMs: 100 }
  const channel = openChannel(new URL(`http://${origin}`), {}, peer)
  const session = { sessionId: randomUUID(), user: 'test' }
  const request = executeRequest(session, randomUUID(), sql)
  const method = '/spark.connect.SparkConnectService/ExecutePlan'
  await channel.call(method, request, AbortSignal.timeout(120_000))
  channel.close()
}

/** Below the ephemeral range, where another process's outgoing connection could take it. */
async function freePort(): Promise<number> {
  for (let port = 24_950; port < 25_000; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error('No port is free.')
}
