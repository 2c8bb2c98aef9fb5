import { type ArmCounters, NO_MIRROR } from '../../../domain/rollout/observation.js'
import type { Gained, Signals, Stretch } from '../../../ports/signals.js'

/** What a version has done since the system began to count. */
export interface Totals {
  readonly requests: number
  readonly errors: number
  /** Answered 4xx; not those whose users had gone. */
  readonly rejected: number
  /** Requests that got no answer of the version. */
  readonly unanswered: number
  /** Upper bounds, milliseconds, and how many requests are up to each; both empty where nothing was measured. */
  readonly bounds: readonly number[]
  readonly upTo: readonly number[]
}

export interface TotalsSignalsOptions {
  readonly name: string
  /** Totals by version; undefined where they cannot tell what users met. */
  readonly look: (names: readonly string[]) => Promise<ReadonlyMap<string, Totals> | undefined>
}

/**
 * What users met, by a system's own totals: a stretch begins where the last one was read or marked, whatever its times. One in
 * which the system began to count anew is not known.
 */
export function createTotalsSignals({ name, look }: TotalsSignalsOptions): Signals {
  let past: ReadonlyMap<string, Totals> | undefined
  return {
    name,
    lagMs: 0,
    mark: async ({ stable, canary }) => {
      // What cannot be counted is said where counts are wanted: all traffic can be given without them.
      past = await look([stable, canary]).catch(() => undefined)
    },
    between: async (stretch) => {
      const before = past
      past = await look([stretch.stable, stretch.canary])
      return before === undefined || past === undefined
        ? undefined
        : gainedBetween(before, past, stretch)
    },
  }
}

type Look = ReadonlyMap<string, Totals>

function gainedBetween(
  before: Look,
  now: Look,
  names: Pick<Stretch, 'stable' | 'canary'>,
): Gained | undefined {
  const all = [names.stable, names.canary].map((name) => now.get(name)?.bounds ?? [])
  const bounds = all.find((own) => own.length > 0) ?? []
  const stable = gained(before.get(names.stable), now.get(names.stable), bounds)
  const canary = gained(before.get(names.canary), now.get(names.canary), bounds)
  if (stable === undefined || canary === undefined) return undefined
  return {
    counters: { stable, canary, mirror: NO_MIRROR },
    latencyBounds: bounds,
    samples: [],
    warnings: [],
  }
}

function gained(
  before: Totals | undefined,
  now: Totals | undefined,
  bounds: readonly number[],
): ArmCounters | undefined {
  if (before === undefined || now === undefined) return undefined
  const requests = now.requests - before.requests
  const errors = now.errors - before.errors
  const rejected = now.rejected - before.rejected
  const unanswered = now.unanswered - before.unanswered
  const upTo = bounds.map((_bound, i) => (now.upTo[i] ?? 0) - (before.upTo[i] ?? 0))
  const within = upTo.map((count, i) => count - (upTo[i - 1] ?? 0))
  // Times may be put into buckets later than their requests are counted: those are none of the last bucket.
  const isMeasured = now.upTo.length > bounds.length
  const all = (now.upTo[bounds.length] ?? 0) - (before.upTo[bounds.length] ?? 0)
  const beyond = isMeasured ? all - (upTo.at(-1) ?? 0) : 0
  const latency = [...within, beyond]
  if ([requests, errors, rejected, unanswered, ...latency].some((gain) => gain < 0))
    return undefined
  // What was not answered may have been counted elsewhere than errors.
  const unreachable = Math.min(unanswered, errors)
  return { assigned: requests, requests, errors, unreachable, rejected, latency }
}
