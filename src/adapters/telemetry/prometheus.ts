import type { MonitoringServer } from '../../ports/telemetry.js'
import { createRedaction, secretsIn } from '../../secrets.js'
import {
  checkedHeaders,
  environmentPairs,
  requireEncryption,
  signInHeaders,
} from './credentials.js'
import { type HttpContext, request, serviceAt } from './http.js'
import { countsOf, readAnswer, type Success, seriesOf } from './prometheus-answer.js'

export interface PrometheusSettings {
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** A token for each request, where the account of a cloud signs in. */
  readonly token?: (() => Promise<string>) | undefined
}

const SERVICE = 'Prometheus'

/** What is asked: its name, and where a user has written it. */
export interface AskedQuery {
  readonly name: string
  readonly where: string
}

/** Asks one endpoint of the HTTP API; what the server calls an error of the query is the user's to mend. */
export type PrometheusApi = (
  endpoint: 'query' | 'query_range',
  asked: AskedQuery,
  form: Readonly<Record<string, string>>,
) => Promise<Success>

/**
 * The HTTP API of Prometheus, and of what speaks it (Thanos, Mimir, VictoriaMetrics): queries are posted as forms, so that
 * no length of an expression is too long. MODELWAY_PROMETHEUS_HEADERS (`X-Scope-OrgID=team`) are sent along.
 */
export function openPrometheusApi(
  { url, env, token }: PrometheusSettings,
  http: HttpContext,
): PrometheusApi {
  const given = {
    ...checkedHeaders(
      Object.fromEntries(environmentPairs(env['MODELWAY_PROMETHEUS_HEADERS'])),
      'MODELWAY_PROMETHEUS_HEADERS',
    ),
    ...signInHeaders(env, 'MODELWAY_PROMETHEUS'),
  }
  const secret = token === undefined ? given : { ...given, authorization: '' }
  requireEncryption(new URL(url), secret, 'the address of Prometheus')
  const headers = {
    ...given,
    accept: 'application/json',
    'content-type': 'application/x-www-form-urlencoded',
  }
  const timeout = `${Math.max(1, Math.floor(http.timeoutMs / 1000))}s`

  return async (endpoint, { name, where }, form) => {
    const target = endpointUrl(url, endpoint)
    const bearer = await token?.()
    const fresh = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }
    const hide = createRedaction([...secretsIn(env), ...(bearer === undefined ? [] : [bearer])])
    const answer = await request(
      {
        service: SERVICE,
        url: target,
        method: 'POST',
        headers: { ...headers, ...fresh },
        body: new URLSearchParams({ ...form, timeout }).toString(),
        signIn:
          'set MODELWAY_PROMETHEUS_TOKEN, or MODELWAY_PROMETHEUS_USERNAME and MODELWAY_PROMETHEUS_PASSWORD.',
        hide,
      },
      http,
    )
    const service = serviceAt({ service: SERVICE, url: target })
    const { status } = answer
    const success = readAnswer(answer.text, { name, where, service, status, hide })
    const { warnings, infos } = success
    return { ...success, warnings: warnings.map(hide), infos: infos.map(hide) }
  }
}

/** The operational numbers of a Prometheus server. */
export function createPrometheus(
  settings: PrometheusSettings,
  http: HttpContext,
): MonitoringServer {
  const ask = openPrometheusApi(settings, http)
  return {
    series: async ({ name, query, from, to, step }) => {
      const success = await ask('query_range', namedQuery(name), {
        query,
        start: seconds(from),
        end: seconds(to),
        step: seconds(step),
      })
      return { data: seriesOf(success, name), warnings: warningsOf(success) }
    },
    histogram: async ({ name, query, at }) => {
      const success = await ask('query', namedQuery(name), { query, time: seconds(at) })
      return { data: countsOf(success, name), warnings: warningsOf(success) }
    },
  }
}

/** Below the address that the user names, whatever its path is. */
function endpointUrl(base: string, endpoint: string): URL {
  const { origin, pathname } = new URL(base)
  return new URL(`${origin}${pathname.replace(/\/+$/, '')}/api/v1/${endpoint}`)
}

export function seconds(milliseconds: number): string {
  return String(milliseconds / 1000)
}

export function warningsOf({ warnings, infos }: Success): string[] {
  return [...warnings, ...infos].map((text) => text.slice(0, 500))
}

function namedQuery(name: string): AskedQuery {
  return { name, where: `drift.prometheus.queries.${name}` }
}
