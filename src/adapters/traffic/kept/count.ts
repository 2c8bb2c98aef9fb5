import { type Counters, NO_MIRROR, type Reading } from '../../../domain/rollout/observation.js'
import type { Sample } from '../../../domain/rollout/quality.js'
import type { Gained, Signals } from '../../../ports/signals.js'
import type { BothRoles, Roles } from '../../../ports/splitter.js'
import { nameOf } from './name-of.js'

/** Sums of what signals say about one stretch of time after another, at one weight. */
export interface Count {
  /** Counts from now on: what came before belongs to other weights. */
  restart(roles: BothRoles): Promise<void>
  /** Counts what has become whole since the last reading. */
  read(roles: Roles): Promise<{ readonly reading: Uncounted; readonly samples: readonly Sample[] }>
}

type Uncounted = Omit<Reading, 'canaryReachable'>

export interface CountOptions {
  readonly signals: Signals | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Counts from now on. A stretch that signals cannot tell starts a new epoch: what follows is not compared across it. */
export function createCount({ signals, now }: CountOptions): Count {
  const began = now()
  const step = signals?.stepMs ?? 1
  let from = nextStep(began, step)
  let epoch = 0
  let sums = nothing(1)
  let hasCounted = false
  let bounds: readonly number[] = []
  const reading = (): Uncounted => ({
    ...sums,
    epoch: `${began}.${epoch}`,
    at: new Date(from).toISOString(),
    latencyBounds: bounds,
  })
  const startAnew = () => {
    if (hasCounted) epoch++
    hasCounted = false
    sums = nothing(bounds.length + 1)
  }
  return {
    restart: async ({ stable, canary }) => {
      await signals?.mark?.({ stable: nameOf(stable), canary: nameOf(canary) })
      from = nextStep(now(), step)
    },
    read: async ({ stable, canary }) => {
      const to = Math.floor((now() - (signals?.lagMs ?? 0)) / step) * step
      if (signals === undefined || canary === undefined || to <= from) {
        return { reading: reading(), samples: [] }
      }
      const stretch = { from, to, stable: nameOf(stable), canary: nameOf(canary) }
      const gained = await signals.between(stretch)
      from = to
      if (gained === undefined) {
        hasCounted = true
        startAnew()
        return { reading: reading(), samples: [] }
      }
      if (!sameBounds(bounds, gained)) {
        bounds = gained.latencyBounds
        startAnew()
      }
      sums = added(sums, gained.counters)
      hasCounted = true
      return { reading: reading(), samples: gained.samples }
    },
  }
}

/** The first period that begins at a time or after it: an earlier one holds what was before. */
export function nextStep(time: number, step: number): number {
  return Math.ceil(time / step) * step
}

function sameBounds(bounds: readonly number[], { latencyBounds }: Gained): boolean {
  return (
    bounds.length === latencyBounds.length && bounds.every((bound, i) => bound === latencyBounds[i])
  )
}

function nothing(buckets: number): Counters {
  const arm = () => ({
    assigned: 0,
    requests: 0,
    errors: 0,
    unreachable: 0,
    latency: new Array<number>(buckets).fill(0),
  })
  return {
    stable: arm(),
    canary: arm(),
    mirror: NO_MIRROR,
  }
}

function added(a: Counters, b: Counters): Counters {
  const arm = (x: Counters['canary'], y: Counters['canary']) => ({
    assigned: x.assigned + y.assigned,
    requests: x.requests + y.requests,
    errors: x.errors + y.errors,
    unreachable: x.unreachable + y.unreachable,
    latency: x.latency.map((count, i) => count + (y.latency[i] ?? 0)),
  })
  return {
    stable: arm(a.stable, b.stable),
    canary: arm(a.canary, b.canary),
    mirror: {
      agree: a.mirror.agree + b.mirror.agree,
      disagree: a.mirror.disagree + b.mirror.disagree,
      canaryOnlyErrors: a.mirror.canaryOnlyErrors + b.mirror.canaryOnlyErrors,
      stableOnlyErrors: a.mirror.stableOnlyErrors + b.mirror.stableOnlyErrors,
      discarded: a.mirror.discarded + b.mirror.discarded,
    },
  }
}
