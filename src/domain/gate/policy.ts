import type { Average } from '../metrics/data.js'
import type { Task } from '../metrics/metric.js'
import type { Correction } from '../stats/multiplicity.js'

export type { Correction }

/** What a rule asks of its metric. Exactly one of the five comparisons is given. */
export interface GateRule {
  readonly metric: string
  readonly 'at-least'?: number | undefined
  readonly 'at-most'?: number | undefined
  readonly 'no-worse-than'?: 'baseline' | undefined
  /** Two one-sided tests: the whole interval of the difference inside plus or minus the margin. */
  readonly 'equivalent-to'?: 'baseline' | undefined
  /** How much worse (or how far apart) is still allowed, in the metric's own unit; 0 by default. */
  readonly margin?: number | undefined
  /** The same as a share of the baseline's value: the ratio of the two is judged. */
  readonly 'relative-margin'?: number | undefined
  readonly 'better-than'?: 'baseline' | undefined
  /** By how much better it must be; 0 (any improvement) by default. */
  readonly by?: number | undefined
  /** The same as a share of the baseline's value. */
  readonly 'relative-by'?: number | undefined
  /** `interval` (default) judges the confidence interval, `estimate` the point estimate alone. */
  readonly evidence?: 'interval' | 'estimate' | undefined
  /** `warn` never fails the gate. */
  readonly level?: 'fail' | 'warn' | undefined
  readonly slices?: SliceRule | undefined
  /** The column whose groups a fairness metric compares. */
  readonly group?: string | undefined
  readonly average?: Average | undefined
  /** For `column:`, `metrics:` and `training:`: whether more is better. */
  readonly direction?: 'higher' | 'lower' | undefined
  readonly k?: number | undefined
  readonly quantile?: number | undefined
  readonly 'multi-class'?: 'one-vs-rest' | 'one-vs-one' | undefined
  readonly method?: 'auto' | 'bootstrap' | undefined
  /** How the values of a list in metrics.json were made. */
  readonly folds?: FoldsRule | undefined
}

/** Values of folds share training examples, so their spread alone says too little. */
export interface FoldsRule {
  /** The share of the examples that a fold was tested on. */
  readonly 'test-share'?: number | undefined
  readonly scheme?: 'corrected-t' | 'five-by-two' | undefined
}

/** The rule must also hold in every value of these columns. */
export interface SliceRule {
  /** An inner list is an intersection of columns. */
  readonly by: readonly (string | readonly string[])[]
  /** Values with fewer examples are shown and not judged; 50 by default. */
  readonly 'min-size'?: number | undefined
  /** Edges by numeric column: values below the first, between two, and from the last on are its slices. */
  readonly bins?: Readonly<Record<string, readonly number[]>> | undefined
}

/** The sets of columns that a rule is sliced by: one column, or several whose values are combined. */
export function sliceColumns(rule: GateRule): readonly (readonly string[])[] {
  return (rule.slices?.by ?? []).map((one) => (typeof one === 'string' ? [one] : one))
}

export const DEFAULT_MIN_SIZE = 50

export interface GatePolicy {
  readonly task: Task
  readonly rules: readonly GateRule[]
  /** Confidence of the two-sided intervals, as 0.95. */
  readonly confidence: number
  readonly correction: Correction
  /** The seed that the generator was made from: recorded, so that anybody can compute the verdict again. */
  readonly seed?: number | undefined
  /** False where the user said `baseline: none`. */
  readonly comparesWithBaseline: boolean
  /** The baseline is a file of point values (`metrics:<path>`): there are no examples of it. */
  readonly baselinePoints?: boolean | undefined
  /** `none`: the baseline was evaluated on other examples. */
  readonly pairing?: 'id' | 'none' | undefined
}

export type Comparator = 'at-least' | 'at-most' | 'no-worse-than' | 'better-than' | 'equivalent-to'

export const COMPARATORS: readonly Comparator[] = [
  'at-least',
  'at-most',
  'no-worse-than',
  'better-than',
  'equivalent-to',
]

/** The keys that say how much, each with the comparisons that it belongs to. */
export const AMOUNTS = {
  margin: ['no-worse-than', 'equivalent-to'],
  'relative-margin': ['no-worse-than', 'equivalent-to'],
  by: ['better-than'],
  'relative-by': ['better-than'],
} as const satisfies Readonly<Record<string, readonly Comparator[]>>
export type AmountKey = keyof typeof AMOUNTS

/** The comparisons that a rule names: exactly one in a well-formed rule. */
export function comparatorsOf(rule: GateRule): Comparator[] {
  return COMPARATORS.filter((name) => rule[name] !== undefined)
}

/** The rule's comparison; of several the first. */
export function comparatorOf(rule: GateRule): Comparator {
  return comparatorsOf(rule)[0] ?? 'at-least'
}

/** Whether the rule is about the difference from the baseline. */
export function comparesModels(rule: GateRule): boolean {
  return (
    rule['no-worse-than'] !== undefined ||
    rule['better-than'] !== undefined ||
    rule['equivalent-to'] !== undefined
  )
}

/** Whether the amount that the rule allows or asks for is a share of the baseline's value. */
export function isRelative(rule: GateRule): boolean {
  return rule['relative-margin'] !== undefined || rule['relative-by'] !== undefined
}
