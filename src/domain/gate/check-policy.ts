import { closestMetric, getMetric, metricNames } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { amountFaults } from './check-amounts.js'
import { binsFault, optionFaults } from './check-options.js'
import { contradictions } from './contradictions.js'
import { pointBaselineFaults, pointRuleFaults, unclearColumn } from './points/check-point-rule.js'
import { pointOf } from './points/point-name.js'
import { comparatorsOf, comparesModels, type GatePolicy, type GateRule } from './policy.js'

/** What is wrong with a policy before any file is read. */
export function policyProblems(policy: GatePolicy): Problem[] {
  const problems = policy.rules.flatMap((rule, index) => ruleProblems(policy, rule, index))
  const contradicting = contradictions(policy.rules).map(({ index, ...fault }) => ({
    where: ruleName(index),
    ...fault,
  }))
  return [...problems, ...contradicting]
}

/** How messages point at a rule. */
export function ruleName(index: number): string {
  return `gate.rules[${index}]`
}

function ruleProblems(policy: GatePolicy, rule: GateRule, index: number): Problem[] {
  const where = ruleName(index)
  return faultsOf(policy, rule).flatMap((fault) =>
    fault === undefined ? [] : [{ where, ...fault }],
  )
}

function faultsOf(policy: GatePolicy, rule: GateRule): (Fault | undefined)[] {
  const point = pointOf(rule.metric)
  const metric = point === undefined ? getMetric(rule.metric) : undefined
  if (point === undefined && metric === undefined) return [unknownMetric(rule.metric)]
  const common = [
    wrongComparison(rule),
    ...amountFaults(rule, metric),
    withoutBaseline(policy, rule),
  ]
  if (point !== undefined) {
    return [...common, ...pointRuleFaults(rule, point), ...optionFaults(rule, undefined)]
  }
  if (metric === undefined) return common
  return [
    wrongTask(policy, metric),
    ...common,
    ...pointBaselineFaults(policy, rule),
    ...optionFaults(rule, metric),
    withoutGroup(rule, metric),
    outOfRange(rule, metric),
    unclearColumn(rule),
    binsFault(rule),
  ]
}

type Fault = Omit<Problem, 'where'>

function unknownMetric(name: string): Fault {
  const near = closestMetric(name)
  const fix =
    near === undefined
      ? `Use one of ${metricNames.join(', ')}, column:<name> for a column of per-example numbers, or metrics:<name> for a number of metrics.json.`
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
  const fix = 'Give exactly one of at-least, at-most, no-worse-than, better-than and equivalent-to.'
  if (named.length === 0) {
    return { code: 'MW-GATE-003', what: `the rule for ${rule.metric} compares with nothing.`, fix }
  }
  if (named.length > 1) {
    const what = `the rule for ${rule.metric} has ${named.join(' and ')}.`
    return { code: 'MW-GATE-003', what, fix }
  }
  return undefined
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
