/** Whether a metric may roll back (guard), must be shown good before promotion (promote), or both. */
export type MetricRole = 'guard' | 'promote' | 'both'

/** `e-process` for rare events, `normal-mixture` for frequent ones; see domain/stats. */
export type RateMixture = 'e-process' | 'normal-mixture'

/** What gathers evidence for harm. Whatever it is, promotion rests on e-values. */
export type HarmMethod =
  | { readonly method: RateMixture }
  | {
      readonly method: 'group-sequential'
      readonly spending: 'obrien-fleming' | 'pocock'
      /** Milliseconds from the first interval on, over which alpha is spent. */
      readonly plannedMs: number
    }
  | { readonly method: 'kayenta' }
  | {
      readonly method: 'threshold'
      /** How failed checks add up: more than `failures` (Argo Rollouts) or as many (Flagger). */
      readonly rule: 'argo' | 'flagger'
      /** An interval whose rate at the canary is above this is a failed check. */
      readonly maxRate: number
      readonly failures: number
    }

type RatioBase = HarmMethod & {
  readonly role: MetricRole
  /** Promotion needs evidence that the canary's rate is below (1 + margin) times the stable's. */
  readonly margin: number
  /** Rollback needs evidence that the canary's rate is above (1 + tolerance) times the stable's. */
  readonly tolerance: number
  /** For a shadow: what each version counts is compared, since it is not known what both did with the same request. */
  readonly unpaired?: boolean | undefined
}

/** Requests answered 5xx or not at all. */
export type ErrorRateMetric = RatioBase & {
  readonly metric: 'error-rate'
  /**
   * A rate inside (0, 1) that is good enough by itself: evidence that the canary's is below it counts for promotion
   * too, since a ratio says nothing where next to nothing fails.
   */
  readonly atMost?: number | undefined
}

/** Requests answered 4xx: what a version with another schema does. */
export type RejectionRateMetric = RatioBase & { readonly metric: 'rejection-rate' }

/** Slow requests. */
export type LatencyMetric = RatioBase & {
  readonly metric: 'latency'
  readonly overMilliseconds: number
  /** `share` of requests over the bound, unless told; `log-mean`: geometric means of single answers' times. */
  readonly of?: 'share' | 'log-mean' | undefined
}

/** Wrong predictions among labelled requests; each slice is a guard of its own. */
export type QualityMetric = RatioBase & {
  readonly metric: 'quality'
  /** Slices as the labels have them (`column=value`), known before the rollout so that alpha is shared rightly. */
  readonly slices: readonly string[]
}

/** Requests that both versions answered, where the canary answered differently. */
export interface DisagreementMetric {
  readonly metric: 'disagreement'
  readonly role: MetricRole
  /** Highest share of differing answers that is acceptable, inside (0, 1). */
  readonly atMost: number
}

export type RatioMetric = ErrorRateMetric | RejectionRateMetric | LatencyMetric | QualityMetric

export type MetricPolicy = RatioMetric | DisagreementMetric

/** When to go on, to stop and to come back. All of it is fixed before the first request. */
export interface RolloutPolicy {
  /**
   * `blue-green` gives the canary all traffic at once, after stable was watched alone, and keeps stable until the soak is over.
   * `ab` keeps one weight until it is shown that the canary is better, not just no worse.
   */
  readonly mode: 'canary' | 'shadow' | 'blue-green' | 'ab'
  /** Weights of the canary in percent, ascending, at least one below 100; 100 at the end is the promotion. */
  readonly steps: readonly number[]
  /**
   * `steps` (unless told): each weight in turn. `evidence`: as high a weight as the evidence allows, so that with confidence
   * 1 - alpha the failures of all users are no more than (1 + maxHarm) times what stable alone would have.
   */
  readonly pace?: 'steps' | 'evidence' | undefined
  readonly maxHarm?: number | undefined
  /** Weights at which the rollout waits for a person before it goes on. */
  readonly holdAt?: readonly number[] | undefined
  /** Milliseconds at weight 100 before stable is given up. */
  readonly soakMs?: number | undefined
  /** Share of requests mirrored to the other version, percent. */
  readonly mirror: number
  /** Probability that a good canary is rolled back, over all guards and looks together. */
  readonly alpha: number
  readonly metrics: readonly MetricPolicy[]
  /**
   * How several guards share alpha. `bonferroni` (unless told): any at e-value guards/alpha rolls back. `mean`: the mean of
   * all guards' e-values at 1/alpha does, which is at least as quick, though no single guard need be shown to be worse.
   */
  readonly combine?: 'bonferroni' | 'mean' | undefined
  /** Requests that the canary must have finished at a step before the next one. */
  readonly minRequests: number
  /** Milliseconds at one step without a decision before it counts as inconclusive. */
  readonly horizonMs: number
  /** Milliseconds that an inconclusive rollout holds its weight before it goes back. */
  readonly maxHoldMs: number
  /** Failed requests of users at the canary that end the rollout, whatever the statistics say. */
  readonly maxBadEvents: number | undefined
  /**
   * Whether counts are read from scrapes, which meet the two versions at different moments: then one interval's worth of requests may
   * seem to be at the wrong version.
   */
  readonly scraped?: boolean | undefined
  /** A sample-ratio e-value from here on says that the split is not what was set. */
  readonly sampleRatioThreshold: number
}

/**
 * The weights that a rollout goes through: those at which canary and stable are compared, then 100 where it soaks before stable is
 * given up. A shadow has one stage, at which it answers no user; blue-green watches stable alone (0) first.
 */
export function stagesOf(
  policy: Pick<RolloutPolicy, 'mode' | 'steps' | 'soakMs'>,
): readonly number[] {
  switch (policy.mode) {
    case 'shadow':
      return [0]
    case 'blue-green':
      return [0, 100]
    case 'ab':
      return policy.steps.slice(0, 1)
    case 'canary': {
      const compared = policy.steps.filter((weight) => weight < 100)
      return (policy.soakMs ?? 0) > 0 ? [...compared, 100] : compared
    }
  }
}

/** Whether the canary is alone with all users at this stage: what is left to see is whether it stays as it was. */
export function isSoak(
  policy: Pick<RolloutPolicy, 'mode' | 'steps' | 'soakMs'>,
  stage: number,
): boolean {
  return stagesOf(policy)[stage] === 100
}

/** Whether this is the stage after which the canary is given all users: the evidence must be there. */
export function isLastCompared(policy: RolloutPolicy, stage: number): boolean {
  const next = stagesOf(policy)[stage + 1]
  return next === undefined || next === 100
}
