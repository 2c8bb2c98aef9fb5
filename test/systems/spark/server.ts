import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { openSparkChannel } from '../../../src/adapters/engine/spark-grpc.js'
import { executeRequest } from '../../../src/adapters/engine/spark-wire.js'

interface RunningSpark {
  readonly url: string
  /** How many tasks its executors work at. */
  tasks(): Promise<number>
  close(): Promise<void>
}

export interface SparkServer extends RunningSpark {
  /** Runs what the engine itself never sends: statements that write. */
  write(sql: string): Promise<void>
}

/** A real Spark Connect server whose work is done by two executor processes, in a time zone that is not UTC. */
export async function startSpark(home: string): Promise<SparkServer> {
  const port = await freePort(24_900)
  const settings = {
    'spark.connect.grpc.binding.port': String(port),
    'spark.connect.grpc.binding.address': '127.0.0.1',
  }
  const running = await start(home, {
    mainClass: 'org.apache.spark.sql.connect.service.SparkConnectServer',
    ready: 'Spark Connect server started',
    ...{ settings, args: [], url: `sc://127.0.0.1:${port}` },
  })
  return { ...running, write: (sql) => write(`127.0.0.1:${port}`, sql) }
}

export type Transport = 'binary' | 'http'

/** A real Spark Thrift server of the same kind, which asks for no password. */
export async function startThriftServer(home: string, transport: Transport): Promise<RunningSpark> {
  const port = await freePort(24_920)
  const hive = {
    'hive.server2.transport.mode': transport,
    [`hive.server2.thrift.${transport === 'http' ? 'http.' : ''}port`]: String(port),
    'hive.server2.thrift.bind.host': '127.0.0.1',
    'javax.jdo.option.ConnectionURL': 'jdbc:derby:memory:metastore;create=true',
  }
  const origin = `127.0.0.1:${port}`
  return await start(home, {
    mainClass: 'org.apache.spark.sql.hive.thriftserver.HiveThriftServer2',
    ready: 'HiveThriftServer2 started',
    settings: {},
    args: Object.entries(hive).flatMap(([key, value]) => ['--hiveconf', `${key}=${value}`]),
    url: transport === 'http' ? `http://${origin}/cliservice` : `thrift://${origin}`,
  })
}

interface Program {
  readonly mainClass: string
  /** What it prints when it serves. */
  readonly ready: string
  readonly settings: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly url: string
}

async function start(home: string, program: Program): Promise<RunningSpark> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-spark-'))
  const ui = await freePort(24_950)
  const settings = {
    ...program.settings,
    'spark.driver.host': '127.0.0.1',
    'spark.driver.bindAddress': '127.0.0.1',
    'spark.driver.memory': '1g',
    'spark.executor.memory': '1g',
    'spark.sql.shuffle.partitions': '4',
    'spark.sql.session.timeZone': 'America/New_York',
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    'spark.ui.port': String(ui),
  }
  const child = spawn(
    join(home, 'bin', 'spark-submit'),
    [
      ...['--master', 'local-cluster[2,1,1024]'],
      ...['--class', program.mainClass],
      ...Object.entries(settings).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
      'spark-internal',
      ...program.args,
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
  if (!(await isReady(child.stderr, program.ready))) {
    await close()
    throw new Error('Spark ended before it was ready.')
  }
  return {
    url: program.url,
    tasks: () => tasksOf(`http://127.0.0.1:${ui}/api/v1/applications`),
    close,
  }
}

async function tasksOf(applications: string): Promise<number> {
  const get = async (url: string): Promise<unknown> => await (await fetch(url)).json()
  const [application] = (await get(applications)) as readonly { readonly id: string }[]
  const executors = await get(`${applications}/${application?.id}/executors`)
  return (executors as readonly { readonly activeTasks: number }[]).reduce(
    (sum, { activeTasks }) => sum + activeTasks,
    0,
  )
}

async function isReady(output: NodeJS.ReadableStream, ready: string): Promise<boolean> {
  let executors = 0
  let isServing = false
  for await (const line of createInterface({ input: output })) {
    if (line.includes('is now RUNNING')) executors++
    if (line.includes(ready)) isServing = true
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
  const channel = openSparkChannel(new URL(`http://${origin}`), {}, peer)
  const session = { sessionId: randomUUID(), user: 'test' }
  const request = executeRequest(session, randomUUID(), sql)
  const method = '/spark.connect.SparkConnectService/ExecutePlan'
  await channel.call(method, request, { signal: AbortSignal.timeout(120_000) })
  channel.close()
}

/** Below the ephemeral range, where another process's outgoing connection could take it. */
async function freePort(from: number): Promise<number> {
  for (let port = from; port < from + 20; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (isFree) return port
  }
  throw new Error('No port is free.')
}
