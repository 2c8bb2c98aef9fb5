import { type Decision, worst } from '../decision.js'
import { columnOf } from '../metrics/column.js'
import { adjustPValues } from '../stats/multiplicity.js'
import { createRandom, type RandomSource } from '../stats/random.js'
import { estimateOf, meets, neutralOf, type Position, positionOf } from './bound.js'
import { type Claim, failClaim } from './claim.js'
import type { BoundaryTest } from './evidence.js'
import { type GateExamples, pairOf } from './examples.js'
import { type Measurement, measure } from './measure.js'
import { type PlannedCheck, planChecks } from './plan.js'
import type { GatePolicy, GateRule } from './policy.js'
import { directionOf, reasonOf } from './reason.js'
import type { Check, CheckStatus, CheckTest, FailClaim, VerdictBody } from './verdict.js'
import { countText } from './wording.js'

/**
 * The gate's decision: every rule on all examples and on its slices, by confidence interval. All of the interval inside the
 * rule is `pass`, all of it outside is `fail` if the correction over all checks leaves it significant, and anything
 * else is `inconclusive`; so are metrics without a value. Rules of level `warn` give `warn` at most.
 * The policy and the examples must have passed `policyProblems` and `examplesProblems`.
 */
export function decideGate(
  policy: GatePolicy,
  examples: GateExamples,
  random: RandomSource,
): VerdictBody {
  const plan = planChecks(policy, examples)
  // Each check has its own generator, so that no rule's resamples depend on which other rules there are.
  const base = random.below(2 ** 31)
  const drafts = plan.checks.map((check) =>
    draft(policy, { check, examples, random: createRandom(base ^ hashOf(check.id)) }),
  )
  const checks = conclude(policy, drafts)
  return {
    decision: decisionOf(checks),
    task: policy.task,
    samples: examples.samples,
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

/** A check that is measured and not yet concluded, since that takes the p-values of all. */
interface Draft {
  readonly check: PlannedCheck
  readonly n: number
  readonly measurement: Measurement | undefined
  readonly test: BoundaryTest | undefined
  readonly claim: Claim | undefined
}

interface DraftRequest {
  readonly check: PlannedCheck
  readonly examples: GateExamples
  readonly random: RandomSource
}

function draft(policy: GatePolicy, request: DraftRequest): Draft {
  const { check, examples, random } = request
  const { rule, metric, bound, rows } = check
  const n = rows?.length ?? examples.n
  const nothing = { check, n, measurement: undefined, test: undefined, claim: undefined }
  if (check.tooSmall) return nothing
  const pair = pairOf(examples, { rows, group: rule.group, column: columnOf(rule.metric) })
  const options = { average: rule.average }
  const level = policy.confidence
  const measurement = measure({ metric, options, pair, of: bound.of, level, random })
  const { evidence } = measurement.finding
  if (evidence === undefined) return { ...nothing, measurement }
  const test = evidence.testAt(neutralOf(bound))
  return { check, n: measurement.n, measurement, test, claim: failClaim(bound, evidence) }
}

function conclude(policy: GatePolicy, drafts: readonly Draft[]): Check[] {
  const tests = adjusted(policy, drafts, (one) => one.test?.pValue)
  const claims = adjusted(policy, drafts, (one) => one.claim?.pValue)
  return drafts.map((one, index) => {
    const test = tests.values[index]
    const claim = claims.values[index]
    return concludeOne(policy, one, { test, claim, family: claims.family })
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

function concludeOne(policy: GatePolicy, one: Draft, corrected: Adjusted): Check {
  const { check, measurement } = one
  const judged = judge(policy, one, corrected)
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
    direction: directionOf(check.metric, measurement?.difference),
    reason: judged.reason,
  }
}

interface Conclusion {
  readonly status: CheckStatus
  readonly reason: string
}

function judge(policy: GatePolicy, one: Draft, corrected: Adjusted): Conclusion {
  const { check, measurement } = one
  const { metric, rule } = check
  if (measurement === undefined) {
    return {
      status: 'skipped',
      reason: `the slice has ${countText(one.n)} examples, too few to judge: it is not part of the decision.`,
    }
  }
  const { evidence, reason } = measurement.finding
  if (evidence === undefined) {
    return { status: 'inconclusive', reason: `${metric.name} cannot be judged: ${reason}.` }
  }
  const byEstimate = rule.evidence === 'estimate'
  const estimate = estimateOf(check.bound, measurement)
  const { low, high } = evidence.interval
  const position = byEstimate ? undefined : positionOf(check.bound, low, high)
  const significant = (corrected.claim ?? 1) < 1 - policy.confidence
  const meetsBound = estimate !== undefined && meets(check.bound, estimate)
  const claim = { adjustedPValue: corrected.claim ?? 1, family: corrected.family }
  const { bound } = check
  const { correction } = policy
  const judged = {
    metric,
    bound,
    measurement,
    position,
    meetsBound,
    claim,
    correction,
    significant,
  }
  return { status: statusOf({ position, meetsBound, significant }), reason: reasonOf(judged) }
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
  const { name, statistic, pValue } = test
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
