import * as z from 'zod'
import { type ArmCounters, NO_MIRROR } from '../../../domain/rollout/observation.js'
import type { Signals } from '../../../ports/signals.js'
import type { AdminApi } from './admin-api.js'
import { type EnvoyMirror, mirroredNow, notUnderstood } from './splitter.js'

export interface EnvoySignalsOptions {
  readonly api: AdminApi
  readonly origin: 'all' | 'external' | 'internal'
  readonly mirror?: EnvoyMirror | undefined
}

/** Counted since Envoy started. */
interface Totals {
  readonly requests: number
  readonly errors: number
  readonly unanswered: number
  /** Upper bounds, milliseconds, and how many requests are up to each. */
  readonly bounds: readonly number[]
  readonly upTo: readonly number[]
}

interface Look {
  readonly isMixed: boolean
  readonly totals: ReadonlyMap<string, Totals>
}

/**
 * What users met, by the counters of the clusters. They are totals: a stretch begins where the last one was read or marked, and one in
 * which Envoy started anew, or mirrored without telling copies from users' requests, is not known. Latencies are put
 * into the histogram every `stats_flush_interval` (5 s), so they come a little later than the counts.
 */
export function createEnvoySignals(options: EnvoySignalsOptions): Signals {
  let past: Look | undefined
  return {
    name: 'Envoy',
    lagMs: 0,
    mark: async ({ stable, canary }) => {
      past = await look(options, [stable, canary])
    },
    between: async ({ stable, canary }) => {
      const before = past
      const now = await look(options, [stable, canary])
      past = now
      if (before === undefined || before.isMixed || now.isMixed) return undefined
      const arm = (name: string) => gained(before.totals.get(name), now.totals.get(name))
      const arms = { stable: arm(stable), canary: arm(canary) }
      if (arms.stable === undefined || arms.canary === undefined) return undefined
      return {
        counters: { stable: arms.stable, canary: arms.canary, mirror: NO_MIRROR },
        latencyBounds: now.totals.get(stable)?.bounds ?? [],
        samples: [],
        warnings: [],
      }
    },
  }
}

async function look(options: EnvoySignalsOptions, clusters: readonly string[]): Promise<Look> {
  const { api, origin, mirror } = options
  const isMixed = origin === 'all' && mirror !== undefined && (await mirroredNow(api, mirror)) > 0
  const totals = new Map<string, Totals>()
  for (const cluster of clusters) totals.set(cluster, await totalsOf(options, cluster))
  return { isMixed, totals }
}

const Bucket = z.object({ upper_bound: z.number(), cumulative: z.number() })
const Stats = z.object({
  stats: z.array(
    z.union([
      z.object({ name: z.string(), value: z.number() }),
      z.object({
        histograms: z.array(z.object({ name: z.string(), buckets: z.array(Bucket) })),
      }),
      z.unknown().transform(() => undefined),
    ]),
  ),
})

async function totalsOf({ api, origin }: EnvoySignalsOptions, cluster: string): Promise<Totals> {
  const start = `cluster.${cluster}.`
  const names =
    '((external|internal)\\.)?upstream_rq_(completed|5xx|time|timeout|rx_reset|pending_failure_eject)'
  const filter = `^${start.replaceAll('.', '\\.')}${names}$`
  const parsed = Stats.safeParse(
    await api.get('stats', { filter, histogram_buckets: 'cumulative' }),
  )
  if (!parsed.success) throw notUnderstood('stats')
  const rows = parsed.data.stats
  const count = (name: string): number => {
    // A counter that has never counted is not listed.
    for (const row of rows) if (row && 'value' in row && row.name === start + name) return row.value
    return 0
  }
  const users = origin === 'all' ? '' : `${origin}.`
  const histograms = rows.flatMap((row) => (row && 'histograms' in row ? row.histograms : []))
  const buckets = histograms.find(
    ({ name }) => name === `${start}${users}upstream_rq_time`,
  )?.buckets
  const errors = count(`${users}upstream_rq_5xx`)
  return {
    requests: count(`${users}upstream_rq_completed`),
    errors,
    unanswered:
      count('upstream_rq_timeout') +
      count('upstream_rq_rx_reset') +
      count('upstream_rq_pending_failure_eject'),
    bounds: (buckets ?? []).map(({ upper_bound }) => upper_bound),
    upTo: (buckets ?? []).map(({ cumulative }) => cumulative),
  }
}

function gained(before: Totals | undefined, now: Totals | undefined): ArmCounters | undefined {
  if (before === undefined || now === undefined) return undefined
  const requests = now.requests - before.requests
  const errors = now.errors - before.errors
  const unanswered = now.unanswered - before.unanswered
  const upTo = now.upTo.map((count, i) => count - (before.upTo[i] ?? 0))
  // The last bound is an hour: nothing is beyond it.
  const latency = [...upTo.map((count, i) => count - (upTo[i - 1] ?? 0)), 0]
  if ([requests, errors, unanswered, ...latency].some((gain) => gain < 0)) return undefined
  // Envoy counts copies among the unanswered.
  const unreachable = Math.min(unanswered, errors)
  return { assigned: requests, requests, errors, unreachable, latency }
}
