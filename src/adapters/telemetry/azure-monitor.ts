import * as z from 'zod'
import type { AzureMonitorSignals } from '../../config/deploy/azure-monitor.js'
import { NO_MIRROR } from '../../domain/rollout/observation.js'
import type { Gained, Signals, Stretch } from '../../ports/signals.js'
import { type AzureService, type AzureTools, openAzure } from './azure.js'
import { type Window, wholeNumber } from './counted.js'
import { PLAIN, plainName } from './plain-name.js'
import { notEvaluated, notUnderstood } from './query-problems.js'

const NAME = 'Azure Monitor'
const WHERE = 'deploy.signals.azure-monitor'
const API_VERSION = '2024-02-01'
const MINUTE_MS = 60_000

/**
 * What users met, by a metric that counts requests in whole minutes. A minute in which neither version has a value makes a stretch
 * unknown. Azure's latencies are averages and quantiles of minutes, which cannot be added up, so none is read.
 */
export function createAzureMonitorSignals(
  settings: AzureMonitorSignals,
  tools: AzureTools,
): Signals {
  const azure = openAzure(settings, 'management', tools)
  return {
    name: NAME,
    lagMs: settings.lag,
    stepMs: MINUTE_MS,
    between: (stretch) => gainedIn(azure, settings, stretch),
  }
}

interface Minutes {
  readonly requests: number
  readonly errors: number
  /** The minutes that have a value, as the milliseconds of their beginning. */
  readonly known: ReadonlySet<number>
}

async function gainedIn(
  azure: AzureService,
  settings: AzureMonitorSignals,
  stretch: Stretch,
): Promise<Gained | undefined> {
  const stable = await minutesOf(azure, settings, { name: stretch.stable, window: stretch })
  const canary = await minutesOf(azure, settings, { name: stretch.canary, window: stretch })
  if (stable === undefined || canary === undefined) return undefined
  for (let minute = stretch.from; minute < stretch.to; minute += MINUTE_MS) {
    if (!stable.known.has(minute) && !canary.known.has(minute)) return undefined
  }
  return gainedOf(stable, canary)
}

function gainedOf(stable: Minutes, canary: Minutes): Gained {
  const arm = ({ requests, errors }: Minutes) => {
    return { assigned: requests, requests, errors, unreachable: 0, latency: [0] }
  }
  return {
    counters: { stable: arm(stable), canary: arm(canary), mirror: NO_MIRROR },
    latencyBounds: [],
    samples: [],
    warnings: [],
  }
}

const Point = z.object({
  timeStamp: z.iso.datetime({ offset: true }),
  average: z.number().nullish(),
  total: z.number().nullish(),
  count: z.number().nullish(),
})

const Answer = z.object({
  interval: z.string().optional(),
  value: z.array(
    z.object({
      errorCode: z.string().nullish(),
      timeseries: z.array(
        z.object({
          metadatavalues: z
            .array(z.object({ name: z.object({ value: z.string() }), value: z.string() }))
            .default([]),
          data: z.array(Point).default([]),
        }),
      ),
    }),
  ),
})

/** Undefined where the metric could not be told, or is no number. */
async function minutesOf(
  azure: AzureService,
  settings: AzureMonitorSignals,
  { name, window }: { readonly name: string; readonly window: Window },
): Promise<Minutes | undefined> {
  const answer = await azure.rest({
    method: 'GET',
    url: metricsUrl(azure, settings, { name, window }),
    audience: 'management',
  })
  if (answer.status === 400 || answer.status === 404)
    throw notEvaluated(NAME, WHERE, answer.problem)
  const parsed = Answer.safeParse(answer.json)
  const isOfMinutes = parsed.data?.interval === undefined || parsed.data.interval === 'PT1M'
  if (answer.status !== 200 || !parsed.success || !isOfMinutes)
    throw notUnderstood(NAME, answer.status, answer.problem)
  const { value } = parsed.data
  if (value.some(({ errorCode }) => (errorCode ?? 'Success') !== 'Success')) return undefined
  return sumsOf(
    value.flatMap(({ timeseries }) => timeseries),
    settings,
    window,
  )
}

function metricsUrl(
  { url }: AzureService,
  settings: AzureMonitorSignals,
  { name, window }: { readonly name: string; readonly window: Window },
): URL {
  const plain = plainName(name, { where: WHERE, service: NAME, of: PLAIN })
  const path = settings.resource.split('/').map(encodeURIComponent).join('/')
  const address = url(`${path}/providers/microsoft.insights/metrics`)
  const time = (milliseconds: number) => new Date(milliseconds).toISOString()
  const query = {
    'api-version': API_VERSION,
    timespan: `${time(window.from)}/${time(window.to)}`,
    interval: 'PT1M',
    metricnames: settings.metric,
    aggregation: settings.aggregation,
    $filter: `${settings.dimension} eq '${plain}' and ${settings['status-dimension']} eq '*'`,
    // One series for each status; without it only ten are given.
    top: '100',
  }
  for (const [key, value] of Object.entries(query)) address.searchParams.set(key, value)
  return address
}

type Series = z.output<typeof Answer>['value'][number]['timeseries']

function sumsOf(
  series: Series,
  settings: AzureMonitorSignals,
  window: Window,
): Minutes | undefined {
  const known = new Set<number>()
  const count = (sum: number) => wholeNumber(sum, `${WHERE}.aggregation`)
  const status = settings['status-dimension'].toLowerCase()
  let requests = 0
  let errors = 0
  for (const { metadatavalues, data } of series) {
    const ended = metadatavalues.find(({ name }) => name.value.toLowerCase() === status)?.value
    for (const point of data) {
      const minute = Date.parse(point.timeStamp)
      const value = point[settings.aggregation]
      if (minute < window.from || minute >= window.to || value === null || value === undefined)
        continue
      if (value < 0) return undefined
      known.add(minute)
      requests += value
      if (ended !== undefined && settings.errors.includes(ended)) errors += value
    }
  }
  return { requests: count(requests), errors: count(errors), known }
}
