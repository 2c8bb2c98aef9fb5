import { classCount } from '../metrics/data.js'
import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { ruleName } from './check-policy.js'
import type { GateExamples } from './examples.js'
import { countSlices } from './plan-slices.js'
import {
  comparesModels,
  DEFAULT_MIN_SIZE,
  type GatePolicy,
  type GateRule,
  sliceColumns,
} from './policy.js'

/** A column with more slices to judge than this is no column of groups. */
const MOST_SLICES = 1000

/** What keeps the rules from being asked of these examples at all. */
export function examplesProblems(policy: GatePolicy, examples: GateExamples): Problem[] {
  return policy.rules.flatMap((rule, index) => {
    const metric = getMetric(rule.metric)
    if (metric === undefined) return []
    const faults = [
      needsOneLabel(metric, examples),
      needsTwoClasses(metric, examples),
      needsClassScores(metric, examples),
      needsAverage(metric, rule, examples),
      oneClassOnly(metric, rule, examples),
      tooManySlices(rule, examples),
    ]
    const fault = faults.find((found) => found !== undefined)
    return fault === undefined ? [] : [{ where: ruleName(index), ...fault }]
  })
}

type Fault = Omit<Problem, 'where'>

function needsOneLabel(metric: Metric, { labelSets }: GateExamples): Fault | undefined {
  if (labelSets === undefined || metric.multiLabel === true) return undefined
  return {
    code: 'MW-GATE-026',
    what: `${metric.name} is not defined for examples that have several labels each.`,
    fix: 'Use accuracy (all labels right), or precision, recall and f1 with average.',
  }
}

function needsTwoClasses(metric: Metric, examples: GateExamples): Fault | undefined {
  const count = classCount(examples)
  if (count <= 2) return undefined
  const scored = metric.classes === 'any-with-class-scores' && !needsEachScore(metric)
  if (metric.classes !== 'two' && !(scored && examples.candidate.classScores === undefined)) {
    return undefined
  }
  const others =
    'accuracy, balanced-accuracy, matthews, cohen-kappa, or precision, recall and f1 with average'
  return {
    code: 'MW-GATE-007',
    what: `${metric.name}${scored ? ' of one score' : ''} is defined for two classes, and there are ${count}.`,
    fix: scored
      ? `Name a column of scores for each class with columns.scores, or use ${others}.`
      : `Use ${others}.`,
  }
}

function needsEachScore(metric: Metric): boolean {
  return metric.needs.includes('class-scores')
}

function needsClassScores(metric: Metric, examples: GateExamples): Fault | undefined {
  if (!needsEachScore(metric) || examples.candidate.classScores !== undefined) return undefined
  return {
    code: 'MW-GATE-036',
    what: `${metric.name} needs a score for each class, and no columns of them are named.`,
    fix: 'Name them with columns.scores: a map from class to column, or what their names start with.',
  }
}

function needsAverage(metric: Metric, rule: GateRule, examples: GateExamples): Fault | undefined {
  if (metric.averaged !== true || rule.average !== undefined) return undefined
  const several = examples.labelSets !== undefined
  if (classCount(examples) <= 2 && !several) return undefined
  return {
    code: 'MW-GATE-006',
    what: `${metric.name} of ${classCount(examples)} classes needs to know how to average them.`,
    fix: `Add average: macro, micro${several ? ', weighted or samples' : ' or weighted'} to the rule.`,
  }
}

/** Curves and gaps between classes have no value when the labels hold one class only. */
function oneClassOnly(metric: Metric, rule: GateRule, examples: GateExamples): Fault | undefined {
  if (metric.kind !== 'rank' && metric.name !== 'average-precision') return undefined
  const own = comparesModels(rule) ? examples.baselineRows : undefined
  const only = [examples, own].find((rows) => {
    const first = rows?.labels[0]
    return rows?.labels.every((label) => label === first) === true
  })
  if (only === undefined) return undefined
  const name = examples.classes[only.labels[0] ?? 0] ?? ''
  const whose = only === own ? " of the baseline's" : ''
  return {
    code: 'MW-GATE-021',
    what: `${metric.name} needs both classes, and all ${only.n}${whose} labels are "${name}".`,
    fix: 'Evaluate on examples of both classes.',
  }
}

function tooManySlices(rule: GateRule, examples: GateExamples): Fault | undefined {
  const minSize = rule.slices?.['min-size'] ?? DEFAULT_MIN_SIZE
  for (const columns of sliceColumns(rule)) {
    const judged = countSlices(rule, columns, examples)
    if (judged <= MOST_SLICES) continue
    return {
      code: 'MW-GATE-024',
      what: `column "${columns.join(' and ')}" has ${judged} values of at least ${minSize} examples: too many to judge each.`,
      fix: `Slice by a column with at most ${MOST_SLICES} values, or raise slices.min-size.`,
    }
  }
  return undefined
}
