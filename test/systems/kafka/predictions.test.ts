import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import type { Gained, Signals } from '../../../src/ports/signals.js'
import { ensureKafka } from '../../../tools/install/kafka.js'
import { openLog, VERSIONS } from '../../unit/adapters/telemetry/predictions/arrange.js'
import { systemSuite } from '../system-suite.js'
import { account, type KafkaServer, startKafka } from './server.js'

// @evidence Kafka, a log of predictions: live (4.1.1, one KRaft node, with and without SASL)
await systemSuite('Kafka as a log of predictions', ensureKafka, (jars) => {
  let server: KafkaServer
  let kafka: Kafka
  let producer: Producer
  let transactional: Producer

  beforeAll(async () => {
    server = await startKafka(jars())
    kafka = new Kafka({
      clientId: 'test',
      brokers: [server.plain],
      logLevel: logLevel.NOTHING,
    })
    const admin = kafka.admin()
    await admin.connect()
    const topics = ['records', 'events', 'unmarked', 'transactions', 'grouped', 'sasl']
    await admin.createTopics({
      waitForLeaders: true,
      topics: topics.map((topic) => ({ topic, numPartitions: 3 })),
    })
    await admin.disconnect()
    producer = kafka.producer()
    await producer.connect()
    transactional = kafka.producer({
      transactionalId: 'test',
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await transactional.connect()
  }, 180_000)
  afterAll(async () => {
    await producer?.disconnect()
    await transactional?.disconnect()
    await server?.close()
  })

  const open = (topic: string, more: object = {}, settings: object = {}): Promise<Signals> =>
    openLog('.', { kafka: { brokers: server.plain, topic, ...more }, ...settings })
  const send = (topic: string, messages: Message[]) => producer.send({ topic, messages })
  const record = (version: string, more: object = {}): Message => ({
    value: JSON.stringify({ version, id: String(Math.random()), prediction: 1, ...more }),
  })
  const requests = (gained: Gained | undefined) =>
    gained && [gained.counters.stable.requests, gained.counters.canary.requests]
  /** A stretch that begins with what was sent a moment ago. */
  const now = (from = Date.now() - 60_000) => ({ ...VERSIONS, from, to: Date.now() })

  it('counts what came since the mark in all partitions, once', async () => {
    await send('records', [record('v1'), record('v1')])
    const signals = await open('records')
    await signals.mark?.(VERSIONS)
    const messages = Array.from({ length: 3000 }, (_, i) => ({
      ...record(i % 10 === 0 ? 'v2' : 'v1'),
      partition: i % 3,
    }))
    await send('records', messages)
    await send('records', [{ value: '{"broken' }, { value: null }])
    const first = now()
    const gained = await signals.between(first)
    expect(requests(gained)).toEqual([2700, 300])
    expect(gained?.samples.length).toBe(3000)
    expect(gained?.warnings).toEqual(['1 records could not be read and are not counted.'])
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 0])
    await send('records', [record('v2')])
    expect(requests(await signals.between(now(first.to)))).toEqual([0, 1])
  }, 60_000)

  it('begins without a mark where the brokers say that the stretch does', async () => {
    const old = String(Date.now() - 3_600_000)
    await send('unmarked', [{ ...record('v1'), timestamp: old }, record('v2')])
    const signals = await open('unmarked')
    expect(requests(await signals.between(now()))).toEqual([0, 1])
  }, 60_000)

  it('reads CloudEvents in binary and in structured form', async () => {
    const signals = await open('events', {}, { payload: 'cloud-events' })
    await signals.mark?.(VERSIONS)
    const time = (ms: number) => new Date(Date.now() + ms).toISOString()
    const binary = (type: string, at: string, body: object): Message => ({
      key: 'r1',
      value: JSON.stringify(body),
      headers: {
        'content-type': 'application/json',
        ce_specversion: '1.0',
        ce_type: `org.kubeflow.serving.inference.${type}`,
        ce_id: 'r1',
        ce_source: 'http://localhost:9081/',
        ce_time: at,
        ce_inferenceservicename: 'iris',
        ce_endpoint: 'v2',
      },
    })
    const structured = {
      specversion: '1.0',
      type: 'io.seldon.serving.inference.response',
      id: 'event-7',
      requestid: 'r7',
      source: 'seldon',
      endpoint: 'v1',
      time: time(0),
      data: { outputs: [{ name: 'prediction', data: ['cat'] }] },
    }
    const asked = Date.now()
    const at = (ms: number) => new Date(asked + ms).toISOString()
    await send('events', [
      binary('request', at(0), { instances: [[1]] }),
      binary('response', at(120), { predictions: [4, 5] }),
      {
        value: JSON.stringify(structured),
        headers: { 'content-type': 'application/cloudevents+json' },
      },
    ])
    const gained = await signals.between(now())
    const samples = [...(gained?.samples ?? [])].sort((a, b) =>
      a.requestId < b.requestId ? -1 : 1,
    )
    expect(samples).toEqual([
      { requestId: 'r1', version: 'canary', mirrored: false, prediction: '4', latencyMs: 120 },
      { requestId: 'r7', version: 'stable', mirrored: false, prediction: 'cat' },
    ])
  }, 60_000)

  it('is done with what transactions leave behind', async () => {
    const signals = await open('transactions')
    await signals.mark?.(VERSIONS)
    const kept = await transactional.transaction()
    await kept.send({ topic: 'transactions', messages: [record('v1')] })
    await kept.commit()
    const dropped = await transactional.transaction()
    await dropped.send({ topic: 'transactions', messages: [record('v2')] })
    await dropped.abort()
    expect(requests(await signals.between(now()))).toEqual([1, 0])
  }, 60_000)

  it('commits to no group but a named one', async () => {
    const signals = await open('grouped', { group: 'ours' })
    await signals.mark?.(VERSIONS)
    await send('grouped', [{ ...record('v1'), partition: 1 }])
    expect(requests(await signals.between(now()))).toEqual([1, 0])
    const admin = kafka.admin()
    await admin.connect()
    const [offsets] = await admin.fetchOffsets({ groupId: 'ours', topics: ['grouped'] })
    expect(offsets?.partitions.find(({ partition }) => partition === 1)?.offset).toBe('1')
    const { groups } = await admin.listGroups()
    const made = groups.filter(({ groupId }) => groupId.startsWith('modelway-'))
    for (const { groupId } of made) {
      const [found] = await admin.fetchOffsets({ groupId, topics: ['records'] })
      expect(found?.partitions.every(({ offset }) => offset === '-1')).toBe(true)
    }
    await admin.disconnect()
  }, 60_000)

  it('is signed in to, and says what is wrong where it is not let in', async () => {
    const place = { brokers: server.sasl, topic: 'sasl', sasl: 'scram-sha-512' }
    const { username, password } = account
    const env = { MODELWAY_KAFKA_USERNAME: username, MODELWAY_KAFKA_PASSWORD: password }
    const signals = await openLog('.', { kafka: place }, { env })
    await signals.mark?.(VERSIONS)
    await send('sasl', [record('v1')])
    expect(requests(await signals.between(now()))).toEqual([1, 0])
    const wrong = { ...env, MODELWAY_KAFKA_PASSWORD: 'wrong-secret' }
    const refused = await openLog('.', { kafka: place }, { env: wrong })
    await expect(refused.mark?.(VERSIONS)).rejects.toThrow(/MW-DEPLOY-325.*MODELWAY_KAFKA_USERNAME/)
    const half = await openLog('.', { kafka: place }, { env: { MODELWAY_KAFKA_USERNAME: 'x' } })
    await expect(half.mark?.(VERSIONS)).rejects.toThrow(/MW-DEPLOY-327/)
  }, 60_000)

  it('says where there is no such topic', async () => {
    const signals = await open('nowhere')
    await expect(signals.mark?.(VERSIONS)).rejects.toThrow(/MW-DEPLOY-325.*no topic nowhere/)
  }, 60_000)
})
