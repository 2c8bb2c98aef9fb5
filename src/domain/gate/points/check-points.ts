import type { Problem } from '../../problem.js'
import { ruleName } from '../check-policy.js'
import { comparesModels, type GatePolicy, type GateRule } from '../policy.js'
import { closestPoint, type PointName, pointOf } from './point-name.js'
import {
  baselineName,
  candidatePoints,
  type Points,
  type PointValue,
  type PointValues,
  pointValue,
} from './point-values.js'

/** Names shown of those that were found. */
const SHOWN = 20

type Fault = Omit<Problem, 'where'>

/** What keeps the rules from being asked of these numbers: names that are not there, lists that do not fit. */
export function pointsProblems(policy: GatePolicy, values: PointValues): Problem[] {
  return policy.rules.flatMap((rule, index) => {
    const point = pointOf(rule.metric)
    const fault =
      (point && candidateFault(rule, point, values)) ?? baselineFault(policy, rule, values)
    return fault === undefined ? [] : [{ where: ruleName(index), ...fault }]
  })
}

function candidateFault(rule: GateRule, point: PointName, values: PointValues): Fault | undefined {
  const points = candidatePoints(values, point)
  const value = pointValue(points, point.name)
  if (value === undefined) {
    const whose = point.source === 'training' ? "the training's statement has" : 'the candidate has'
    const fix =
      point.source === 'training'
        ? 'Train where it can be measured, or remove the rule.'
        : 'Write it into the file of metrics, or correct the name.'
    return missing(`${whose} no number "${point.name.slice(0, 60)}"`, {
      name: point.name,
      points,
      fix,
    })
  }
  if (typeof value === 'number' || rule.evidence === 'estimate') return undefined
  return withoutFolds(rule, value)
}

function withoutFolds(rule: GateRule, value: readonly number[]): Fault | undefined {
  if (rule.folds !== undefined) return undefined
  return {
    code: 'MW-GATE-050',
    what: `${rule.metric} is a list of ${value.length} numbers, and the rule does not say what they are.`,
    fix: 'Say how the folds were made, as folds: { test-share: 0.2 }, or judge their mean with evidence: estimate.',
  }
}

function baselineFault(policy: GatePolicy, rule: GateRule, values: PointValues): Fault | undefined {
  const point = pointOf(rule.metric)
  const compared = comparesModels(rule) && (point !== undefined || policy.baselinePoints === true)
  if (!compared) return undefined
  const name = baselineName(rule)
  const baseline = pointValue(values.baseline, name)
  if (baseline === undefined) {
    const fix =
      values.baseline === undefined
        ? 'A baseline has numbers as metrics:<path> or run:<id>, and none beside its predictions: name one, or give at-least or at-most.'
        : 'Write it into the file of metrics, or correct the name.'
    return missing(`the baseline has no number "${name.slice(0, 60)}"`, {
      name,
      points: values.baseline,
      fix,
    })
  }
  const mine = point && pointValue(candidatePoints(values, point), point.name)
  return mine === undefined || rule.evidence === 'estimate'
    ? undefined
    : foldFault(rule, mine, baseline)
}

/** Lists are compared fold by fold. */
function foldFault(rule: GateRule, mine: PointValue, theirs: PointValue): Fault | undefined {
  if (rule.folds === undefined) return undefined
  const own = typeof mine === 'number' ? 1 : mine.length
  const other = typeof theirs === 'number' ? 1 : theirs.length
  const wanted = rule.folds.scheme === 'five-by-two' ? 10 : undefined
  if (own === other && own >= 2 && (wanted === undefined || own === wanted)) return undefined
  const need = wanted === undefined ? 'two or more, as many of each' : `${wanted} of each`
  return {
    code: 'MW-GATE-049',
    what: `the folds of ${rule.metric} do not fit: ${own} of the candidate, ${other} of the baseline; there must be ${need}.`,
    fix: 'Write the values of the same folds, in the same order, for both models.',
  }
}

interface Wanted {
  readonly name: string
  readonly points: Points | undefined
  readonly fix: string
}

function missing(what: string, { name, points, fix }: Wanted): Fault {
  const names = Object.keys(points ?? {})
  const near = closestPoint(name, names)
  const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more` : ''
  const found =
    names.length === 0
      ? 'There are no numbers at all.'
      : `Found: ${names.slice(0, SHOWN).join(', ').slice(0, 600)}${more}.`
  return {
    code: 'MW-GATE-045',
    what: `${what}. ${found}`,
    fix: near === undefined ? fix : `Did you mean "${near.slice(0, 60)}"?`,
  }
}
