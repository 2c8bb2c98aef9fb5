import {
  type Certainty,
  type ComparisonPlan,
  isCertainty,
  isShowable,
  type RequiredN,
  regionOf,
  smallestN,
} from './plan.js'
import { studentPower } from './student-power.js'

export interface MeanPlan extends Certainty {
  /** The true mean, as far as one knows. */
  readonly expected: number
  /** What it is to be shown to be above, or below where `expected` is below. */
  readonly bound: number
  /** Standard deviation of the values, > 0. */
  readonly sd: number
}

export interface PairedMeansPlan extends ComparisonPlan {
  /** The true mean of the per-example differences, candidate minus baseline. */
  readonly difference: number
  /** Standard deviation of the per-example differences, > 0. */
  readonly sd: number
}

function isDeviation(sd: number): boolean {
  return sd > 0 && sd < Number.POSITIVE_INFINITY
}

/**
 * How many values show by Student's t interval that a mean lies above a floor (or below a ceiling) with the power asked for
 * (noncentral t; Owen 1965). An expected value at the bound, a standard deviation not above 0, or more than a thousand
 * million -> undefined.
 */
export function requiredNMean(plan: MeanPlan): RequiredN<MeanPlan> | undefined {
  const { expected, bound, sd, level } = plan
  const distance = Math.abs(expected - bound)
  if (!(isCertainty(plan) && isDeviation(sd) && distance > 0 && distance < Infinity))
    return undefined
  const region = { lower: 0, upper: Number.POSITIVE_INFINITY }
  const powerAt = (n: number) => studentPower({ n, mean: distance, sd, region, level })
  const found = smallestN(powerAt, plan.power, 2)
  return found && { ...found, assumptions: plan }
}

/**
 * How many examples, seen by both models, show superiority, non-inferiority or equivalence of two means by the paired t
 * interval with the power asked for (noncentral t; Owen 1965; for equivalence Schuirmann 1987). A true difference that is
 * not inside what is to be shown, a standard deviation not above 0, or more than a thousand million -> undefined.
 */
export function requiredNPairedMeans(
  plan: PairedMeansPlan,
): RequiredN<PairedMeansPlan> | undefined {
  const { difference, sd, level } = plan
  if (!(isDeviation(sd) && isShowable(plan, difference))) return undefined
  const region = regionOf(plan)
  const powerAt = (n: number) => studentPower({ n, mean: difference, sd, region, level })
  const found = smallestN(powerAt, plan.power, 2)
  return found && { ...found, assumptions: plan }
}
