import * as z from 'zod'
import type { Signals } from '../../../ports/signals.js'
import { createTotalsSignals, type Totals } from '../counted/totals.js'
import type { AdminApi } from './admin-api.js'
import { type EnvoyMirror, mirroredNow, notUnderstood } from './splitter.js'

export interface EnvoySignalsOptions {
  readonly api: AdminApi
  readonly origin: 'all' | 'external' | 'internal'
  readonly mirror?: EnvoyMirror | undefined
}

/**
 * What users met, by the counters of the clusters. Where Envoy mirrors without telling copies from users' requests it is not known. Latencies
 * are put into the histogram every `stats_flush_interval` (5 s), so they come a little later than the counts.
 */
export function createEnvoySignals(options: EnvoySignalsOptions): Signals {
  return createTotalsSignals({ name: 'Envoy', look: (clusters) => look(options, clusters) })
}

async function look(
  options: EnvoySignalsOptions,
  clusters: readonly string[],
): Promise<ReadonlyMap<string, Totals> | undefined> {
  const { api, origin, mirror } = options
  if (origin === 'all' && mirror !== undefined && (await mirroredNow(api, mirror)) > 0) {
    return undefined
  }
  const totals = new Map<string, Totals>()
  for (const cluster of clusters) totals.set(cluster, await totalsOf(options, cluster))
  return totals
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
    '((external|internal)\\.)?upstream_rq_(completed|4xx|5xx|time|timeout|rx_reset|pending_failure_eject)'
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
    rejected: count(`${users}upstream_rq_4xx`),
    // Copies are among them.
    unanswered:
      count('upstream_rq_timeout') +
      count('upstream_rq_rx_reset') +
      count('upstream_rq_pending_failure_eject'),
    // The last bound is an hour: nothing is beyond it.
    bounds: (buckets ?? []).map(({ upper_bound }) => upper_bound),
    upTo: (buckets ?? []).map(({ cumulative }) => cumulative),
  }
}
