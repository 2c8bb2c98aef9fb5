import { columnOf } from '../../metrics/column.js'
import type { Problem } from '../../problem.js'
import { comparesModels, type GatePolicy, type GateRule, isRelative } from '../policy.js'
import {
  closestPoint,
  directionIsUnclear,
  isCalledLikeALoss,
  type PointName,
  TRAINING_NAMES,
} from './point-name.js'

type Fault = Omit<Problem, 'where'>

/** What is wrong with a rule on `metrics:` or `training:` before any file is read. */
export function pointRuleFaults(rule: GateRule, point: PointName): (Fault | undefined)[] {
  return [
    unknownTraining(point),
    trainingCompared(rule, point),
    withoutAmount(rule),
    unclearDirection(rule, point),
    sliced(rule),
    foldsFault(rule),
  ]
}

/** What is wrong with a rule on examples whose baseline is a file of numbers. */
export function pointBaselineFaults(policy: GatePolicy, rule: GateRule): (Fault | undefined)[] {
  if (policy.baselinePoints !== true || !comparesModels(rule)) return []
  return [withoutAmount(rule), sliced(rule)]
}

function unknownTraining({ source, name }: PointName): Fault | undefined {
  if (source !== 'training' || TRAINING_NAMES.includes(name)) return undefined
  const near = closestPoint(name, TRAINING_NAMES)
  return {
    code: 'MW-GATE-042',
    what: `the training's statement has no "${name.slice(0, 60)}".`,
    fix:
      near === undefined
        ? `Use one of ${TRAINING_NAMES.map((one) => `training:${one}`).join(', ')}.`
        : `Did you mean "training:${near}"?`,
  }
}

function trainingCompared(rule: GateRule, point: PointName): Fault | undefined {
  if (point.source !== 'training' || !comparesModels(rule)) return undefined
  return {
    code: 'MW-GATE-043',
    what: `${rule.metric} is known of the candidate's training alone.`,
    fix: 'Set a budget with at-most, or write the number into metrics.json of both and use metrics:<name>.',
  }
}

/** Without uncertainty the margin is the whole judgement: it must be somebody's decision, also where it is 0. */
function withoutAmount(rule: GateRule): Fault | undefined {
  const key = rule['better-than'] === undefined ? 'margin' : 'by'
  if (!comparesModels(rule) || rule[key] !== undefined || isRelative(rule)) return undefined
  return {
    code: 'MW-GATE-041',
    what: `${rule.metric} is compared without uncertainty, and the rule does not say by how much it may differ.`,
    fix: `Give ${key} or relative-${key}; ${key}: 0 where any difference counts.`,
  }
}

function unclearDirection(rule: GateRule, point: PointName): Fault | undefined {
  return directionIsUnclear(rule, point) ? directionFault(rule) : undefined
}

/** A column of per-example numbers that is called like a loss, under a comparison that would take more for better. */
export function unclearColumn(rule: GateRule): Fault | undefined {
  const name = columnOf(rule.metric)
  if (name === undefined || rule.direction !== undefined) return undefined
  return isCalledLikeALoss(name) ? directionFault(rule) : undefined
}

function directionFault(rule: GateRule): Fault | undefined {
  if (rule['no-worse-than'] === undefined && rule['better-than'] === undefined) return undefined
  return {
    code: 'MW-GATE-048',
    what: `it is not clear which way ${rule.metric} is better.`,
    fix: 'Add direction: lower or direction: higher to the rule.',
  }
}

function sliced(rule: GateRule): Fault | undefined {
  if (rule.slices === undefined) return undefined
  return {
    code: 'MW-GATE-052',
    what: `the rule for ${rule.metric} has slices, and a number without examples has none.`,
    fix: 'Remove slices, or judge a metric that both models have examples of.',
  }
}

function foldsFault(rule: GateRule): Fault | undefined {
  const { folds } = rule
  if (folds === undefined) return undefined
  if (isRelative(rule)) {
    return {
      code: 'MW-GATE-054',
      what: `the rule for ${rule.metric} has folds and a relative amount, and values of folds are compared by their differences.`,
      fix: 'Give margin or by in the unit of the metric.',
    }
  }
  if (folds.scheme === 'five-by-two') return fiveByTwoFault(rule)
  if (folds['test-share'] !== undefined) return undefined
  return {
    code: 'MW-GATE-050',
    what: `the rule for ${rule.metric} has folds without the share of examples that each was tested on.`,
    fix: 'Add folds.test-share, such as 0.2 for five folds, or folds.scheme: five-by-two.',
  }
}

function fiveByTwoFault(rule: GateRule): Fault | undefined {
  if (comparesModels(rule)) return undefined
  return {
    code: 'MW-GATE-050',
    what: `the rule for ${rule.metric} has folds of scheme five-by-two, which compares two models.`,
    fix: 'Compare with the baseline, or use folds.test-share.',
  }
}
