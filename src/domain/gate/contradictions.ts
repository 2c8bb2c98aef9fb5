import type { Problem } from '../problem.js'
import { type GateRule, isRelative } from './policy.js'

interface Contradiction extends Omit<Problem, 'where'> {
  /** The rule's place in the list. */
  readonly index: number
}

/** Pairs of rules that no model can pass together. */
export function contradictions(rules: readonly GateRule[]): Contradiction[] {
  return rules.flatMap((rule, index) => {
    const what = floorOverCeiling(rule, rules) ?? betterAndEquivalent(rule, rules)
    if (what === undefined) return []
    const fix = 'Mend one of the two: no model can pass both.'
    return [{ index, code: 'MW-GATE-004', what, fix }]
  })
}

function floorOverCeiling(rule: GateRule, rules: readonly GateRule[]): string | undefined {
  const floor = rule['at-least']
  if (floor === undefined) return undefined
  const ceiling = rules.find(
    (other) => sameQuestion(rule, other) && (other['at-most'] ?? floor) < floor,
  )
  if (ceiling === undefined) return undefined
  return `${rule.metric} must be at least ${floor} here and at most ${ceiling['at-most']} by another rule.`
}

/** Better by more than the distance at which the two still count as equal. */
function betterAndEquivalent(rule: GateRule, rules: readonly GateRule[]): string | undefined {
  if (rule['better-than'] === undefined) return undefined
  const by = amountOf(rule)
  const equal = rules.find(
    (other) =>
      other['equivalent-to'] !== undefined &&
      sameQuestion(rule, other) &&
      isRelative(rule) === isRelative(other) &&
      amountOf(other) < by,
  )
  if (equal === undefined) return undefined
  return `${rule.metric} must be better by at least ${by} here and at most ${amountOf(equal)} apart by another rule.`
}

function amountOf(rule: GateRule): number {
  return rule['relative-margin'] ?? rule['relative-by'] ?? rule.margin ?? rule.by ?? 0
}

/** Everything that changes which number a rule is about. A rule with slices is also about all examples. */
const SAME = ['metric', 'group', 'average', 'k', 'quantile', 'multi-class'] as const

function sameQuestion(a: GateRule, b: GateRule): boolean {
  return SAME.every((key) => a[key] === b[key])
}
