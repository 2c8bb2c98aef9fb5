import type { Metric } from '../../metrics/metric.js'
import { requiredNAuc, requiredNPairedAuc } from '../../stats/power/auc.js'
import { requiredNMean, requiredNPairedMeans } from '../../stats/power/means.js'
import { requiredNPairedProportions } from '../../stats/power/paired-proportions.js'
import type { Goal } from '../../stats/power/plan.js'
import { requiredNProportion } from '../../stats/power/proportion.js'
import { normalQuantile } from '../../stats/special/normal.js'
import { type Bound, endsOf, meets, neutralOf } from '../bound.js'
import type { Facts } from './facts.js'

/** What the planner takes for true; data at hand fill what is not said. */
export interface Beliefs {
  readonly level: number
  readonly power: number
  /** Candidate minus baseline. */
  readonly difference: number
  readonly value?: number | undefined
  readonly discordance?: number | undefined
  readonly sd?: number | undefined
  readonly positiveShare?: number | undefined
  readonly correlation?: number | undefined
}

/** How many examples a rule needs, or why no number would do. */
export interface Requirement {
  readonly needed: number | null
  /** Why there is no number. */
  readonly reason?: string | undefined
  readonly method?: string | undefined
  /** What the number rests on, by name. */
  readonly assumptions: Readonly<Record<string, number>>
}

export interface Requirements {
  readonly metric: Metric
  readonly bound: Bound
  readonly beliefs: Beliefs
  readonly facts: Facts | undefined
}

/** Two models of the same task err on many of the same examples; half is a cautious guess. */
const CORRELATION = 0.5
const MOST = 1e9

/**
 * How many examples put the interval inside the rule with the power asked for, if what is believed is true: by the exact power
 * of the metric's own interval for proportions, means and AUC, else by scaling the interval of the data at hand.
 */
export function requiredExamples(request: Requirements): Requirement {
  const bound = absoluteBound(request)
  if (bound === undefined)
    return none('it needs the value of the baseline: give --value or --baseline')
  const own = { ...request, bound }
  const given = bound.of === 'candidate' ? forOne(own) : forTwo(own)
  return given ?? byScaling(own)
}

/** A share of the baseline's value as an amount, at the value that is believed. */
function absoluteBound({ bound, beliefs, facts }: Requirements): Bound | undefined {
  if (bound.of !== 'ratio') return bound
  const value = beliefs.value ?? facts?.value
  if (value === undefined) return undefined
  const scaled = (end: number) => (Number.isFinite(end) ? (end - 1) * value : end)
  return { ...bound, of: 'difference', low: scaled(bound.low), high: scaled(bound.high) }
}

/** A floor or a ceiling. Undefined: no method of its own. */
function forOne({ metric, bound, beliefs, facts }: Requirements): Requirement | undefined {
  const known = beliefs.value ?? facts?.value
  if (known === undefined)
    return none('it needs the value that is expected: give --value or --baseline')
  const expected = known + beliefs.difference
  if (!meets(bound, expected))
    return none(
      `at an expected value of ${round(expected)} the rule does not hold: give --value or --difference`,
    )
  const { level, power } = beliefs
  const [end = 0] = endsOf(bound)
  const about = { expected, bound: end, level, power }
  if (metric.kind === 'proportion' && facts?.plain !== false) {
    return answer(requiredNProportion(about)?.n, 'wilson, exact power', { value: expected })
  }
  const sd = beliefs.sd ?? facts?.sd
  if (metric.kind === 'mean' && sd !== undefined) {
    return answer(requiredNMean({ ...about, sd })?.n, 'student-t, exact power', {
      value: expected,
      sd,
    })
  }
  const positiveShare = beliefs.positiveShare ?? facts?.positiveShare
  if (metric.kind === 'rank' && positiveShare !== undefined && facts?.standardError === undefined) {
    const found = requiredNAuc({ ...about, positiveShare })
    return answer(found?.n, 'hanley-mcneil', { value: expected, positiveShare })
  }
  return undefined
}

function forTwo(request: Requirements): Requirement | undefined {
  const { metric, bound, beliefs, facts } = request
  const { difference, level, power } = beliefs
  if (!meets(bound, difference) || endsOf(bound).includes(difference)) {
    return none(
      `at a true difference of ${round(difference)} no number of examples shows it: give --difference`,
    )
  }
  const { goal, margin, sign } = goalOf(bound)
  const plan = { goal, margin, level, power, difference: difference * sign }
  if (metric.kind === 'proportion' && facts?.plain !== false) {
    return pairedProportions(request, plan)
  }
  const sd = beliefs.sd ?? facts?.differenceSd ?? scaledSd(request)
  if (metric.kind === 'mean' && sd !== undefined) {
    const found = requiredNPairedMeans({ ...plan, sd })
    return answer(found?.n, 'paired-t, exact power', { difference, sd })
  }
  if (metric.kind === 'rank' && facts?.plain !== false && facts?.differenceError === undefined) {
    return pairedAuc(request, plan)
  }
  return undefined
}

interface Comparison {
  readonly goal: Goal
  readonly margin: number
  readonly level: number
  readonly power: number
  /** Positive is better. */
  readonly difference: number
}

/** What is to be shown, with the sign that makes higher better. */
function goalOf(bound: Bound): {
  readonly goal: Goal
  readonly margin: number
  readonly sign: 1 | -1
} {
  const sign = Number.isFinite(bound.low) ? 1 : -1
  const margin = Math.abs((endsOf(bound)[0] ?? 0) - neutralOf(bound))
  if (bound.comparator === 'equivalent-to') return { goal: 'equivalence', margin, sign }
  return {
    goal: bound.comparator === 'better-than' ? 'superiority' : 'non-inferiority',
    margin,
    sign,
  }
}

/** Without data about both, two models that err independently of each other: more discordance than real ones have. */
function pairedProportions({ beliefs, facts }: Requirements, plan: Comparison): Requirement {
  const value = beliefs.value ?? facts?.value
  const independent = value === undefined ? undefined : 2 * value * (1 - value)
  const discordance = beliefs.discordance ?? facts?.discordance ?? independent
  if (discordance === undefined) {
    return none(
      'it needs to know how often only one model is right: give --discordance, --value or --baseline',
    )
  }
  if (Math.abs(plan.difference) > discordance) {
    return none(
      `models that differ on ${round(discordance)} of the examples cannot be ${round(plan.difference)} apart`,
    )
  }
  const found = requiredNPairedProportions({ ...plan, discordance })
  return answer(found?.n, 'tango, exact power', { difference: beliefs.difference, discordance })
}

function scaledSd({ beliefs, facts }: Requirements): number | undefined {
  if (facts?.sd === undefined) return undefined
  return facts.sd * Math.sqrt(2 * (1 - (beliefs.correlation ?? CORRELATION)))
}

function pairedAuc({ beliefs, facts }: Requirements, plan: Comparison): Requirement | undefined {
  const baselineAuc = beliefs.value ?? facts?.value
  const positiveShare = beliefs.positiveShare ?? facts?.positiveShare
  if (baselineAuc === undefined || positiveShare === undefined) {
    return none(
      'it needs the value of the baseline and the share of positive examples: give --value and --positive-share, or --baseline',
    )
  }
  const correlation = beliefs.correlation ?? CORRELATION
  const found = requiredNPairedAuc({ ...plan, baselineAuc, positiveShare, correlation })
  return answer(found?.n, 'hanley-mcneil', { baselineAuc, positiveShare, correlation })
}

/** n (z + z_power)^2 (standard error / distance)^2: the interval of the data at hand, made as narrow as it must be. */
function byScaling({ bound, beliefs, facts }: Requirements): Requirement {
  const error = scaledError(bound, beliefs, facts)
  if (facts === undefined || error === undefined) {
    return none('it needs predictions to see how much it varies: give --baseline (and --candidate)')
  }
  const value = beliefs.value ?? facts.value ?? 0
  const expected = bound.of === 'candidate' ? value + beliefs.difference : beliefs.difference
  const z = -normalQuantile((1 - beliefs.level) / 2)
  const ends = endsOf(bound)
  // Of two ends either may be missed: each gets half of what may go wrong.
  const quantile = normalQuantile(1 - (1 - beliefs.power) / ends.length)
  const distance = Math.min(...ends.map((end) => Math.abs(expected - end)))
  const needed = Math.ceil(facts.n * ((z + quantile) * (error / distance)) ** 2)
  return answer(needed <= MOST ? Math.max(2, needed) : undefined, 'interval of the data, scaled', {
    difference: beliefs.difference,
    standardError: error,
    examples: facts.n,
  })
}

function scaledError(bound: Bound, beliefs: Beliefs, facts: Facts | undefined): number | undefined {
  if (bound.of === 'candidate') return facts?.standardError
  if (facts?.differenceError !== undefined) return facts.differenceError
  if (facts?.standardError === undefined) return undefined
  return facts.standardError * Math.sqrt(2 * (1 - (beliefs.correlation ?? CORRELATION)))
}

function answer(
  needed: number | undefined,
  method: string,
  assumptions: Readonly<Record<string, number>>,
): Requirement {
  if (needed !== undefined) return { needed, method, assumptions }
  return {
    needed: null,
    reason: 'no number below a thousand million would do',
    method,
    assumptions,
  }
}

function none(reason: string): Requirement {
  return { needed: null, reason, assumptions: {} }
}

function round(value: number): string {
  return String(Number(value.toPrecision(4)))
}
