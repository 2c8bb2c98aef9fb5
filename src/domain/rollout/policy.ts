/** Whether a metric may roll back (guard), must be shown good before promotion (promote), or both. */
export type MetricRole = 'guard' | 'promote' | 'both'

/** `e-process` for rare events, `normal-mixture` for frequent ones; see domain/stats. */
export type RateMethod = 'e-process' | 'normal-mixture'

interface RatioMetric {
  readonly role: MetricRole
  readonly method: RateMethod
  /** Promotion needs evidence that the canary's rate is below (1 + margin) times the stable's. */
  readonly margin: number
  /** Rollback needs evidence that the canary's rate is above (1 + tolerance) times the stable's. */
  readonly tolerance: number
}

/** Requests answered 5xx or not at all. */
export interface ErrorRateMetric extends RatioMetric {
  readonly metric: 'error-rate'
  /**
   * A rate inside (0, 1) that is good enough by itself: evidence that the canary's is below it counts for promotion
   * too, since a ratio says nothing where next to nothing fails.
   */
  readonly atMost?: number | undefined
}

/** Requests slower than a bound. */
export interface LatencyMetric extends RatioMetric {
  readonly metric: 'latency'
  readonly overMilliseconds: number
}

/** Wrong predictions among labelled requests; each slice is a guard of its own. */
export interface QualityMetric extends RatioMetric {
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

export type MetricPolicy = ErrorRateMetric | LatencyMetric | QualityMetric | DisagreementMetric

/** When to go on, to stop and to come back. All of it is fixed before the first request. */
export interface RolloutPolicy {
  readonly mode: 'canary' | 'shadow'
  /** Weights of the canary in percent, ascending, at least one below 100; 100 at the end is the promotion. */
  readonly steps: readonly number[]
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
  /** A sample-ratio e-value from here on says that the split is not what was set. */
  readonly sampleRatioThreshold: number
}

/**
 * The weights at which canary and stable are compared: without a closing 100, which is the promotion itself. A shadow
 * has one step, at which it answers no user.
 */
export function comparedSteps(policy: Pick<RolloutPolicy, 'mode' | 'steps'>): readonly number[] {
  return policy.mode === 'shadow' ? [0] : policy.steps.filter((weight) => weight < 100)
}
