import { neutralOf } from '../bound.js'
import { failClaim } from '../claim.js'
import { type Draft, pointMeasurement, ratioLack } from '../draft.js'
import type { PlannedCheck } from '../plan.js'
import { comparesModels } from '../policy.js'
import { foldEvidence } from './fold-evidence.js'
import type { PointName } from './point-name.js'
import {
  baselineName,
  candidatePoints,
  meanOf,
  type PointValue,
  type PointValues,
  pointValue,
} from './point-values.js'

interface PointRequest {
  readonly check: PlannedCheck
  readonly point: PointName
  readonly points: PointValues | undefined
  readonly level: number
}

/** A check of a number that somebody else computed: by its value, or by its folds where the rule says how they were made. */
export function draftOfPoint(request: PointRequest): Draft {
  const { check, point, points } = request
  const mine = points && pointValue(candidatePoints(points, point), point.name)
  const theirs = comparesModels(check.rule)
    ? pointValue(points?.baseline, baselineName(check.rule))
    : undefined
  const byFolds = check.rule.folds !== undefined && check.rule.evidence !== 'estimate'
  if (byFolds && isList(mine)) return draftOfFolds(request, mine, theirs)
  const measurement = pointMeasurement(0, mine && meanOf(mine), theirs && meanOf(theirs))
  const reason = lackOf(check, measurement.candidate, measurement.baseline)
  return {
    check,
    n: 0,
    measurement: reason === undefined ? measurement : { ...measurement, finding: { reason } },
    test: undefined,
    claim: undefined,
    pointOf: 'candidate',
  }
}

function isList(value: PointValue | undefined): value is readonly number[] {
  return value !== undefined && typeof value !== 'number'
}

function lackOf(
  check: PlannedCheck,
  candidate: number | undefined,
  baseline: number | undefined,
): string | undefined {
  if (candidate === undefined) return "the candidate's value is not a finite number"
  if (!comparesModels(check.rule)) return undefined
  if (baseline === undefined) return "the baseline's value is not a finite number"
  return check.bound.of === 'ratio' ? ratioLack(baseline) : undefined
}

function draftOfFolds(
  { check, level }: PointRequest,
  mine: readonly number[],
  theirs: PointValue | undefined,
): Draft {
  const { rule, bound } = check
  const finding = foldEvidence({
    candidate: mine,
    baseline: isList(theirs) ? theirs : undefined,
    of: bound.of === 'candidate' ? 'candidate' : 'difference',
    folds: rule.folds ?? {},
    level,
  })
  const values = pointMeasurement(mine.length, meanOf(mine), theirs && meanOf(theirs))
  const measurement = { ...values, finding }
  const { evidence } = finding
  const test = evidence?.testAt(neutralOf(bound))
  const claim = evidence && failClaim(bound, evidence)
  return { check, n: mine.length, measurement, test, claim }
}
