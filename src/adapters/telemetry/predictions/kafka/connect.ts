import type { Kafka, SASLOptions } from 'kafkajs'
import type { KafkaPlace } from '../../../../config/deploy/predictions.js'
import { CancelledError, ExternalError, UserError } from '../../../../errors.js'

type Env = Readonly<Record<string, string | undefined>>

const CONNECT_MS = 10_000
const REQUEST_MS = 20_000
const RETRIES = 3
const WHERE = 'deploy.signals.predictions.kafka'

/** Brokers, signed in to by MODELWAY_KAFKA_USERNAME and MODELWAY_KAFKA_PASSWORD where they are set. */
export async function connectKafka(place: KafkaPlace, env: Env): Promise<Kafka> {
  const sasl = saslOf(place, env)
  // In a bundle only `default` is there: the package is CommonJS.
  const { Kafka, logLevel } = (await import('kafkajs')).default
  return new Kafka({
    clientId: 'modelway',
    brokers: [...place.brokers],
    ssl: place.tls,
    ...(sasl === undefined ? {} : { sasl }),
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: CONNECT_MS,
    requestTimeout: REQUEST_MS,
    logLevel: logLevel.NOTHING,
    retry: { retries: RETRIES, maxRetryTime: REQUEST_MS },
  })
}

function saslOf({ sasl, tls, brokers }: KafkaPlace, env: Env): SASLOptions | undefined {
  const username = env['MODELWAY_KAFKA_USERNAME']?.trim() || undefined
  const password = env['MODELWAY_KAFKA_PASSWORD']?.trim() || undefined
  if (username === undefined && password === undefined) return undefined
  if (username === undefined || password === undefined) throw halfAccount(username === undefined)
  if (sasl === 'plain' && !tls && !brokers.every(isLoopback)) {
    throw new UserError({
      code: 'MW-DEPLOY-326',
      where: WHERE,
      what: 'the password would go to the Kafka brokers in clear text.',
      fix: 'Set tls: true, or sasl: scram-sha-512.',
    })
  }
  return { mechanism: sasl, username, password } as SASLOptions
}

function halfAccount(isNameless: boolean): UserError {
  const [there, missing] = isNameless ? ['PASSWORD', 'USERNAME'] : ['USERNAME', 'PASSWORD']
  return new UserError({
    code: 'MW-DEPLOY-327',
    where: WHERE,
    what: `MODELWAY_KAFKA_${there} is set, but MODELWAY_KAFKA_${missing} is not.`,
    fix: 'Set both in the environment of the step.',
  })
}

function isLoopback(broker: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\]):\d+$/.test(broker)
}

const KNOWN: readonly (readonly [RegExp, (topic: string) => string])[] = [
  [
    /SASL|Authentication/i,
    () =>
      'signing in was refused: MODELWAY_KAFKA_USERNAME, MODELWAY_KAFKA_PASSWORD and `sasl` must fit.',
  ],
  [
    /does not host this topic|UNKNOWN_TOPIC|non-existing topic/i,
    (topic) => `there is no topic ${topic}.`,
  ],
  [
    /not authorized|AUTHORIZATION_FAILED/i,
    (topic) => `reading topic ${topic} (with a consumer group modelway-…) is not allowed.`,
  ],
]

/** What kafkajs says, as an error of ours; the errors of its last attempt are inside those of the repetition. */
export function kafkaFailure(error: unknown, topic: string): Error {
  if (error instanceof CancelledError || error instanceof UserError) return error
  const outer = error instanceof Error ? error : new Error(String(error))
  const inner = outer.cause instanceof Error ? outer.cause : outer
  const text = `${outer.name} ${outer.message} ${inner.name} ${inner.message}`
  const known = KNOWN.find(([pattern]) => pattern.test(text))?.[1](topic)
  const what = known ?? `topic ${topic} cannot be read: ${inner.message.slice(0, 300)}`
  const details = { code: 'MW-DEPLOY-325', service: 'Kafka', what, retryable: known === undefined }
  return new ExternalError(details, { cause: error })
}
