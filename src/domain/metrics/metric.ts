import type { ClassTotals } from './class-totals.js'
import type { MetricData, MetricOptions, Outcome, Weights } from './data.js'

export type Task = 'classification' | 'regression' | 'ranking' | 'generation'

/** Which columns beside the label a metric reads. `probability` is a score inside [0, 1]. */
export type Need = 'prediction' | 'score' | 'probability' | 'group' | 'column'

/**
 * What the example sampling of a bootstrap keeps fixed, because the metric conditions on it. Keeping the classes fixed under a
 * metric that depends on how common they are (precision, F1) hides part of its variance: in 400 simulated samples
 * of 500 examples, 15% of them positive, 95% intervals of precision stratified by label held its true value 77% of the
 * time, unstratified ones 95.5%.
 */
export type Strata = 'none' | 'label' | 'group' | 'group-and-label'

interface MetricBase {
  readonly name: string
  /** One line for people: what it is. */
  readonly summary: string
  readonly tasks: readonly Task[]
  readonly direction: 'higher' | 'lower'
  readonly needs: readonly Need[]
  /** Smallest and largest value that it can take. */
  readonly range: readonly [number, number]
  /** True where it is defined for two classes, one of them positive. */
  readonly binary?: boolean | undefined
  /** True where several classes need `average`. */
  readonly averaged?: boolean | undefined
}

/** A share of examples: each is right (1) or not (0). Interval: Wilson, paired: Tango. */
export interface ProportionMetric extends MetricBase {
  readonly kind: 'proportion'
  hits(data: MetricData): Float64Array
}

/** A mean of per-example numbers. Interval: Student's t, paired on differences. */
export interface MeanMetric extends MetricBase {
  readonly kind: 'mean'
  losses(data: MetricData): Float64Array
}

/** A function of the totals of a confusion table, by group for fairness. Resampled as multinomial cells. */
export interface ConfusionMetric extends MetricBase {
  readonly kind: 'confusion'
  readonly byGroup: boolean
  readonly strata: Strata
  /** Without `average` it is a share of the positive examples: intervals of a proportion fit it better. */
  readonly shareOf?: 'positives'
  ofTotals(totals: ClassTotals, options: MetricOptions): Outcome
}

/** The area under the ROC curve. Interval: DeLong. */
export interface RankMetric extends MetricBase {
  readonly kind: 'rank'
  readonly strata: Strata
  /** As for `rows`: the bootstrap takes over where DeLong cannot be used. */
  prepare(data: MetricData): (weights: Weights | undefined) => Outcome
}

/** Any other function of weighted rows. Resampled row by row. */
export interface RowsMetric extends MetricBase {
  readonly kind: 'rows'
  readonly strata: Strata
  /** Does what does not depend on the weights once; the result may be called with many weightings. */
  prepare(data: MetricData): (weights: Weights | undefined) => Outcome
}

/** What one model's outputs on labelled examples are judged by; `kind` decides the interval and the test. */
export type Metric = ProportionMetric | MeanMetric | ConfusionMetric | RankMetric | RowsMetric
