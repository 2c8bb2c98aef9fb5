import { createRandom } from '../../stats/random.js'
import { boundOf } from '../bound.js'
import { optionsOf, viewOf } from '../draft.js'
import { type GateExamples, pairOf } from '../examples.js'
import { metricOf } from '../plan.js'
import { splitBy } from '../plan-slices.js'
import { pointOf } from '../points/point-name.js'
import { comparatorOf, DEFAULT_MIN_SIZE, type GateRule, sliceColumns } from '../policy.js'
import type { SliceKey } from '../verdict.js'
import { factsOf } from './facts.js'
import { type Beliefs, type Requirement, requiredExamples } from './required-examples.js'

/** What a slice that the rule declares has now. */
export interface SliceNeed {
  readonly slice: SliceKey
  readonly now: number
  /** It has as many as the rule needs. */
  readonly enough: boolean
}

/** What one rule needs. */
export interface RulePlan extends Requirement {
  readonly rule: string
  readonly slicedBy: readonly string[]
  /** The rule's `slices.min-size`, where it has slices: each slice needs `needed` too. */
  readonly minSize: number | null
  readonly slices: readonly SliceNeed[]
  /** Examples in all, so that the smallest slice that is judged has enough; null where nobody knows its share. */
  readonly neededForSlices: number | null
}

export interface PlanRulesRequest {
  readonly rules: readonly GateRule[]
  readonly beliefs: Beliefs
  /** The model at hand, and another where there is one; undefined where there are no data. */
  readonly examples: GateExamples | undefined
  readonly seed: number
}

/** For each rule how many examples settle it, before there are any. */
export function planRules(request: PlanRulesRequest): RulePlan[] {
  return request.rules.map((rule) => planRule(rule, request))
}

function planRule(rule: GateRule, { beliefs, examples, seed }: PlanRulesRequest): RulePlan {
  const name = `${rule.metric}.${comparatorOf(rule)}`
  const slicedBy = sliceColumns(rule).map((columns) => columns.join(' and '))
  const minSize = rule.slices === undefined ? null : (rule.slices['min-size'] ?? DEFAULT_MIN_SIZE)
  const about = { rule: name, slicedBy, minSize }
  const requirement = requirementOf(rule, { beliefs, examples, seed })
  const { needed } = requirement
  if (needed === null || examples === undefined) {
    return { ...requirement, ...about, slices: [], neededForSlices: null }
  }
  const slices = sliceColumns(rule)
    .flatMap((columns) => splitBy(rule, columns, examples).slices)
    .filter(({ tooSmall }) => !tooSmall)
    .map(({ key, rows }) => ({ slice: key, now: rows.length, enough: rows.length >= needed }))
  const smallest = Math.min(...slices.map(({ now }) => now))
  const neededForSlices = slices.length === 0 ? null : Math.ceil((needed * examples.n) / smallest)
  return { ...requirement, ...about, slices, neededForSlices }
}

function requirementOf(
  rule: GateRule,
  { beliefs, examples, seed }: Omit<PlanRulesRequest, 'rules'>,
): Requirement {
  if (pointOf(rule.metric) !== undefined) {
    const reason = 'it is a number without examples: judged by its value'
    return { needed: null, reason, assumptions: {} }
  }
  if (rule.evidence === 'estimate') {
    const reason = 'it judges the estimate, whatever its uncertainty'
    return { needed: null, reason, assumptions: {} }
  }
  const metric = metricOf(rule)
  if (metric === undefined)
    return { needed: null, reason: 'there is no such metric', assumptions: {} }
  const options = optionsOf(rule)
  const view = viewOf(metric, rule, undefined)
  const facts =
    examples &&
    factsOf({ metric, options, pair: pairOf(examples, view), random: createRandom(seed) })
  return requiredExamples({ metric, bound: boundOf(rule, metric.direction), beliefs, facts })
}
