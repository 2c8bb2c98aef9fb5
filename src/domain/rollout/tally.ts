import type { Interval } from './observation.js'

/** What a look has to know of all intervals besides the evidence: plain JSON that does not grow with them. */
export interface Tally {
  readonly intervals: number
  /** Of the last interval. */
  readonly stage: number
  readonly weight: number
  readonly canaryReachable: boolean
  /** Why it was taken out of service, in the words of who did. */
  readonly ejected?: string | undefined
  /** ISO 8601: the stage under way, from its first interval to the end of the last. */
  readonly startedAt: string
  readonly endedAt: string
  /** At this stage. */
  readonly requests: { readonly stable: number; readonly canary: number }
  readonly canaryErrors: number
  /** Answered 4xx, as far as that is counted. */
  readonly rejected: { readonly stable: number; readonly canary: number }
  readonly compared: number
  /** What stable did at the stages before. */
  readonly stableBefore?: { readonly requests: number; readonly rejected: number } | undefined
  /** At this stage and weight: what the split was. */
  readonly assigned: {
    readonly stable: number
    readonly canary: number
    readonly intervals: number
  }
  /** In the whole rollout: requests that the canary failed, and labelled answers of both versions. */
  readonly badEvents: number
  readonly labelled: { readonly answers: number; readonly wrong: number }
}

type Sums = Pick<Tally, 'requests' | 'canaryErrors' | 'rejected' | 'compared'>

const NOTHING: Sums & Pick<Tally, 'assigned'> = {
  requests: { stable: 0, canary: 0 },
  canaryErrors: 0,
  rejected: { stable: 0, canary: 0 },
  compared: 0,
  assigned: { stable: 0, canary: 0, intervals: 0 },
}

/** The tally after one more interval. */
export function tallied(before: Tally | undefined, interval: Interval): Tally {
  const { stable, canary, step, weight } = interval
  const here = before?.stage === step ? before : undefined
  const same = here?.weight === weight ? here : undefined
  const { assigned } = same ?? NOTHING
  return {
    intervals: (before?.intervals ?? 0) + 1,
    stage: step,
    weight,
    canaryReachable: interval.canaryReachable,
    ejected: interval.ejected,
    startedAt: here?.startedAt ?? interval.startedAt,
    endedAt: interval.endedAt,
    ...summed(here ?? NOTHING, interval),
    stableBefore: here === undefined ? stableUntil(before) : here.stableBefore,
    assigned: {
      stable: assigned.stable + stable.assigned,
      canary: assigned.canary + canary.assigned,
      intervals: assigned.intervals + 1,
    },
    badEvents: (before?.badEvents ?? 0) + canary.errors,
    labelled: labelledOf(before, interval),
  }
}

function stableUntil(before: Tally | undefined): Tally['stableBefore'] {
  if (before === undefined) return undefined
  const { requests, rejected } = before.stableBefore ?? { requests: 0, rejected: 0 }
  return {
    requests: requests + before.requests.stable,
    rejected: rejected + before.rejected.stable,
  }
}

function summed(before: Sums, { stable, canary, mirror }: Interval): Sums {
  return {
    requests: {
      stable: before.requests.stable + stable.requests,
      canary: before.requests.canary + canary.requests,
    },
    canaryErrors: before.canaryErrors + canary.errors,
    rejected: {
      stable: before.rejected.stable + (stable.rejected ?? 0),
      canary: before.rejected.canary + (canary.rejected ?? 0),
    },
    compared: before.compared + mirror.agree + mirror.disagree,
  }
}

function labelledOf(before: Tally | undefined, { quality }: Interval): Tally['labelled'] {
  let { answers, wrong } = before?.labelled ?? { answers: 0, wrong: 0 }
  for (const { slice, counts } of quality) {
    if (slice !== undefined) continue
    answers += counts.canary.n + counts.stable.n
    wrong += counts.canary.events + counts.stable.events
  }
  return { answers, wrong }
}

/** Milliseconds that the stage under way has been watched. */
export function elapsedAt({ startedAt, endedAt }: Pick<Tally, 'startedAt' | 'endedAt'>): number {
  return Date.parse(endedAt) - Date.parse(startedAt)
}
