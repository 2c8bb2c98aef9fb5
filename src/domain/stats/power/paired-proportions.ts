import { binomialCdf, binomialPmf } from '../special/binomial.js'
import { normalCdf, normalMultiplier } from '../special/normal.js'
import { tangoScore } from '../tango.js'
import { type ComparisonPlan, isShowable, type RequiredN, regionOf, smallestN } from './plan.js'

export interface PairedProportionsPlan extends ComparisonPlan {
  /** The share of examples on which only one of the models is right, in [0, 1]. */
  readonly discordance: number
  /** The true difference of the proportions, candidate minus baseline; at most the discordance in size. */
  readonly difference: number
}

/** Beyond this many discordant examples the normal approximation is as good as the exact sum. */
const EXACT_UP_TO = 5000
/** The sum goes this many standard deviations from the mean. */
const REACH = 9

/** The first whole number in low..high for which a rising condition holds; high + 1 where none does. */
function firstWhere(holds: (x: number) => boolean, low: number, high: number): number {
  let from = low
  let to = high + 1
  while (from < to) {
    const middle = Math.floor((from + to) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}

/** P(shown | so many discordant examples): the candidate must win between two numbers of them. */
function powerGiven(discordant: number, plan: PairedProportionsPlan & { n: number }): number {
  const { n, discordance, difference } = plan
  const { lower, upper } = regionOf(plan)
  const z = normalMultiplier(plan.level)
  const counts = (wins: number) => ({ candidateOnly: wins, baselineOnly: discordant - wins, n })
  const least = firstWhere((wins) => tangoScore(counts(wins), lower) > z, 0, discordant)
  const most =
    upper === Number.POSITIVE_INFINITY
      ? discordant
      : firstWhere((wins) => tangoScore(counts(wins), upper) >= -z, 0, discordant) - 1
  if (most < least) return 0
  const share = discordance === 0 ? 0 : Math.min(1, (discordance + difference) / 2 / discordance)
  return binomialCdf(most, discordant, share) - binomialCdf(least - 1, discordant, share)
}

function exactPower(plan: PairedProportionsPlan & { n: number }): number {
  const { n, discordance } = plan
  const mean = n * discordance
  const reach = REACH * Math.sqrt(mean * (1 - discordance)) + REACH * 2
  const last = Math.min(n, Math.ceil(mean + reach))
  let power = 0
  for (let d = Math.max(0, Math.floor(mean - reach)); d <= last; d++) {
    const probability = binomialPmf(d, n, discordance)
    if (probability > 1e-12) power += probability * powerGiven(d, plan)
  }
  return Math.min(1, power)
}

/** Nam (1997): normal law of the difference, its variance under the hypothesis at the limit of the restricted estimate. */
function approximatePower(plan: PairedProportionsPlan & { n: number }): number {
  const { n, discordance, difference } = plan
  const { lower, upper } = regionOf(plan)
  const z = normalMultiplier(plan.level)
  const deviation = Math.sqrt(discordance - difference * difference)
  const cells = {
    candidateOnly: (n * (discordance + difference)) / 2,
    baselineOnly: (n * (discordance - difference)) / 2,
    n,
  }
  const shown = (boundary: number) => {
    const score = tangoScore(cells, boundary)
    const nullDeviation = (Math.sqrt(n) * Math.abs(difference - boundary)) / Math.abs(score)
    return (Math.sqrt(n) * Math.abs(difference - boundary) - z * nullDeviation) / deviation
  }
  const above = normalCdf(shown(lower))
  return upper === Number.POSITIVE_INFINITY
    ? above
    : Math.max(0, above + normalCdf(shown(upper)) - 1)
}

/**
 * The power of Tango's score interval (1998, Statist. Med. 17:891-908) to show superiority, non-inferiority or equivalence
 * of two proportions on the same n examples: exact, by the trinomial law of who wins; with more than 5,000 discordant
 * examples by Nam's normal approximation (1997, Biometrics 53:1422-1430).
 */
export function pairedProportionsPower(
  plan: PairedProportionsPlan & { readonly n: number },
): number {
  return plan.n * plan.discordance > EXACT_UP_TO ? approximatePower(plan) : exactPower(plan)
}

/**
 * How many examples, seen by both models, show what is asked for with the power asked for: see `pairedProportionsPower`. A
 * true difference that is not inside what is to be shown or is larger than the discordance, a margin below 0, or more than
 * a thousand million examples -> undefined.
 */
export function requiredNPairedProportions(
  plan: PairedProportionsPlan,
): RequiredN<PairedProportionsPlan> | undefined {
  const { discordance, difference, margin } = plan
  const possible = discordance >= 0 && discordance <= 1 && Math.abs(difference) <= discordance
  if (!(possible && margin < 1 && isShowable(plan, difference))) return undefined
  const found = smallestN((n) => pairedProportionsPower({ ...plan, n }), plan.power, 2)
  return found && { ...found, assumptions: plan }
}
