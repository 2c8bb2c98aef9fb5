import { closestMetric, getMetric, metricNames } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { comparatorsOf, comparesModels, type GatePolicy, type GateRule } from './policy.js'

/** What is wrong with a policy before any file is read. */
export function policyProblems(policy: GatePolicy): Problem[] {
  const problems = policy.rules.flatMap((rule, index) => ruleProblems(policy, rule, index))
  return [...problems, ...contradictions(policy.rules)]
}

/** How messages point at a rule. */
export function ruleName(index: number): string {
  return `gate.rules[${index}]`
}

function ruleProblems(policy: GatePolicy, rule: GateRule, index: number): Problem[] {
  const where = ruleName(index)
  const metric = getMetric(rule.metric)
  if (metric === undefined) return [{ where, ...unknownMetric(rule.metric) }]
  const faults = [
    wrongTask(policy, metric),
    wrongComparison(rule),
    withoutBaseline(policy, rule),
    withoutGroup(rule, metric),
    outOfRange(rule, metric),
  ]
  return faults.flatMap((fault) => (fault === undefined ? [] : [{ where, ...fault }]))
}

type Fault = Omit<Problem, 'where'>

function unknownMetric(name: string): Fault {
  const near = closestMetric(name)
  const fix =
    near === undefined
      ? `Use one of ${metricNames.join(', ')}, or column:<name> for a column of per-example numbers.`
      : `Did you mean "${near}"?`
  return { code: 'MW-GATE-001', what: `there is no metric "${name.slice(0, 60)}".`, fix }
}

function wrongTask(policy: GatePolicy, metric: Metric): Fault | undefined {
  if (metric.tasks.includes(policy.task)) return undefined
  return {
    code: 'MW-GATE-002',
    what: `${metric.name} is a metric of ${metric.tasks.join(' and ')}, and the task is ${policy.task}.`,
    fix: `Set gate.task: ${metric.tasks[0] ?? 'classification'}, or use a metric of ${policy.task}.`,
  }
}

function wrongComparison(rule: GateRule): Fault | undefined {
  const named = comparatorsOf(rule)
  const fix = 'Give exactly one of at-least, at-most, no-worse-than and better-than.'
  if (named.length === 0) {
    return { code: 'MW-GATE-003', what: `the rule for ${rule.metric} compares with nothing.`, fix }
  }
  if (named.length > 1) {
    const what = `the rule for ${rule.metric} has ${named.join(' and ')}.`
    return { code: 'MW-GATE-003', what, fix }
  }
  return strayKey(rule, 'margin', 'no-worse-than') ?? strayKey(rule, 'by', 'better-than')
}

function strayKey(
  rule: GateRule,
  key: 'margin' | 'by',
  owner: 'no-worse-than' | 'better-than',
): Fault | undefined {
  const value = rule[key]
  if (value === undefined) return undefined
  if (rule[owner] === undefined) {
    return {
      code: 'MW-GATE-003',
      what: `the rule for ${rule.metric} has ${key}, which belongs to ${owner}.`,
      fix: `Remove ${key}, or compare by ${owner}: baseline.`,
    }
  }
  if (value >= 0) return undefined
  return {
    code: 'MW-GATE-009',
    what: `${key} is ${value}: it says how much, and cannot be negative.`,
    fix: `Write ${key}: ${-value}.`,
  }
}

function withoutBaseline(policy: GatePolicy, rule: GateRule): Fault | undefined {
  if (policy.comparesWithBaseline || !comparesModels(rule)) return undefined
  return {
    code: 'MW-GATE-005',
    what: `the rule for ${rule.metric} compares with the baseline, and the baseline is none.`,
    fix: 'Name a baseline with gate.baseline, or use at-least or at-most.',
  }
}

function withoutGroup(rule: GateRule, metric: Metric): Fault | undefined {
  if (!metric.needs.includes('group') || rule.group !== undefined) return undefined
  return {
    code: 'MW-GATE-008',
    what: `${metric.name} compares groups, and the rule names no column of groups.`,
    fix: 'Name it with group: <column>.',
  }
}

function outOfRange(rule: GateRule, metric: Metric): Fault | undefined {
  const bound = rule['at-least'] ?? rule['at-most']
  if (bound === undefined) return undefined
  const [low, high] = metric.range
  if (bound >= low && bound <= high) return undefined
  const percent = high === 1 && bound > 1 && bound <= 100
  return {
    code: 'MW-GATE-009',
    what: `${metric.name} lies between ${low} and ${high}, and the rule's bound is ${bound}.`,
    fix: percent
      ? `Write it as a share: ${bound / 100}.`
      : 'Choose a bound that can be met and missed.',
  }
}

/** A floor above a ceiling for the same thing: no model can pass. */
function contradictions(rules: readonly GateRule[]): Problem[] {
  const ceilings = rules.filter((rule) => rule['at-most'] !== undefined)
  return rules.flatMap((rule, index) => {
    const floor = rule['at-least']
    if (floor === undefined) return []
    const ceiling = ceilings.find(
      (other) => sameQuestion(rule, other) && (other['at-most'] ?? floor) < floor,
    )
    if (ceiling === undefined) return []
    return [
      {
        code: 'MW-GATE-004',
        where: ruleName(index),
        what: `${rule.metric} must be at least ${floor} here and at most ${ceiling['at-most']} by another rule.`,
        fix: 'Mend one of the two: no model can pass both.',
      },
    ]
  })
}

function sameQuestion(a: GateRule, b: GateRule): boolean {
  return a.metric === b.metric && a.group === b.group && a.average === b.average
}
