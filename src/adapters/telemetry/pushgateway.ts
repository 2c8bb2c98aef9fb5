import { ExternalError } from '../../errors.js'
import type { MetricSink } from '../../ports/telemetry.js'
import { createRedaction, secretsIn } from '../../secrets.js'
import { requireEncryption, signInHeaders } from './credentials.js'
import { exposition } from './exposition.js'
import { excerpt, type HttpContext, request, serviceAt } from './http.js'

export interface PushgatewaySettings {
  readonly url: string
  readonly job: string
  readonly project: string
  readonly labels: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string | undefined>>
}

const SERVICE = 'Pushgateway'

/**
 * A Pushgateway keeps the last metrics of each group, and a PUT replaces a group whole. The group is the job, the project
 * and the further labels, so that neither another model nor another environment is replaced.
 */
export function createPushgateway(settings: PushgatewaySettings, http: HttpContext): MetricSink {
  const url = groupUrl(settings)
  const hide = createRedaction(secretsIn(settings.env))
  return {
    name: serviceAt({ service: SERVICE, url }),
    send: async (families) => {
      const signIn = signInHeaders(settings.env, 'MODELWAY_PUSHGATEWAY')
      requireEncryption(url, signIn, 'drift.metrics.pushgateway')
      const { contentType, text } = await exposition(families)
      const answer = await request(
        {
          service: SERVICE,
          url,
          method: 'PUT',
          headers: { 'content-type': contentType, ...signIn },
          body: text,
          signIn:
            'set MODELWAY_PUSHGATEWAY_USERNAME and MODELWAY_PUSHGATEWAY_PASSWORD, or MODELWAY_PUSHGATEWAY_TOKEN.',
          hide,
        },
        http,
      )
      if (answer.status < 200 || answer.status >= 300) {
        throw new ExternalError({
          code: 'MW-DRIFT-656',
          service: serviceAt({ service: SERVICE, url }),
          status: answer.status,
          what: `did not take the metrics: ${excerpt(answer.text, hide)}`,
          retryable: false,
        })
      }
      return []
    },
  }
}

/** `/metrics/job/<job>/project/<project>/<label>/<value>…` below the address that the user names. */
export function groupUrl({ url, job, project, labels }: Omit<PushgatewaySettings, 'env'>): URL {
  const base = new URL(url)
  const grouping = [['job', job], ['project', project], ...Object.entries(labels).sort(byName)]
  // A label without a value is none.
  const path = grouping.flatMap(([name = '', value = '']) =>
    value === '' ? [] : segments(name, value),
  )
  const prefix = base.pathname.replace(/\/+$/, '')
  return new URL(`${base.origin}${prefix}/metrics/${path.join('/')}`)
}

function byName([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1
}

/** Slashes, and what URLs fold away, cannot stand in a path: then the value is in base64 for URLs. */
function segments(name: string, value: string): string[] {
  if (/^[\w~-][\w.~-]*$/.test(value)) return [name, value]
  return [`${name}@base64`, Buffer.from(value, 'utf8').toString('base64url')]
}
