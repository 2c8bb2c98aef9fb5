import type { ClassTotals } from './class-totals.js'
import type { Average, MetricData, MetricOptions, Outcome, Weights } from './data.js'

export type Task = 'classification' | 'regression' | 'ranking' | 'generation'

/**
 * Which columns beside the label a metric reads. `probability` is a score inside [0, 1]; a score for each class
 * (`MetricData.classScores`) serves as well as either, and `class-scores` is met by nothing else.
 */
export type Need = 'prediction' | 'score' | 'probability' | 'class-scores' | 'group' | 'column'

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
  /** The range of two classes, where that of several is wider. */
  readonly twoClassRange?: readonly [number, number] | undefined
  /**
   * True where noise adds to it (absolute gaps, the largest rate minus the smallest): its estimate is then off by as much as it
   * varies, and so is its bootstrap.
   */
  readonly biased?: boolean | undefined
  /** True where two classes need to know which of them is positive. */
  readonly binary?: boolean | undefined
  /**
   * Which numbers of classes it is defined for: `two`, one of them positive; `any-with-class-scores`, two by a score of the
   * positive class, or any number by a score for each class; `any`. Absent outside classification.
   */
  readonly classes?: 'two' | 'any' | 'any-with-class-scores' | undefined
  /** True where examples may have several classes each (`MetricData.labelSets`). */
  readonly multiLabel?: boolean | undefined
  /** True where several classes need `average`. */
  readonly averaged?: boolean | undefined
  /** What `average` may be, where it means something. */
  readonly averages?: readonly Average[] | undefined
  /** Whether `k` means something, and whether it can be left out. */
  readonly k?: 'required' | 'optional' | undefined
  /** Whether `quantile` must be given; absent where it means nothing. */
  readonly quantile?: 'required' | undefined
  /** True where `multiClass` means something. */
  readonly multiClass?: boolean | undefined
  /** True where it reads no label. */
  readonly unlabelled?: boolean | undefined
}

/** A share of examples: each is right (1) or not (0). Interval: Wilson, paired: Tango. */
export interface ProportionMetric extends MetricBase {
  readonly kind: 'proportion'
  hits(data: MetricData, options: MetricOptions): Float64Array
}

/**
 * The rows of one unit: the documents of a query, or the samples of an example. An array is empty where the file has no such
 * column; those that are not have one entry a row.
 */
export interface UnitRows {
  /** Relevance in ranking (0: not relevant). */
  readonly labels: Float64Array
  readonly scores: Float64Array
  readonly texts?:
    | { readonly label: readonly string[]; readonly prediction: readonly string[] }
    | undefined
}

/** A mean of per-example numbers. Interval: Student's t, paired on differences. */
export interface MeanMetric extends MetricBase {
  readonly kind: 'mean'
  losses(data: MetricData, options: MetricOptions): Float64Array
  /** What it is a mean over, where that is not a row. `perUnit` is then there, and `losses` are `MetricData.values`. */
  readonly unit?: 'query' | 'example' | undefined
  /** The number of one unit; undefined where it has none, which is NaN in `MetricData.values`. */
  readonly perUnit?: ((rows: UnitRows, options: MetricOptions) => number | undefined) | undefined
  /** What a unit without a number lacks. */
  readonly unitNeeds?: string | undefined
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
  prepare(data: MetricData, options: MetricOptions): (weights: Weights | undefined) => Outcome
}

/** All that a metric needs of the rows, where that is sums of per-row terms: a bootstrap then need not touch the rows again. */
export interface RowSums {
  /** The cell that each row's terms are summed in; absent where there is one cell. */
  readonly cells?: Uint8Array | Int32Array | undefined
  readonly cellCount: number
  readonly terms: readonly Float64Array[]
  /** The metric, from each cell's weight and weighted sums of the terms: cell after cell. */
  of(sums: Float64Array): Outcome
}

/** Any other function of weighted rows. Resampled row by row. */
export interface RowsMetric extends MetricBase {
  readonly kind: 'rows'
  readonly strata: Strata
  /** The same as a function of sums, where it is one: many rows are then resampled at the cost of few. */
  sums?(data: MetricData, options: MetricOptions): RowSums
  /** Does what does not depend on the weights once; the result may be called with many weightings. */
  prepare(data: MetricData, options: MetricOptions): (weights: Weights | undefined) => Outcome
}

/** What one model's outputs on labelled examples are judged by; `kind` decides the interval and the test. */
export type Metric = ProportionMetric | MeanMetric | ConfusionMetric | RankMetric | RowsMetric
