import type { GateRule } from '../policy.js'
import { type PointName, pointOf } from './point-name.js'

/** One number, or one a fold or seed. NaN where the file says that there is none. */
export type PointValue = number | readonly number[]
export type Points = Readonly<Record<string, PointValue>>

/** Numbers that somebody else computed: they come without any uncertainty, but for lists of folds. */
export interface PointValues {
  /** Of metrics.json, or of the training statement. */
  readonly candidate: Points
  /** Of the baseline's file of numbers. */
  readonly baseline?: Points | undefined
  /** What the candidate's training took, by the names of `training:`. */
  readonly training?: Points | undefined
}

/** The candidate's numbers that a rule on `metrics:` or `training:` reads from. */
export function candidatePoints(values: PointValues, point: PointName): Points | undefined {
  return point.source === 'training' ? values.training : values.candidate
}

/** A number by its name; undefined when there is none of that name. */
export function pointValue(points: Points | undefined, name: string): PointValue | undefined {
  return points !== undefined && Object.hasOwn(points, name) ? points[name] : undefined
}

/** The name in the baseline's numbers that a rule compares with: of a metric of examples the metric's own. */
export function baselineName(rule: GateRule): string {
  const at = rule.metric.startsWith('column:') ? 'column:'.length : 0
  return pointOf(rule.metric)?.name ?? rule.metric.slice(at)
}

/** A number as a rule compares it: of a list its mean. */
export function meanOf(value: PointValue): number {
  if (typeof value === 'number') return value
  let sum = 0
  for (const one of value) sum += one
  return sum / value.length
}
