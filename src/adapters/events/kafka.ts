import type { Producer, SASLOptions } from 'kafkajs'
import { cloudEvent, type KeyedEvent } from '../../domain/drift/acting/event.js'
import type { KafkaTrigger } from '../../domain/drift/acting/trigger.js'
import { CancelledError, ExternalError, UserError } from '../../errors.js'
import type { EventSender } from '../../ports/events.js'
import type { SenderContext } from './index.js'
import { readAccount } from './secrets.js'

const CONNECT_MS = 10_000
const REQUEST_MS = 20_000
const RETRIES = 5

/**
 * The event as CloudEvents 1.0 (structured JSON), keyed by its idempotency key: consumers find repetitions by it, and a
 * compacted topic keeps one. Written by an idempotent producer, acknowledged by all replicas.
 */
export function createKafkaSender(
  trigger: KafkaTrigger,
  context: SenderContext,
  limits: { readonly retries?: number } = {},
): EventSender {
  const sasl = readSasl(trigger, context)
  return {
    async send(event, signal) {
      const producer = await createProducer(trigger, sasl, limits.retries ?? RETRIES)
      try {
        await untilAborted(signal, () => publish(producer, trigger.topic, event))
      } catch (error) {
        throw failure(error, trigger)
      } finally {
        // What went wrong with leaving is of no use to anybody.
        await producer.disconnect().catch(() => undefined)
      }
      return {}
    },
  }
}

async function createProducer(
  trigger: KafkaTrigger,
  sasl: SASLOptions | undefined,
  retries: number,
): Promise<Producer> {
  // In a bundle only `default` is there: the package is CommonJS.
  const { Kafka, logLevel } = (await import('kafkajs')).default
  const kafka = new Kafka({
    clientId: 'modelway',
    brokers: [...trigger.brokers],
    ssl: trigger.tls,
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    logLevel: logLevel.NOTHING,
    retry: { retries, maxRetryTime: REQUEST_MS },
  })
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
  })
}

async function publish(producer: Producer, topic: string, event: KeyedEvent): Promise<void> {
  await producer.connect()
  await producer.send({
    topic,
    acks: -1,
    timeout: REQUEST_MS,
    messages: [
      {
        key: event.key,
        value: JSON.stringify(cloudEvent(event)),
        headers: {
          'content-type': 'application/cloudevents+json; charset=UTF-8',
          'idempotency-key': event.key,
        },
      },
    ],
  })
}

/** kafkajs knows no signals. */
async function untilAborted(signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  signal.throwIfAborted()
  let stop = (): void => undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(new CancelledError('Sending was cancelled.'))
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([work(), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

function readSasl(trigger: KafkaTrigger, context: SenderContext): SASLOptions | undefined {
  const account = readAccount('MODELWAY_KAFKA', context)
  if (account === undefined) return undefined
  if (trigger.sasl === 'plain' && !trigger.tls && !trigger.brokers.every(isLoopback)) {
    throw new UserError({
      code: 'MW-DRIFT-501',
      where: 'drift.triggers',
      what: 'the password would go to the Kafka brokers in clear text.',
      fix: 'Set tls: true, or sasl: scram-sha-512.',
    })
  }
  return { mechanism: trigger.sasl, ...account } as SASLOptions
}

function isLoopback(broker: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/.test(broker)
}

function failure(error: unknown, { topic }: KafkaTrigger): unknown {
  if (error instanceof CancelledError) return error
  const { name, message, retriable } = describe(error)
  const known = KNOWN.find(([pattern]) => pattern.test(`${name} ${message}`))?.[1]
  const what =
    known === undefined ? `the event for topic ${topic} was not taken: ${message}` : known(topic)
  return new ExternalError(
    { code: 'MW-DRIFT-507', service: 'Kafka', what, retryable: known === undefined && retriable },
    { cause: error },
  )
}

const KNOWN: readonly (readonly [RegExp, (topic: string) => string])[] = [
  [
    /SASL|Authentication/i,
    () =>
      'signing in was refused: MODELWAY_KAFKA_USERNAME, MODELWAY_KAFKA_PASSWORD and `sasl` must fit.',
  ],
  [
    /does not host this topic|UNKNOWN_TOPIC/i,
    (topic) => `there is no topic ${topic}. Make it first: it is not made by a message.`,
  ],
  [/not authorized|AUTHORIZATION_FAILED/i, (topic) => `writing to topic ${topic} is not allowed.`],
]

/** What kafkajs says; the errors of its last attempt are inside those of the repetition. */
function describe(error: unknown): {
  readonly name: string
  readonly message: string
  readonly retriable: boolean
} {
  if (!(error instanceof Error)) return { name: '', message: String(error), retriable: false }
  const inner = error.cause instanceof Error ? error.cause : error
  return { name: `${error.name} ${inner.name}`, message: inner.message, retriable: true }
}
