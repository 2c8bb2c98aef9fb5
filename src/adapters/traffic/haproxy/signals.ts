import { type ArmCounters, NO_MIRROR } from '../../../domain/rollout/observation.js'
import type { Signals } from '../../../ports/signals.js'
import type { RuntimeApi } from './runtime-api.js'
import { readServers, type Totals } from './servers.js'

export interface HaproxySignalsOptions {
  readonly api: RuntimeApi
  readonly backend: string
}

/**
 * What users met, by the counters of the servers. They are totals: a stretch begins where the last one was read or marked, and one in which
 * HAProxy started anew is not known. HAProxy keeps only averages of times, so no request has a known latency.
 */
export function createHaproxySignals({ api, backend }: HaproxySignalsOptions): Signals {
  let past: ReadonlyMap<string, Totals> = new Map()
  const look = async () => {
    const servers = await readServers(api, backend)
    return new Map(servers.map(({ name, totals }) => [name, totals]))
  }
  return {
    name: 'HAProxy',
    // Counted at the end of each request, in the process that is asked.
    lagMs: 0,
    mark: async () => {
      past = await look()
    },
    between: async ({ stable, canary }) => {
      const before = past
      const now = await look()
      past = now
      const arms = [stable, canary].map((name) => gained(before.get(name), now.get(name)))
      const [ofStable, ofCanary] = arms
      if (ofStable === undefined || ofCanary === undefined) return undefined
      return {
        counters: { stable: ofStable, canary: ofCanary, mirror: NO_MIRROR },
        latencyBounds: [],
        samples: [],
        warnings: [],
      }
    },
  }
}

function gained(before: Totals | undefined, now: Totals | undefined): ArmCounters | undefined {
  if (before === undefined || now === undefined) return undefined
  const by = (key: keyof Totals) => now[key] - before[key]
  const unreachable = by('refused') + by('broken')
  const gains = [
    by('chosen'),
    by('answered'),
    by('answered4xx'),
    by('answered5xx'),
    by('refused'),
    by('broken'),
  ]
  if (gains.some((gain) => gain < 0)) return undefined
  return {
    assigned: by('chosen'),
    requests: by('answered') + unreachable,
    errors: by('answered5xx') + unreachable,
    unreachable,
    rejected: by('answered4xx'),
    latency: [0],
  }
}
