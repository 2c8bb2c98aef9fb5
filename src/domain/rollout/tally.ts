import type { Interval } from './observation.js'

/** What a look has to know of all intervals besides the evidence: plain JSON that does not grow with them. */
export interface Tally {
  readonly intervals: number
  /** Of the last interval. */
  readonly stage: number
  readonly weight: number
  readonly canaryReachable: boolean
  /** ISO 8601: the stage under way, from its first interval to the end of the last. */
  readonly startedAt: string
  readonly endedAt: string
  /** At this stage. */
  readonly requests: { readonly stable: number; readonly canary: number }
  readonly canaryErrors: number
  readonly compared: number
  /** At this stage and weight: what the split was. */
  readonly assigned: { readonly stable: number; readonly canary: number }
  /** In the whole rollout: requests that the canary failed, and labelled answers of both versions. */
  readonly badEvents: number
  readonly labelled: { readonly answers: number; readonly wrong: number }
}

/** The tally after one more interval. */
export function tallied(before: Tally | undefined, interval: Interval): Tally {
  const { stable, canary, mirror, step, weight } = interval
  const here = before !== undefined && before.stage === step ? before : undefined
  const same = here !== undefined && here.weight === weight ? here : undefined
  return {
    intervals: (before?.intervals ?? 0) + 1,
    stage: step,
    weight,
    canaryReachable: interval.canaryReachable,
    startedAt: here?.startedAt ?? interval.startedAt,
    endedAt: interval.endedAt,
    requests: {
      stable: (here?.requests.stable ?? 0) + stable.requests,
      canary: (here?.requests.canary ?? 0) + canary.requests,
    },
    canaryErrors: (here?.canaryErrors ?? 0) + canary.errors,
    compared: (here?.compared ?? 0) + mirror.agree + mirror.disagree,
    assigned: {
      stable: (same?.assigned.stable ?? 0) + stable.assigned,
      canary: (same?.assigned.canary ?? 0) + canary.assigned,
    },
    badEvents: (before?.badEvents ?? 0) + canary.errors,
    labelled: labelledOf(before, interval),
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
