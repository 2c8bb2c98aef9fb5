import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { ruleName } from './check-policy.js'
import type { GateExamples } from './examples.js'
import { DEFAULT_MIN_SIZE, type GatePolicy, type GateRule, sliceColumns } from './policy.js'
import { sliceRows } from './slices.js'

/** A column with more slices to judge than this is no column of groups. */
const MOST_SLICES = 1000

/** What keeps the rules from being asked of these examples at all. */
export function examplesProblems(policy: GatePolicy, examples: GateExamples): Problem[] {
  return policy.rules.flatMap((rule, index) => {
    const metric = getMetric(rule.metric)
    if (metric === undefined) return []
    const faults = [
      needsTwoClasses(metric, examples),
      needsAverage(metric, rule, examples),
      oneClassOnly(metric, examples),
      tooManySlices(rule, examples),
    ]
    const fault = faults.find((found) => found !== undefined)
    return fault === undefined ? [] : [{ where: ruleName(index), ...fault }]
  })
}

type Fault = Omit<Problem, 'where'>

function needsTwoClasses(metric: Metric, examples: GateExamples): Fault | undefined {
  if (metric.binary !== true || examples.classes.length <= 2) return undefined
  return {
    code: 'MW-GATE-007',
    what: `${metric.name} is defined for two classes, and there are ${examples.classes.length}.`,
    fix: 'Use accuracy, balanced-accuracy, matthews, cohen-kappa, or precision, recall and f1 with average.',
  }
}

function needsAverage(metric: Metric, rule: GateRule, examples: GateExamples): Fault | undefined {
  if (metric.averaged !== true || rule.average !== undefined) return undefined
  if (examples.classes.length <= 2) return undefined
  return {
    code: 'MW-GATE-006',
    what: `${metric.name} of ${examples.classes.length} classes needs to know how to average them.`,
    fix: 'Add average: macro, micro or weighted to the rule.',
  }
}

/** Curves and gaps between classes have no value when the labels hold one class only. */
function oneClassOnly(metric: Metric, examples: GateExamples): Fault | undefined {
  if (metric.kind !== 'rank' && metric.name !== 'average-precision') return undefined
  const first = examples.labels[0]
  if (examples.labels.some((label) => label !== first)) return undefined
  return {
    code: 'MW-GATE-021',
    what: `${metric.name} needs both classes, and all ${examples.n} labels are "${examples.classes[first ?? 0] ?? ''}".`,
    fix: 'Evaluate on examples of both classes.',
  }
}

function tooManySlices(rule: GateRule, examples: GateExamples): Fault | undefined {
  const minSize = rule.slices?.['min-size'] ?? DEFAULT_MIN_SIZE
  for (const column of sliceColumns(rule).flat()) {
    const groups = examples.groups.get(column)
    if (groups === undefined) continue
    const judged = sliceRows(groups).filter(({ rows }) => rows.length >= minSize).length
    if (judged <= MOST_SLICES) continue
    return {
      code: 'MW-GATE-024',
      what: `column "${column}" has ${judged} values of at least ${minSize} examples: too many to judge each.`,
      fix: `Slice by a column with at most ${MOST_SLICES} values, or raise slices.min-size.`,
    }
  }
  return undefined
}
