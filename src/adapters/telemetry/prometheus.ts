import type { MonitoringServer } from '../../ports/telemetry.js'
import { checkedHeaders, environmentPairs, signInHeaders } from './credentials.js'
import { type HttpContext, request, serviceAt } from './http.js'
import { countsOf, readAnswer, type Success, seriesOf } from './prometheus-answer.js'

export interface PrometheusSettings {
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const SERVICE = 'Prometheus'

/**
 * The HTTP API of Prometheus, and of what speaks it (Thanos, Mimir, VictoriaMetrics): queries are posted as forms, so that
 * no length of an expression is too long. MODELWAY_PROMETHEUS_HEADERS (`X-Scope-OrgID=team`) are sent along.
 */
export function createPrometheus(
  { url, env }: PrometheusSettings,
  http: HttpContext,
): MonitoringServer {
  const headers = {
    ...checkedHeaders(
      Object.fromEntries(environmentPairs(env['MODELWAY_PROMETHEUS_HEADERS'])),
      'MODELWAY_PROMETHEUS_HEADERS',
    ),
    ...checkedHeaders(signInHeaders(env, 'MODELWAY_PROMETHEUS'), 'MODELWAY_PROMETHEUS_TOKEN'),
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const timeout = `${Math.max(1, Math.floor(http.timeoutMs / 1000))}s`

  async function ask(
    endpoint: string,
    name: string,
    form: Record<string, string>,
  ): Promise<Success> {
    const target = endpointUrl(url, endpoint)
    const answer = await request(
      {
        service: SERVICE,
        url: target,
        method: 'POST',
        headers,
        body: new URLSearchParams({ ...form, timeout }).toString(),
        signIn:
          'set MODELWAY_PROMETHEUS_TOKEN, or MODELWAY_PROMETHEUS_USERNAME and MODELWAY_PROMETHEUS_PASSWORD.',
      },
      http,
    )
    const service = serviceAt({ service: SERVICE, url: target })
    return readAnswer(answer.text, { name, service, status: answer.status })
  }

  return {
    series: async ({ name, query, from, to, step }) => {
      const success = await ask('query_range', name, {
        query,
        start: seconds(from),
        end: seconds(to),
        step: seconds(step),
      })
      return { data: seriesOf(success, name), warnings: warningsOf(success) }
    },
    histogram: async ({ name, query, at }) => {
      const success = await ask('query', name, { query, time: seconds(at) })
      return { data: countsOf(success, name), warnings: warningsOf(success) }
    },
  }
}

/** Below the address that the user names, whatever its path is. */
function endpointUrl(base: string, endpoint: string): URL {
  const { origin, pathname } = new URL(base)
  return new URL(`${origin}${pathname.replace(/\/+$/, '')}/api/v1/${endpoint}`)
}

function seconds(milliseconds: number): string {
  return String(milliseconds / 1000)
}

function warningsOf({ warnings, infos }: Success): string[] {
  return [...warnings, ...infos].map((text) => text.slice(0, 500))
}
