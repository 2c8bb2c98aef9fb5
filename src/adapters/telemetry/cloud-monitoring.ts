import type { GoogleClient } from '../../clouds/google.js'
import type { CloudMonitoringSignals } from '../../config/deploy/cloud-monitoring.js'
import { type ArmCounters, NO_MIRROR } from '../../domain/rollout/observation.js'
import { UserError } from '../../errors.js'
import type { Gained, Signals, Stretch } from '../../ports/signals.js'
import { type Histogram, histogramOf } from './cloud-distribution.js'
import { type Point, pointsOf } from './cloud-monitoring-series.js'
import { type Called, calledIn, filledIn } from './selector.js'

const WHERE = 'deploy.signals.cloud-monitoring'
const MINUTE_MS = 60_000

/**
 * What users met, by DELTA metrics of Cloud Monitoring, which come by whole minutes. A version without points, while the other has
 * none either, is unknown and not zero; so is what Google says is not all there.
 */
export function createCloudMonitoringSignals(
  settings: CloudMonitoringSignals,
  client: GoogleClient,
): Signals {
  /** Where stretches that follow each other began: points that began before it are of other weights. */
  let run: { readonly from: number; readonly to: number } | undefined
  let bounds: readonly number[] = []
  return {
    name: 'Cloud Monitoring',
    lagMs: settings.lag,
    stepMs: MINUTE_MS,
    between: async (stretch) => {
      const from = run?.to === stretch.from ? run.from : stretch.from
      run = { from, to: stretch.to }
      const reader: Reader = { settings, client, stretch, began: from }
      const called = calledIn(stretch)
      const stable = await armOf(reader, called.stable)
      const canary = await armOf(reader, called.canary)
      if (stable === undefined || canary === undefined) return undefined
      if (!stable.isSeen && !canary.isSeen) return undefined
      bounds = boundsOf([stable, canary]) ?? bounds
      return gained(stable, canary, bounds)
    },
  }
}

interface Reader {
  readonly settings: CloudMonitoringSignals
  readonly client: GoogleClient
  readonly stretch: Stretch
  readonly began: number
}

interface Arm {
  readonly isSeen: boolean
  readonly requests: number
  readonly errors: number
  /** None where nothing was measured. Bounds in milliseconds. */
  readonly latency: Histogram | undefined
}

/** Undefined where it cannot be known. */
async function armOf(reader: Reader, called: Called): Promise<Arm | undefined> {
  const requests = await read(reader, 'requests', called)
  const errors = await read(reader, 'errors', called)
  const latencies = await read(reader, 'latency', called)
  const finished = countOf(requests)
  const failed = countOf(errors)
  const latency = latencyOf(latencies, reader.settings['latency-unit'])
  if (finished === undefined || failed === undefined || latency === 'unknown') return undefined
  if (failed > finished) throw moreErrors(called.name, failed, finished)
  return { isSeen: (requests ?? []).length > 0, requests: finished, errors: failed, latency }
}

async function read(
  { settings, client, stretch, began }: Reader,
  key: 'requests' | 'errors' | 'latency',
  called: Called,
): Promise<readonly Point[] | undefined> {
  const filter = settings[key]
  if (filter === undefined) return []
  const asked = { filter: filledIn(filter, called), where: `${WHERE}.${key}` }
  const { from, to } = stretch
  const points = await pointsOf(client, settings, { ...asked, from, to })
  return points?.filter(({ interval: { startTime, endTime } }) => (startTime ?? endTime) >= began)
}

function countOf(points: readonly Point[] | undefined): number | undefined {
  if (points === undefined) return undefined
  let sum = 0
  for (const { value } of points) {
    if (value.int64Value === undefined) return undefined
    sum += value.int64Value
  }
  return sum
}

function latencyOf(
  points: readonly Point[] | undefined,
  unit: 'ms' | 's',
): Histogram | undefined | 'unknown' {
  if (points === undefined) return 'unknown'
  let sum: Histogram | undefined
  for (const { value } of points) {
    if (value.distributionValue === undefined) return 'unknown'
    if (value.distributionValue.count === 0) continue
    const histogram = histogramOf(value.distributionValue)
    if (histogram === undefined) return 'unknown'
    sum = sum === undefined ? histogram : added(sum, histogram)
  }
  if (sum === undefined || unit === 'ms') return sum
  return { ...sum, bounds: sum.bounds.map((bound) => bound * 1000) }
}

function added(a: Histogram, b: Histogram): Histogram {
  if (a.bounds.join() !== b.bounds.join()) throw unlikeBuckets()
  return { bounds: a.bounds, counts: a.counts.map((count, i) => count + (b.counts[i] ?? 0)) }
}

/** Undefined where neither was measured. */
function boundsOf(arms: readonly Arm[]): readonly number[] | undefined {
  const all = arms.flatMap(({ latency }) => (latency === undefined ? [] : [latency.bounds]))
  const [first] = all
  if (all.some((bounds) => bounds.join() !== first?.join())) throw unlikeBuckets()
  return first
}

function gained(stable: Arm, canary: Arm, latencyBounds: readonly number[]): Gained {
  const arm = ({ requests, errors, latency }: Arm): ArmCounters => ({
    assigned: requests,
    requests,
    errors,
    unreachable: 0,
    latency: latency?.counts ?? new Array<number>(latencyBounds.length + 1).fill(0),
  })
  return {
    counters: { stable: arm(stable), canary: arm(canary), mirror: NO_MIRROR },
    latencyBounds,
    samples: [],
    warnings: [],
  }
}

function moreErrors(name: string, errors: number, requests: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-056',
    where: `${WHERE}.errors`,
    what: `version ${JSON.stringify(name)} has ${errors} failed requests of ${requests}.`,
    fix: 'Let errors select a part of what requests selects.',
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
