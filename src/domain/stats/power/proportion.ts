import { binomialCdf } from '../special/binomial.js'
import { normalMultiplier } from '../special/normal.js'
import { type Certainty, isCertainty, type RequiredN, smallestN } from './plan.js'

export interface ProportionPlan extends Certainty {
  /** The true proportion, as far as one knows, in (0, 1]; below a ceiling [0, 1). */
  readonly expected: number
  /** What it is to be shown to be above, or below where `expected` is below, in (0, 1). */
  readonly bound: number
}

/** How few successes show that the proportion is above the floor: Wilson's lower limit is then above it. */
function criticalSuccesses(n: number, floor: number, z: number): number {
  const centre = n * floor
  const reach = z * Math.sqrt(centre * (1 - floor))
  let successes = Math.floor(centre + reach) + 1
  // Rounding may have put the whole number on the wrong side.
  while (successes - 1 - centre > reach) successes--
  while (successes - centre <= reach) successes++
  return successes
}

/** The exact power, by the binomial law, of Wilson's interval to lie above a floor with n examples. */
export function proportionPower(plan: ProportionPlan & { readonly n: number }): number {
  if (plan.expected < plan.bound) {
    return proportionPower({ ...plan, expected: 1 - plan.expected, bound: 1 - plan.bound })
  }
  const { n, expected, bound, level } = plan
  const successes = criticalSuccesses(n, bound, normalMultiplier(level))
  if (successes > n) return 0
  // As failures, whose law keeps its digits near 1.
  return binomialCdf(n - successes, n, 1 - expected)
}

/**
 * How many examples show, with the power asked for, that a proportion lies above a floor (or below a ceiling): by the exact
 * binomial power of the score test, which is Wilson's interval (Wilson 1927). Power moves up and down by a little as n grows
 * by one, because successes are whole. An expected value at the bound, a bound outside (0, 1), or more than a thousand
 * million -> undefined.
 */
export function requiredNProportion(plan: ProportionPlan): RequiredN<ProportionPlan> | undefined {
  const { expected, bound } = plan
  const valid = isCertainty(plan) && bound > 0 && bound < 1 && expected >= 0 && expected <= 1
  if (!valid || expected === bound) return undefined
  const found = smallestN((n) => proportionPower({ ...plan, n }), plan.power, 1)
  return found && { ...found, assumptions: plan }
}
