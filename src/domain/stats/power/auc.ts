import { normalCdf, normalMultiplier } from '../special/normal.js'
import {
  type Certainty,
  type ComparisonPlan,
  isCertainty,
  isShowable,
  type Region,
  type RequiredN,
  regionOf,
  smallestN,
} from './plan.js'

export interface AucPlan extends Certainty {
  /** The true area, as far as one knows, in (0, 1). */
  readonly expected: number
  /** What it is to be shown to be above, or below where `expected` is below. */
  readonly bound: number
  /** The share of positive examples, in (0, 1). */
  readonly positiveShare: number
}

export interface PairedAucPlan extends ComparisonPlan {
  /** The baseline's true area; the candidate's is this plus the difference; both in (0, 1). */
  readonly baselineAuc: number
  /** The true difference, candidate minus baseline. */
  readonly difference: number
  /** Of the two estimated areas, in [-1, 1): 0 for different examples, high for similar models on the same ones. */
  readonly correlation: number
  readonly positiveShare: number
}

/** DeLong's variance needs two of either class. */
const LEAST = 4

/**
 * The variance of an estimated area under the ROC curve from the area and the numbers of positive and negative examples
 * (Hanley & McNeil 1982, Radiology 143:29-36): exponential scores. An area outside (0, 1) has variance 0 or less.
 */
export function hanleyMcNeilVariance(auc: number, positives: number, negatives: number): number {
  const q1 = auc / (2 - auc) - auc * auc
  const q2 = (2 * auc * auc) / (1 + auc) - auc * auc
  return (auc * (1 - auc) + (positives - 1) * q1 + (negatives - 1) * q2) / (positives * negatives)
}

function powerOf(estimate: number, variance: number, decision: Region & { level: number }): number {
  const z = normalMultiplier(decision.level)
  const error = Math.sqrt(variance)
  const above = normalCdf((estimate - decision.lower) / error - z)
  const below = normalCdf((decision.upper - estimate) / error - z)
  return Math.max(0, above + below - 1)
}

function isShare(share: number): boolean {
  return share > 0 && share < 1
}

/** Classes as they would be in n examples, at least two of each; not rounded, so that power rises evenly. */
function classSizes(n: number, positiveShare: number): readonly [number, number] {
  return [Math.max(2, n * positiveShare), Math.max(2, n * (1 - positiveShare))]
}

/**
 * How many examples show by a normal interval (as DeLong's) that an area under the ROC curve lies above a floor, or below a
 * ceiling, with the power asked for; variance by Hanley & McNeil (1982). An expected area at the bound or outside (0, 1), a
 * share of positives outside (0, 1), or more than a thousand million -> undefined.
 */
export function requiredNAuc(plan: AucPlan): RequiredN<AucPlan> | undefined {
  const { expected, bound, positiveShare, level } = plan
  const distance = Math.abs(expected - bound)
  const valid = isCertainty(plan) && isShare(positiveShare) && isShare(expected) && distance > 0
  if (!valid) return undefined
  const decision = { lower: 0, upper: Number.POSITIVE_INFINITY, level }
  const powerAt = (n: number) => {
    const variance = hanleyMcNeilVariance(expected, ...classSizes(n, positiveShare))
    return powerOf(distance, variance, decision)
  }
  const found = smallestN(powerAt, plan.power, LEAST)
  return found && { ...found, assumptions: plan }
}

/**
 * How many examples, seen by both models, show superiority, non-inferiority or equivalence of two areas under the ROC curve
 * with the power asked for: variances by Hanley & McNeil (1982), their covariance by the correlation (Hanley & McNeil 1983,
 * Radiology 148:839-843). A true difference that is not inside what is to be shown, an area or a share of positives outside
 * (0, 1), a correlation outside [-1, 1), or more than a thousand million -> undefined.
 */
export function requiredNPairedAuc(plan: PairedAucPlan): RequiredN<PairedAucPlan> | undefined {
  const { baselineAuc, difference, correlation, positiveShare, level } = plan
  const auc = baselineAuc + difference
  const valid = [auc, baselineAuc, positiveShare].every(isShare)
  if (!(valid && correlation >= -1 && correlation < 1)) return undefined
  if (!isShowable(plan, difference)) return undefined
  const decision = { ...regionOf(plan), level }
  const powerAt = (n: number) => {
    const sizes = classSizes(n, positiveShare)
    const one = hanleyMcNeilVariance(auc, ...sizes)
    const other = hanleyMcNeilVariance(baselineAuc, ...sizes)
    return powerOf(difference, one + other - 2 * correlation * Math.sqrt(one * other), decision)
  }
  const found = smallestN(powerAt, plan.power, LEAST)
  return found && { ...found, assumptions: plan }
}
