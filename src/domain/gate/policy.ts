import type { Average } from '../metrics/data.js'
import type { Task } from '../metrics/metric.js'
import type { Correction } from '../stats/multiplicity.js'

export type { Correction }

/** What a rule asks of its metric. Exactly one of the four comparisons is given. */
export interface GateRule {
  readonly metric: string
  readonly 'at-least'?: number | undefined
  readonly 'at-most'?: number | undefined
  readonly 'no-worse-than'?: 'baseline' | undefined
  /** How much worse is still allowed, in the metric's own unit; 0 by default. */
  readonly margin?: number | undefined
  readonly 'better-than'?: 'baseline' | undefined
  /** By how much better it must be; 0 (any improvement) by default. */
  readonly by?: number | undefined
  /** `interval` (default) judges the confidence interval, `estimate` the point estimate alone. */
  readonly evidence?: 'interval' | 'estimate' | undefined
  /** `warn` never fails the gate. */
  readonly level?: 'fail' | 'warn' | undefined
  readonly slices?: SliceRule | undefined
  /** The column whose groups a fairness metric compares. */
  readonly group?: string | undefined
  readonly average?: Average | undefined
  /** For `column:<name>`: whether more is better. Higher by default, lower under `at-most`. */
  readonly direction?: 'higher' | 'lower' | undefined
}

/** The rule must also hold in every value of these columns. */
export interface SliceRule {
  readonly by: readonly string[]
  /** Values with fewer examples are shown and not judged; 50 by default. */
  readonly 'min-size'?: number | undefined
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
}

export type Comparator = 'at-least' | 'at-most' | 'no-worse-than' | 'better-than'

export const COMPARATORS: readonly Comparator[] = [
  'at-least',
  'at-most',
  'no-worse-than',
  'better-than',
]

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
  return rule['no-worse-than'] !== undefined || rule['better-than'] !== undefined
}
