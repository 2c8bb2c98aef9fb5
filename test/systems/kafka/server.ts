import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { command } from '../../../tools/install/command.js'

export interface KafkaServer {
  /** Without signing in. */
  readonly plain: string
  /** With SASL (PLAIN, SCRAM-SHA-512). */
  readonly sasl: string
  close(): Promise<void>
}

/** Named here and not at its calls: it is no package's program, and installed by hand. */
const java = 'java'

export const account = { username: 'modelway', password: 'broker-secret' }

/** A real Kafka broker (KRaft, one node) on loopback, with empty storage. */
export async function startKafka(jars: string): Promise<KafkaServer> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-kafka-'))
  const [plain = 0, sasl = 0, controller = 0] = await freePorts(3)
  const file = join(folder, 'server.properties')
  await writeFile(file, properties({ folder, plain, sasl, controller }))
  const classPath = join(jars, '*')
  const { username, password } = account
  await command(java, [
    ...['-Xmx256m', '-cp', classPath, 'kafka.tools.StorageTool', 'format', '-c', file],
    ...['-t', 'm1xQ2H3XTa6Nn0ZsQ8yWvA', '--standalone'],
    ...['--add-scram', `SCRAM-SHA-512=[name=${username},password=${password}]`],
  ])
  const child = spawn(java, ['-Xmx512m', '-cp', classPath, 'kafka.Kafka', file], {
    detached: true,
    stdio: 'ignore',
  })
  const close = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await untilReady(`127.0.0.1:${plain}`, () => child.exitCode)
  } catch (error) {
    await close()
    throw error
  }
  return { plain: `127.0.0.1:${plain}`, sasl: `127.0.0.1:${sasl}`, close }
}

interface Layout {
  readonly folder: string
  readonly plain: number
  readonly sasl: number
  readonly controller: number
}

function properties({ folder, plain, sasl, controller }: Layout): string {
  const { username, password } = account
  const jaas = 'org.apache.kafka.common.security'
  return `${[
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.bootstrap.servers=127.0.0.1:${controller}`,
    `listeners=PLAIN://127.0.0.1:${plain},SASL://127.0.0.1:${sasl},CONTROLLER://127.0.0.1:${controller}`,
    `advertised.listeners=PLAIN://127.0.0.1:${plain},SASL://127.0.0.1:${sasl}`,
    'listener.security.protocol.map=PLAIN:PLAINTEXT,SASL:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAIN',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-512',
    `listener.name.sasl.plain.sasl.jaas.config=${jaas}.plain.PlainLoginModule required user_${username}="${password}";`,
    `listener.name.sasl.scram-sha-512.sasl.jaas.config=${jaas}.scram.ScramLoginModule required;`,
    `log.dirs=${join(folder, 'data')}`,
    'auto.create.topics.enable=false',
    'offsets.topic.num.partitions=1',
    'offsets.topic.replication.factor=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    'group.initial.rebalance.delay.ms=0',
  ].join('\n')}\n`
}

async function untilReady(broker: string, exitCode: () => number | null): Promise<void> {
  const kafka = new Kafka({
    clientId: 'test',
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  })
  for (let attempt = 0; attempt < 240; attempt++) {
    if (exitCode() !== null) throw new Error(`Kafka ended with ${exitCode()}.`)
    const admin = kafka.admin()
    try {
      await admin.connect()
      await admin.listTopics()
      return
    } catch {
      // It is not listening yet.
    } finally {
      await admin.disconnect()
    }
    await sleep(500)
  }
  throw new Error('Kafka did not answer within two minutes.')
}

/** Below the ephemeral range, where another process's outgoing connection could take them. */
async function freePorts(count: number): Promise<readonly number[]> {
  const found: number[] = []
  for (let port = 24_700; port < 24_800 && found.length < count; port++) {
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) found.push(port)
  }
  if (found.length < count) throw new Error('No ports are free.')
  return found
}
