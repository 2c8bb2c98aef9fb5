import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import {
  AMOUNTS,
  type AmountKey,
  type Comparator,
  comparatorsOf,
  type GateRule,
  isRelative,
} from './policy.js'

type Fault = Omit<Problem, 'where'>

/** What is wrong with a rule's margin or `by`; `metric` is undefined for numbers that are not computed from examples. */
export function amountFaults(rule: GateRule, metric: Metric | undefined): (Fault | undefined)[] {
  const keys = Object.keys(AMOUNTS) as AmountKey[]
  return [
    ...keys.map((key) => strayAmount(rule, key) ?? negative(rule, key)),
    absoluteAndRelative(rule),
    equivalenceWithoutMargin(rule),
    relativeToSigned(rule, metric),
    ...(metric === undefined ? [] : [tooMuch(rule, 'margin', metric), tooMuch(rule, 'by', metric)]),
  ]
}

function strayAmount(rule: GateRule, key: AmountKey): Fault | undefined {
  const owners: readonly Comparator[] = AMOUNTS[key]
  if (rule[key] === undefined || owners.some((owner) => rule[owner] !== undefined)) return undefined
  return {
    code: 'MW-GATE-003',
    what: `the rule for ${rule.metric} has ${key}, which belongs to ${owners.join(' or ')}.`,
    fix: `Remove ${key}, or compare by ${owners[0] ?? ''}: baseline.`,
  }
}

function negative(rule: GateRule, key: AmountKey): Fault | undefined {
  const value = rule[key]
  if (value === undefined || value >= 0) return undefined
  const says = Number.isNaN(value) ? 'is not a number' : `is ${value}`
  return {
    code: 'MW-GATE-009',
    what: `${key} ${says}: it says how much, and cannot be negative.`,
    fix: Number.isNaN(value) ? `Write ${key}: 0.01.` : `Write ${key}: ${-value}.`,
  }
}

function absoluteAndRelative(rule: GateRule): Fault | undefined {
  const given = (Object.keys(AMOUNTS) as AmountKey[]).filter((key) => rule[key] !== undefined)
  if (given.length < 2) return undefined
  return {
    code: 'MW-GATE-040',
    what: `the rule for ${rule.metric} has ${given.join(' and ')}.`,
    fix: "Give one of them: in the unit of the metric, or as a share of the baseline's value.",
  }
}

function equivalenceWithoutMargin(rule: GateRule): Fault | undefined {
  if (rule['equivalent-to'] === undefined || comparatorsOf(rule).length > 1) return undefined
  const margin = rule['relative-margin'] ?? rule.margin
  if (margin !== undefined && margin !== 0) return undefined
  return {
    code: 'MW-GATE-041',
    what:
      margin === 0
        ? `the rule for ${rule.metric} asks for equivalence within 0, which no interval can show.`
        : `the rule for ${rule.metric} asks for equivalence, and does not say how far apart still counts as equal.`,
    fix: 'Give margin: 0.01, or relative-margin as a share.',
  }
}

/** A share of a value that may be zero or negative says nothing. */
function relativeToSigned(rule: GateRule, metric: Metric | undefined): Fault | undefined {
  if (!isRelative(rule) || metric === undefined) return undefined
  const share = rule['relative-margin'] ?? rule['relative-by'] ?? 0
  if (share >= 1) {
    return {
      code: 'MW-GATE-009',
      what: `the rule for ${metric.name} has a relative amount of ${share}, which is ${share * 100}% of the baseline's value.`,
      fix: `Write it as a share below 1, such as ${share <= 100 ? share / 100 : 0.02}.`,
    }
  }
  const builtIn = !metric.needs.includes('column')
  if (!(builtIn && metric.range[0] < 0)) return undefined
  return {
    code: 'MW-GATE-051',
    what: `${metric.name} may be zero or negative, and a share of such a value has no meaning.`,
    fix: 'Give margin or by in the unit of the metric.',
  }
}

/** As much as the metric's whole range: a margin that cannot be missed, or an improvement that cannot be met. */
function tooMuch(rule: GateRule, key: 'margin' | 'by', metric: Metric): Fault | undefined {
  const value = rule[key]
  const width = metric.range[1] - metric.range[0]
  if (value === undefined || !(value >= width)) return undefined
  return {
    code: 'MW-GATE-009',
    what: `${metric.name} lies between ${metric.range[0]} and ${metric.range[1]}, and ${key} is ${value}.`,
    fix:
      width === 1 && value <= 100
        ? `Write it as a share: ${value / 100}.`
        : `Choose ${key} below ${width}.`,
  }
}
