import type { SignalsSection } from '../../config/deploy/signals.js'
import { UserError } from '../../errors.js'
import type { Signals } from '../../ports/signals.js'
import type { HttpContext } from './http.js'

type Env = Readonly<Record<string, string | undefined>>

export interface ServiceTools {
  readonly env: Env
  /** How requests are sent where one may take so long. */
  readonly http: (timeoutMs: number) => HttpContext
}

/** What counts all requests of users; answers to single requests may come from elsewhere beside it. */
const COUNTING: ReadonlySet<string> = new Set([
  'prometheus',
  'cloud-monitoring',
  'cloudwatch',
  'azure-monitor',
  'azure-logs',
  'datadog',
  'new-relic',
  'influxdb',
  'graphite',
])

/** Throws UserError where two places count the same requests: of two numbers none is known to be right. */
export function requireOneCounter(settings: object): void {
  const named = Object.entries(settings).flatMap(([key, value]) =>
    value !== undefined && COUNTING.has(key) ? [key] : [],
  )
  if (named.length < 2) return
  throw new UserError({
    code: 'MW-DEPLOY-293',
    where: 'deploy.signals',
    what: `${named.join(' and ')} would both count what users met.`,
    fix: 'Name one of them.',
  })
}

/** The service that the settings name; undefined where it is none of those here. */
export async function openService(
  settings: SignalsSection,
  tools: ServiceTools,
): Promise<Signals | undefined> {
  const { datadog, 'new-relic': newRelic, influxdb, graphite } = settings
  const { env, http } = tools
  if (datadog !== undefined) {
    const { createDatadogSignals } = await import('./datadog.js')
    return createDatadogSignals(datadog, env, http(limitOf(datadog)))
  }
  if (newRelic !== undefined) {
    const { createNewRelicSignals } = await import('./new-relic.js')
    return createNewRelicSignals(newRelic, env, http(limitOf(newRelic)))
  }
  if (influxdb !== undefined) {
    const { createInfluxdbSignals } = await import('./influxdb.js')
    return createInfluxdbSignals(influxdb, env, http(limitOf(influxdb)))
  }
  if (graphite !== undefined) {
    const { createGraphiteSignals } = await import('./graphite.js')
    return createGraphiteSignals(graphite, env, http(limitOf(graphite)))
  }
  return openAzureService(settings, tools)
}

async function openAzureService(
  { 'azure-monitor': metrics, 'azure-logs': logs }: SignalsSection,
  { env, http }: ServiceTools,
): Promise<Signals | undefined> {
  if (metrics !== undefined) {
    const { createAzureMonitorSignals } = await import('./azure-monitor.js')
    return createAzureMonitorSignals(metrics, { env, http: http(limitOf(metrics)) })
  }
  if (logs !== undefined) {
    const { createAzureLogsSignals } = await import('./azure-logs.js')
    return createAzureLogsSignals(logs, { env, http: http(limitOf(logs)) })
  }
  return undefined
}

function limitOf(settings: { readonly 'timeout-seconds': number }): number {
  return settings['timeout-seconds'] * 1000
}
