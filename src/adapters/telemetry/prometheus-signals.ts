import type { PrometheusSignals } from '../../config/deploy/signals.js'
import { type CounterSamples, counterIncrease } from '../../domain/rollout/counter-increase.js'
import { type ArmCounters, NO_MIRROR } from '../../domain/rollout/observation.js'
import { UserError } from '../../errors.js'
import type { Gained, Signals, Stretch } from '../../ports/signals.js'
import type { HttpContext } from './http.js'
import {
  openPrometheusApi,
  type PrometheusApi,
  type PrometheusSettings,
  seconds,
  warningsOf,
} from './prometheus.js'
import { type Success, toNumber } from './prometheus-answer.js'
import { type Called, calledIn, filledIn } from './selector.js'

/** How long before a stretch a series may have been seen last and still be the same. */
const LOOK_BACK = '1h'

const WHERE = 'deploy.signals.prometheus'

/**
 * What users met, by the counters of a Prometheus server: increases between samples themselves, not rates that extrapolate.
 * A version without requests in any series, while the other has none either, is unknown and not zero.
 */
export function createPrometheusSignals(
  settings: PrometheusSignals,
  access: Omit<PrometheusSettings, 'url'>,
  http: HttpContext,
): Signals {
  const ask = openPrometheusApi({ url: settings.url, ...access }, http)
  return {
    name: 'Prometheus',
    lagMs: settings.lag,
    scraped: true,
    between: (stretch) => between(settings, ask, stretch),
  }
}

async function between(
  settings: PrometheusSignals,
  ask: PrometheusApi,
  stretch: Stretch,
): Promise<Gained | undefined> {
  const called = calledIn(stretch)
  const warnings: string[] = []
  const reader = { ask, stretch, warnings }
  const stable = await armOf(settings, reader, called.stable)
  const canary = await armOf(settings, reader, called.canary)
  if (stable === undefined || canary === undefined) return undefined
  if (!stable.isSeen && !canary.isSeen) return undefined
  const bounds = stable.bounds.length > 0 ? stable.bounds : canary.bounds
  const same = [stable, canary].every(
    (arm) => arm.bounds.length === 0 || arm.bounds.join() === bounds.join(),
  )
  if (!same) throw unlikeBuckets()
  return {
    counters: {
      stable: countersOf(stable, bounds),
      canary: countersOf(canary, bounds),
      mirror: NO_MIRROR,
    },
    latencyBounds: bounds,
    samples: [],
    warnings,
  }
}

interface Reader {
  readonly ask: PrometheusApi
  readonly stretch: Stretch
  readonly warnings: string[]
}

interface Arm {
  readonly isSeen: boolean
  readonly requests: number
  readonly errors: number
  readonly rejected: number | undefined
  /** Milliseconds. */
  readonly bounds: readonly number[]
  readonly latency: readonly number[]
}

/** undefined where a value is no count. */
async function armOf(
  settings: PrometheusSignals,
  reader: Reader,
  called: Called,
): Promise<Arm | undefined> {
  const { name } = called
  const increases = (key: 'requests' | 'errors' | 'rejections' | 'latency') =>
    increasesOf(reader, key, filledIn(settings[key] ?? '', called))
  const requests = await increases('requests')
  const errors = settings.errors === undefined ? [] : await increases('errors')
  const rejections = settings.rejections === undefined ? undefined : await increases('rejections')
  const latency = settings.latency === undefined ? [] : await increases('latency')
  const sums = [total(requests), total(errors)]
  const [finished, failed] = sums
  if (finished === undefined || failed === undefined) return undefined
  if (failed > finished) throw moreErrors('errors', { name, part: failed, finished })
  const buckets = bucketsOf(latency)
  const rejected = rejections && total(rejections)
  if (buckets === undefined || (rejections !== undefined && rejected === undefined))
    return undefined
  if (rejected !== undefined && rejected > finished) {
    throw moreErrors('rejections', { name, part: rejected, finished })
  }
  const counts = { requests: finished, errors: failed, rejected }
  return { isSeen: requests.length > 0, ...counts, ...buckets }
}

interface Increase {
  readonly labels: Readonly<Record<string, string>>
  readonly gained: number | undefined
}

/** The increase of each series of a selector. */
async function increasesOf(
  { ask, stretch, warnings }: Reader,
  key: string,
  selector: string,
): Promise<readonly Increase[]> {
  const { from, to } = stretch
  const asked = { name: key, where: `${WHERE}.${key}` }
  const before = await ask('query', asked, {
    query: `last_over_time(${selector}[${LOOK_BACK}])`,
    time: seconds(from),
  })
  const within = await ask('query', asked, {
    query: `${selector}[${Math.max(1, Math.ceil(to - from))}ms]`,
    time: seconds(to),
  })
  warnings.push(...warningsOf(before), ...warningsOf(within))
  const values = lastValues(before, asked.where)
  return seriesIn(within, asked.where).map(({ labels, samples }) => ({
    labels,
    gained: counterIncrease(samples, { before: values.get(identity(labels)), from, to }),
  }))
}

function lastValues({ data }: Success, where: string): ReadonlyMap<string, number> {
  if (data.resultType !== 'vector') throw notCounter(where)
  return new Map(
    data.result.map(({ metric, value }) => [identity(metric), toNumber(value?.[1] ?? 'NaN')]),
  )
}

function seriesIn(
  { data }: Success,
  where: string,
): readonly { readonly labels: Record<string, string>; readonly samples: CounterSamples }[] {
  if (data.resultType !== 'matrix') throw notCounter(where)
  return data.result.map(({ metric, values = [], histograms }) => {
    if ((histograms?.length ?? 0) > 0) throw notCounter(where)
    return {
      labels: metric,
      samples: values.map(([time, value]) => [time * 1000, toNumber(value)] as const),
    }
  })
}

/** A series by its labels; functions drop the metric's name. */
function identity(labels: Readonly<Record<string, string>>): string {
  const { __name__: _name, ...others } = labels
  return JSON.stringify(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function total(increases: readonly Increase[]): number | undefined {
  let sum = 0
  for (const { gained } of increases) {
    if (gained === undefined) return undefined
    sum += gained
  }
  return sum
}

/** Counts by bucket from cumulative ones; no series -> no buckets. undefined where a value is no count. */
function bucketsOf(
  increases: readonly Increase[],
): { readonly bounds: readonly number[]; readonly latency: readonly number[] } | undefined {
  const cumulative = new Map<number, number>()
  for (const { labels, gained } of increases) {
    const bound = toNumber(labels['le'] ?? '')
    if (Number.isNaN(bound)) throw notBuckets()
    if (gained === undefined) return undefined
    cumulative.set(bound, (cumulative.get(bound) ?? 0) + gained)
  }
  if (cumulative.size === 0) return { bounds: [], latency: [] }
  if (!cumulative.has(Number.POSITIVE_INFINITY)) throw notBuckets()
  const sorted = [...cumulative].sort(([a], [b]) => a - b)
  return {
    bounds: sorted.slice(0, -1).map(([bound]) => bound * 1000),
    // A scrape in the middle of an observation may have counted it in one bucket only.
    latency: sorted.map(([, count], i) => Math.max(0, count - (sorted[i - 1]?.[1] ?? 0))),
  }
}

function countersOf(
  { requests, errors, rejected, latency }: Arm,
  bounds: readonly number[],
): ArmCounters {
  return {
    assigned: requests,
    requests,
    errors,
    unreachable: 0,
    ...(rejected === undefined ? {} : { rejected }),
    latency: latency.length > 0 ? latency : new Array<number>(bounds.length + 1).fill(0),
  }
}

function moreErrors(
  key: 'errors' | 'rejections',
  { name, part, finished }: { name: string; part: number; finished: number },
): UserError {
  const kind = key === 'errors' ? 'failed' : 'rejected'
  return new UserError({
    code: 'MW-DEPLOY-056',
    where: `${WHERE}.${key}`,
    what: `version ${JSON.stringify(name)} has ${part} ${kind} requests of ${finished}.`,
    fix: `Let ${key} select a part of what requests selects.`,
  })
}

function notCounter(where: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-057',
    where,
    what: 'this selects no counters.',
    fix: 'Write a selector of a counter, such as http_requests_total{service="{name}"}: no function, no range, no native histogram.',
  })
}

function notBuckets(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-058',
    where: `${WHERE}.latency`,
    what: 'this selects no buckets of a histogram (label le, with le="+Inf").',
    fix: 'Write a selector of its buckets, such as http_request_duration_seconds_bucket{service="{name}"}.',
  })
}

function unlikeBuckets(): UserError {
  return new UserError({
    code: 'MW-DEPLOY-059',
    where: `${WHERE}.latency`,
    what: 'the two versions have histograms with different buckets.',
    fix: 'Give both versions the same buckets, or leave latency out.',
  })
}
