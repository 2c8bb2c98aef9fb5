import { createHmac } from 'node:crypto'
import { cloudEvent } from '../../domain/drift/acting/event.js'
import type { WebhookTrigger } from '../../domain/drift/acting/trigger.js'
import { UserError } from '../../errors.js'
import type { EventSender } from '../../ports/events.js'
import { type HttpOptions, request } from './http.js'
import type { SenderContext } from './index.js'
import { readSecret } from './secrets.js'

/**
 * The event as CloudEvents 1.0, posted. `X-Modelway-Signature-256: sha256=<hex>` is the HMAC of the body's bytes by
 * MODELWAY_WEBHOOK_SECRET, as in GitHub's own webhooks; `Idempotency-Key` is the same however often it is sent.
 */
export function createWebhookSender(
  trigger: WebhookTrigger,
  context: SenderContext,
  http: Omit<HttpOptions, 'signal'> = {},
): EventSender {
  const secret = readSecret('MODELWAY_WEBHOOK_SECRET', context)
  if (secret === undefined) {
    throw new UserError({
      code: 'MW-DRIFT-502',
      where: 'drift.triggers',
      what: 'MODELWAY_WEBHOOK_SECRET is not set, so the webhook cannot be signed.',
      fix: 'Set it in the environment of the step, from a secret that the receiver also has.',
    })
  }
  const url = new URL(trigger.url)
  return {
    async send(event, signal) {
      const body = JSON.stringify(cloudEvent(event))
      const digest = createHmac('sha256', secret).update(body).digest('hex')
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'modelway',
        'idempotency-key': event.key,
        'x-modelway-signature-256': `sha256=${digest}`,
      }
      await request({ method: 'POST', url, headers, body }, { ...http, signal })
      return {}
    },
  }
}
