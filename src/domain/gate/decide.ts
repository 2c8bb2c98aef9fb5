import { type Decision, worst } from '../decision.js'
import { adjustPValues } from '../stats/multiplicity.js'
import { createRandom, type RandomSource } from '../stats/random.js'
import { estimateOf, meets, type Position, positionOf, sizeOf } from './bound.js'
import type { Claim } from './claim.js'
import { type Draft, draftOfExamples } from './draft.js'
import type { BoundaryTest } from './evidence.js'
import type { GateExamples } from './examples.js'
import { type PlannedCheck, planChecks } from './plan.js'
import { draftOfPoint } from './points/draft-point.js'
import type { PointValues } from './points/point-values.js'
import type { GatePolicy, GateRule } from './policy.js'
import { directionOf, type Judged, reasonOf } from './reason.js'
import { settlingOf } from './settling.js'
import type { Check, CheckStatus, CheckTest, FailClaim, Samples, VerdictBody } from './verdict.js'
import { countText } from './wording.js'

export interface DecisionRequest {
  readonly policy: GatePolicy
  /** Undefined where no rule reads any. */
  readonly examples: GateExamples | undefined
  readonly points?: PointValues | undefined
  readonly random: RandomSource
  /** What the user calls the columns, for reasons. */
  readonly columns?: ColumnWords | undefined
}

export interface ColumnWords {
  readonly cluster?: string | undefined
  readonly weight?: string | undefined
}

const NO_SAMPLES: Samples = { candidate: 0, baseline: null, joined: 0 }

/**
 * The gate's decision: every rule on all examples and on its slices, by confidence interval. All of the interval inside the
 * rule is `pass`, all of it outside is `fail` if the correction over all checks leaves it significant, and anything
 * else is `inconclusive`; so are metrics without a value. Numbers that come without uncertainty are judged by their value.
 * Rules of level `warn` give `warn` at most.
 * The policy, the examples and the numbers must have passed `policyProblems`, `examplesProblems` and `pointsProblems`.
 */
export function decideGate(request: DecisionRequest): VerdictBody {
  const { policy, examples, random } = request
  const plan = planChecks(policy, examples)
  // Each check has its own generator, so that no rule's resamples depend on which other rules there are.
  const base = random.below(2 ** 31)
  const drafts = plan.checks.flatMap(
    (check) => draft(request, check, createRandom(base ^ hashOf(check.id))) ?? [],
  )
  const checks = conclude(request, drafts)
  return {
    decision: decisionOf(checks),
    task: policy.task,
    samples: examples?.samples ?? NO_SAMPLES,
    checks,
    slices: plan.slices,
    policy: {
      confidence: policy.confidence,
      correction: policy.correction,
      seed: policy.seed ?? null,
    },
  }
}

/** FNV-1a over UTF-16 code units. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash & 0x7fffffff
}

function draft(
  { policy, examples, points }: DecisionRequest,
  check: PlannedCheck,
  random: RandomSource,
): Draft | undefined {
  const { asks } = check
  if (asks.of === 'point') {
    return draftOfPoint({ check, point: asks.point, points, level: policy.confidence })
  }
  if (examples === undefined) return undefined
  return draftOfExamples(policy, { check, asks, examples, points, random })
}

function conclude(request: DecisionRequest, drafts: readonly Draft[]): Check[] {
  const tests = adjusted(request.policy, drafts, (one) => one.test?.pValue)
  const claims = adjusted(request.policy, drafts, (one) => one.claim?.pValue)
  return drafts.map((one, index) => {
    const test = tests.values[index]
    const claim = claims.values[index]
    return concludeOne(request, one, { test, claim, family: claims.family })
  })
}

/** Corrects the p-values of those drafts that have one, in their places. */
function adjusted(
  policy: GatePolicy,
  drafts: readonly Draft[],
  read: (one: Draft) => number | undefined,
): { readonly values: readonly (number | undefined)[]; readonly family: number } {
  const indexed = drafts.flatMap((one, index) => {
    const p = read(one)
    return p === undefined ? [] : [{ index, p }]
  })
  const corrected = adjustPValues(
    indexed.map(({ p }) => p),
    policy.correction,
  )
  const values = new Array<number | undefined>(drafts.length).fill(undefined)
  indexed.forEach(({ index }, k) => {
    values[index] = corrected[k]
  })
  return { values, family: indexed.length }
}

interface Adjusted {
  readonly test: number | undefined
  readonly claim: number | undefined
  readonly family: number
}

function concludeOne(request: DecisionRequest, one: Draft, corrected: Adjusted): Check {
  const { check, measurement } = one
  const judged = judge(request, one, corrected)
  return {
    id: check.id,
    metric: check.rule.metric,
    slice: check.slice,
    level: check.rule.level ?? 'fail',
    n: one.n,
    candidate: measurement?.candidate ?? null,
    baseline: measurement?.baseline ?? null,
    difference: measurement?.difference ?? null,
    interval: measurement?.finding.evidence?.interval ?? null,
    test: testOf(one.test, corrected.test),
    claim: claimOf(one.claim, corrected.claim),
    rule: ruleAsWritten(check.rule),
    status: judged.status,
    direction: directionOf(check.metric, measurement),
    reason: judged.reason,
    ...(judged.status === 'inconclusive' ? { neededExamples: judged.needed ?? null } : {}),
  }
}

interface Conclusion {
  readonly status: CheckStatus
  readonly reason: string
  readonly needed?: number | undefined
}

function judge(request: DecisionRequest, one: Draft, corrected: Adjusted): Conclusion {
  const { check, measurement } = one
  const { metric, bound } = check
  if (measurement === undefined) {
    return {
      status: 'skipped',
      reason: `the slice has ${countText(one.n)} examples, too few to judge: it is not part of the decision.`,
    }
  }
  const { evidence, reason } = measurement.finding
  const estimate = estimateOf(bound, measurement)
  const byValue = one.pointOf !== undefined && estimate !== undefined
  if (evidence === undefined && !byValue) {
    const end = one.pointOf === undefined ? '' : '; no uncertainty available'
    return { status: 'inconclusive', reason: `${metric.name} cannot be judged: ${reason}${end}.` }
  }
  const size = sizeOf(bound, metric.range, measurement)
  const byEstimate = evidence === undefined || check.rule.evidence === 'estimate'
  const position = byEstimate ? undefined : positionOf(bound, evidence.interval, size)
  const significant = (corrected.claim ?? 1) < 1 - request.policy.confidence
  const meetsBound = estimate !== undefined && meets(bound, estimate, size)
  const status = statusOf({ position, meetsBound, significant })
  const settling = status === 'inconclusive' ? settlingOf(one, estimate) : undefined
  const judged: Judged = {
    metric,
    bound,
    measurement,
    position,
    meetsBound,
    claim: { adjustedPValue: corrected.claim ?? 1, family: corrected.family },
    correction: request.policy.correction,
    significant,
    pointOf: one.pointOf,
    settling,
    resting: one.resting,
    columns: request.columns,
  }
  return { status, reason: reasonOf(judged), needed: settling?.needed }
}

function statusOf(found: {
  readonly position: Position | undefined
  readonly meetsBound: boolean
  readonly significant: boolean
}): CheckStatus {
  if (found.position === undefined) return found.meetsBound ? 'pass' : 'fail'
  if (found.position === 'inside') return 'pass'
  return found.position === 'outside' && found.significant ? 'fail' : 'inconclusive'
}

function testOf(test: BoundaryTest | undefined, corrected: number | undefined): CheckTest | null {
  if (test === undefined || corrected === undefined) return null
  const { name, pValue } = test
  // Of numbers near the end of what can be computed with it may be infinite, which no JSON holds.
  const statistic = Number.isFinite(test.statistic) ? test.statistic : null
  return { name, statistic, pValue, adjustedPValue: corrected }
}

function claimOf(claim: Claim | undefined, corrected: number | undefined): FailClaim | null {
  if (claim === undefined || corrected === undefined) return null
  return { ...claim, adjustedPValue: corrected }
}

const NOT_PART = new Set(['metric', 'level', 'slices'])

function ruleAsWritten(rule: GateRule): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(rule).filter(([key, value]) => value !== undefined && !NOT_PART.has(key)),
  )
}

/** Fail-level checks decide; a warn-level check that does not pass makes a pass a warning. */
function decisionOf(checks: readonly Check[]): Decision {
  return worst(checks.map(decisionOfCheck))
}

function decisionOfCheck(check: Check): Decision {
  if (check.status === 'skipped' || check.status === 'pass') return 'pass'
  return check.level === 'warn' ? 'warn' : check.status
}
