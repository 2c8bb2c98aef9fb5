import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { type IHeaders, Kafka, logLevel } from 'kafkajs'
import { createKafkaSender } from '../../../src/adapters/events/kafka.js'
import type { KafkaTrigger } from '../../../src/domain/drift/acting/trigger.js'
import { CancelledError, type ExternalError } from '../../../src/errors.js'
import { ensureKafka } from '../../../tools/install/kafka.js'
import { context, EVENT, failure, NEVER } from '../../unit/adapters/events/arrange.js'
import { systemSuite } from '../system-suite.js'
import { account, type KafkaServer, startKafka } from './server.js'

const ENV = {
  MODELWAY_KAFKA_USERNAME: account.username,
  MODELWAY_KAFKA_PASSWORD: account.password,
}

interface Message {
  readonly key: string
  readonly value: unknown
  readonly headers: IHeaders
}

// @evidence Kafka: live (4.1.1, one KRaft node, with and without SASL)
await systemSuite('Kafka as a receiver', ensureKafka, (jars) => {
  let server: KafkaServer
  let kafka: Kafka

  beforeAll(async () => {
    server = await startKafka(jars())
    const brokers = [server.plain]
    kafka = new Kafka({ clientId: 'test', brokers, logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({
      waitForLeaders: true,
      topics: [{ topic: 'drift' }, { topic: 'two' }],
    })
    await admin.disconnect()
  }, 180_000)
  afterAll(() => server?.close())

  function trigger(more: Partial<KafkaTrigger> = {}): KafkaTrigger {
    const brokers = [server.plain]
    return {
      kind: 'kafka',
      on: ['fail'],
      brokers,
      topic: 'drift',
      tls: false,
      sasl: 'plain',
      ...more,
    }
  }

  async function consume(topic: string, count: number): Promise<readonly Message[]> {
    const consumer = kafka.consumer({ groupId: `test-${topic}-${count}` })
    await consumer.connect()
    await consumer.subscribe({ topic, fromBeginning: true })
    const messages: Message[] = []
    await new Promise<void>((resolve, reject) => {
      const run = consumer.run({
        eachMessage: async ({ message }) => {
          messages.push({
            key: String(message.key),
            value: JSON.parse(String(message.value)),
            headers: message.headers ?? {},
          })
          if (messages.length === count) resolve()
        },
      })
      run.catch(reject)
    })
    await consumer.disconnect()
    return messages
  }

  it('gets the event as a CloudEvent, keyed by its idempotency key', async () => {
    await createKafkaSender(trigger(), context()).send(EVENT, NEVER)
    const [message] = await consume('drift', 1)
    expect(message?.key).toBe(EVENT.key)
    expect(message?.value).toMatchObject({
      specversion: '1.0',
      id: EVENT.key,
      data: { drifted: ['naïve|<b>', 'a\nb'], decision: 'fail' },
    })
    expect(String(message?.headers['content-type'])).toMatch(/^application\/cloudevents\+json/)
    expect(String(message?.headers['idempotency-key'])).toBe(EVENT.key)
  }, 60_000)

  it.each(['plain', 'scram-sha-512'] as const)(
    'lets in who signs in by %s',
    async (sasl) => {
      const given = context(ENV)
      const signed = trigger({ brokers: [server.sasl], topic: 'two', sasl })
      await createKafkaSender(signed, given).send(EVENT, NEVER)
      expect(given.masked).toEqual([account.password])
    },
    60_000,
  )

  it.each(['plain', 'scram-sha-512'] as const)(
    'keeps out a wrong password by %s',
    async (sasl) => {
      const wrong = context({ ...ENV, MODELWAY_KAFKA_PASSWORD: 'wr0ng' })
      const sender = createKafkaSender(trigger({ brokers: [server.sasl], sasl }), wrong)
      const error = (await failure(() => sender.send(EVENT, NEVER))) as ExternalError
      expect(error.details).toMatchObject({ code: 'MW-DRIFT-507', retryable: false })
      expect(error.message).toContain('signing in was refused')
      expect(error.message).not.toContain('wr0ng')
    },
    60_000,
  )

  it('has no topic that was not made', async () => {
    const sender = createKafkaSender(trigger({ topic: 'nowhere' }), context(), { retries: 1 })
    const error = (await failure(() => sender.send(EVENT, NEVER))) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-507', retryable: false })
    expect(error.message).toContain('there is no topic nowhere')
  }, 60_000)

  it('is not waited for when the run is cancelled', async () => {
    const controller = new AbortController()
    controller.abort(new CancelledError())
    const sender = createKafkaSender(trigger(), context())
    expect(await failure(() => sender.send(EVENT, controller.signal))).toBeInstanceOf(
      CancelledError,
    )
  })
})
