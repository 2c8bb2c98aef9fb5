import { describe, expect, it } from '@jest/globals'
import { createKafkaSender } from '../../../../src/adapters/events/kafka.js'
import type { KafkaTrigger } from '../../../../src/domain/drift/acting/trigger.js'
import type { ExternalError } from '../../../../src/errors.js'
import { context, EVENT, failure, NEVER } from './arrange.js'

const ACCOUNT = { MODELWAY_KAFKA_USERNAME: 'ml', MODELWAY_KAFKA_PASSWORD: 'pass' }

function trigger(more: Partial<KafkaTrigger> = {}): KafkaTrigger {
  return {
    ...{ kind: 'kafka', on: ['fail'], brokers: ['broker.example:9092'], topic: 'drift' },
    ...{ tls: false, sasl: 'plain', ...more },
  }
}

describe('Kafka', () => {
  it('gets no password in clear text, save on this machine', async () => {
    const error = await failure(async () => createKafkaSender(trigger(), context(ACCOUNT)))
    expect(error.message).toMatch(/^MW-DRIFT-501: .*clear text/)
    const mixed = trigger({ brokers: ['localhost:9092', 'localhost.evil.example:9092'] })
    const other = await failure(async () => createKafkaSender(mixed, context(ACCOUNT)))
    expect(other.message).toMatch(/^MW-DRIFT-501/)
    const safe = [{ tls: true }, { sasl: 'scram-sha-512' }, { brokers: ['127.0.0.1:1'] }] as const
    for (const more of safe) {
      expect(() => createKafkaSender(trigger(more), context(ACCOUNT))).not.toThrow()
    }
  })

  it('wants both a user name and a password', async () => {
    const env = { MODELWAY_KAFKA_PASSWORD: 'pass' }
    const error = await failure(async () => createKafkaSender(trigger(), context(env)))
    expect(error.message).toMatch(/^MW-DRIFT-508: .*MODELWAY_KAFKA_USERNAME is not/)
  })

  it('that nobody runs is a failure of an outside system', async () => {
    const away = trigger({ brokers: ['127.0.0.1:9'] })
    const sender = createKafkaSender(away, context(), { retries: 1 })
    const error = (await failure(() => sender.send(EVENT, NEVER))) as ExternalError
    expect(error.details).toMatchObject({ code: 'MW-DRIFT-507', retryable: true })
  })
})
