import { createHmac } from 'node:crypto'
import { cloudEvent } from '../../domain/drift/acting/event.js'
import type { WebhookTrigger } from '../../domain/drift/acting/trigger.js'
import { UserError } from '../../errors.js'
import type { EventSender } from '../../ports/events.js'
import { createRedaction, secretsIn } from '../../secrets.js'
import { type HttpOptions, request } from './http.js'
import type { SenderContext } from './index.js'
import { readSecret } from './secrets.js'

interface WebhookOptions extends Omit<HttpOptions, 'signal' | 'hide'> {
  readonly now?: (() => Date) | undefined
}

/**
 * The event as CloudEvents 1.0, posted, and signed twice by MODELWAY_WEBHOOK_SECRET, each the HMAC-SHA256 of bytes:
 * `X-Modelway-Signature-256: sha256=<hex>` of the body, as GitHub's own webhooks have it, and `webhook-signature` of
 * `<id>.<time>.<body>`, as Standard Webhooks 1.0 has it, by which a receiver refuses what was recorded and sent again
 * later. `webhook-id` and `Idempotency-Key` are the same however often the event is sent.
 */
export function createWebhookSender(
  trigger: WebhookTrigger,
  context: SenderContext,
  { now = () => new Date(), ...http }: WebhookOptions = {},
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
  // The path of a webhook is often as good as a password, and servers repeat it: `Cannot POST /hook/…`.
  const path = `${url.pathname}${url.search}`
  const hide = createRedaction([...secretsIn(context.env), ...(path === '/' ? [] : [path])])
  return {
    async send(event, signal) {
      const body = JSON.stringify(cloudEvent(event))
      const time = Math.floor(now().getTime() / 1000)
      const signed = `${event.key}.${time}.${body}`
      const headers = {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'modelway',
        'idempotency-key': event.key,
        'x-modelway-signature-256': `sha256=${hmac(secret, body).toString('hex')}`,
        'webhook-id': event.key,
        'webhook-timestamp': String(time),
        'webhook-signature': `v1,${hmac(standardKey(secret), signed).toString('base64')}`,
      }
      await request({ method: 'POST', url, headers, body }, { ...http, hide, signal })
      return {}
    },
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Standard Webhooks writes keys as `whsec_` and base64; any other secret is its own bytes. */
function standardKey(secret: string): string | Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret
}
