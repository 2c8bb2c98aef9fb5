import type { Aws } from '../../clouds/aws.js'
import type { CloudWatchSignals } from '../../config/deploy/cloudwatch.js'
import { type ArmCounters, NO_MIRROR } from '../../domain/rollout/observation.js'
import { UserError } from '../../errors.js'
import type { Gained, Signals, Stretch } from '../../ports/signals.js'
import { type Statistic, type Sums, sumsOf } from './cloudwatch-series.js'
import { wholeNumber } from './counted.js'
import { type Called, calledIn, withNames } from './selector.js'

const WHERE = 'deploy.signals.cloudwatch'
const MINUTE_MS = 60_000

/**
 * What users met, by metrics of CloudWatch, which come by whole minutes. Latencies are counted up to each bound of a bucket by
 * the statistic TC. A version without values, while the other has none either, is unknown and not zero; so is what
 * CloudWatch says is not all there.
 */
export function createCloudWatchSignals(settings: CloudWatchSignals, aws: Aws): Signals {
  return {
    name: 'CloudWatch',
    lagMs: settings.lag,
    stepMs: MINUTE_MS,
    between: (stretch) => between(settings, aws, stretch),
  }
}

async function between(
  settings: CloudWatchSignals,
  aws: Aws,
  { from, to, ...names }: Stretch,
): Promise<Gained | undefined> {
  const { stable, canary } = names
  const called = calledIn(names)
  const own = statisticsOf(settings, called.stable)
  const others = statisticsOf(settings, called.canary)
  const sums = await sumsOf(aws, [...own, ...others], { from, to })
  if (sums === undefined) return undefined
  const arms = {
    stable: armOf(settings, sums.values.slice(0, own.length)),
    canary: armOf(settings, sums.values.slice(own.length)),
  }
  if (!arms.stable.isSeen && !arms.canary.isSeen) return undefined
  if (!isWhole(settings, arms.stable) || !isWhole(settings, arms.canary)) return undefined
  return {
    counters: {
      stable: countersOf(settings, arms.stable, stable),
      canary: countersOf(settings, arms.canary, canary),
      mirror: NO_MIRROR,
    },
    latencyBounds: settings.latency === undefined ? [] : settings.buckets,
    samples: [],
    warnings: sums.warnings,
  }
}

function statisticsOf(settings: CloudWatchSignals, called: Called): readonly Statistic[] {
  const { namespace, requests, errors, latency, buckets } = settings
  const dimensions = Object.fromEntries(
    Object.entries(settings.dimensions).map(([key, value]) => [
      key,
      withNames(value, called, (name) => name),
    ]),
  )
  const by = (metric: string, stat: string) => ({ namespace, dimensions, metric, stat })
  return [
    by(requests, 'Sum'),
    ...(errors === undefined ? [] : [by(errors, 'Sum'), by(errors, 'SampleCount')]),
    ...(latency === undefined ? [] : [by(latency, 'SampleCount')]),
    ...(latency === undefined ? [] : buckets.map((bound) => by(latency, upTo(settings, bound)))),
  ]
}

const UNITS = { us: 1000, ms: 1, s: 0.001 } as const

/** The number of values that are not above a bound. */
function upTo({ 'latency-unit': unit }: CloudWatchSignals, bound: number): string {
  const value = (bound * UNITS[unit]).toFixed(10).replace(/\.?0+$/, '')
  return `TC(:${value})`
}

interface Arm {
  readonly isSeen: boolean
  readonly requests: number
  readonly errors: number
  /** How many requests have said whether they failed; undefined where none. */
  readonly judged: number | undefined
  /** How many requests have said how long they took; undefined where none. */
  readonly timed: number | undefined
  /** Up to each bound. */
  readonly quick: readonly (number | undefined)[]
}

function armOf({ errors, latency }: CloudWatchSignals, values: Sums['values']): Arm {
  const [requests, ...rest] = values
  const [failed, judged] = errors === undefined ? [] : rest
  const [timed, ...quick] = latency === undefined ? [] : rest.slice(errors === undefined ? 0 : 2)
  return {
    isSeen: requests !== undefined,
    requests: wholeNumber(requests ?? 0, `${WHERE}.requests`),
    errors: wholeNumber(failed ?? 0, `${WHERE}.errors`),
    judged,
    timed,
    quick,
  }
}

/** Whether what is known of one metric is known of the others too: they come one after the other. */
function isWhole(settings: CloudWatchSignals, { requests, judged, timed }: Arm): boolean {
  if (requests === 0) return true
  if (settings['errors-with-zeros'] && settings.errors !== undefined && judged === undefined) {
    return false
  }
  return settings.latency === undefined || timed !== undefined
}

function countersOf(
  settings: CloudWatchSignals,
  { requests, errors, timed = 0, quick }: Arm,
  name: string,
): ArmCounters {
  if (errors > requests) throw moreErrors(name, errors, requests)
  return {
    assigned: requests,
    requests,
    errors,
    unreachable: 0,
    latency: bucketsOf(settings, timed, quick),
  }
}

/** Counts by bucket; without values up to a bound none was so quick. */
function bucketsOf(
  { latency }: CloudWatchSignals,
  timed: number,
  quick: readonly (number | undefined)[],
): readonly number[] {
  if (latency === undefined) return [0]
  const where = `${WHERE}.latency`
  // Percentile statistics are sketches: a count up to a higher bound may be the smaller one, by a little.
  let most = 0
  const cumulative = [...quick, timed].map((count = 0) => {
    most = Math.max(most, Math.min(timed, wholeNumber(Math.round(count), where)))
    return most
  })
  return cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0))
}

function moreErrors(name: string, errors: number, requests: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-241',
    where: `${WHERE}.errors`,
    what: `version ${JSON.stringify(name)} has ${errors} failed requests of ${requests}.`,
    fix: 'Let errors count a part of what requests counts, by the same dimensions.',
  })
}
