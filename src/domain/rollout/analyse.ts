import type { IntervalCounts } from '../stats/interval-counts.js'
import type { DiscordantPairs } from '../stats/sign-e-process.js'
import type { AnalysisRow } from './analysis.js'
import { combineByMean } from './combine.js'
import type { Levels } from './evidence.js'
import { type Interval, slowerThan } from './observation.js'
import {
  isSoak,
  type MetricPolicy,
  type RatioMetric,
  type RolloutPolicy,
  stagesOf,
} from './policy.js'
import { createDisagreementRow } from './rows/disagreement.js'
import { createLogLatencyRow } from './rows/log-latency.js'
import { createPairRow } from './rows/paired.js'
import { createRatioRow } from './rows/ratio.js'
import type { RowEvidence, RowState } from './rows/row.js'
import { createSoakRow } from './rows/soak.js'
import { type Tally, tallied } from './tally.js'

/** All that a rollout has found out: plain JSON, as much after a month as after a minute. */
export interface RolloutEvidence {
  /** One a metric and slice, in the order of the policy. */
  readonly rows: readonly RowState[]
  readonly tally: Tally | null
}

export const NO_EVIDENCE: RolloutEvidence = { rows: [], tally: null }

/** The evidence after one more interval. Throws RangeError on evidence of another policy. */
export function gather(
  policy: RolloutPolicy,
  { rows, tally }: RolloutEvidence,
  interval: Interval,
): RolloutEvidence {
  const open = openRows(policy, rows)
  for (const row of open) row.update(interval)
  return { rows: open.map(({ state }) => state), tally: tallied(tally ?? undefined, interval) }
}

/** What the evidence says: one row a metric and slice; while the canary soaks, against stable's record. */
export function analyse(policy: RolloutPolicy, { rows, tally }: RolloutEvidence): AnalysisRow[] {
  const soaking = tally !== null && isSoak(policy, tally.stage)
  const looks = openRows(policy, rows).map((row) => row.look())
  const compared = looks.filter(({ method }) => isOfSoak(method) === soaking)
  return policy.combine === 'mean' ? combineByMean(compared, policy.alpha) : compared
}

/** Stable's record so far: the rows that the canary will be held to once it has all users. */
export function recordsOf(policy: RolloutPolicy, { rows }: RolloutEvidence): AnalysisRow[] {
  const looks = openRows(policy, rows).map((row) => row.look())
  return looks.filter(({ method }) => isOfSoak(method))
}

function isOfSoak(method: string): boolean {
  return method.startsWith('soak-')
}

/** How many tests may each roll back: alpha is shared among them. The judges of others have no alpha. */
export function countGuards(policy: RolloutPolicy): number {
  let guards = 0
  for (const metric of policy.metrics) {
    if (metric.role === 'promote') continue
    if ('method' in metric && ['kayenta', 'threshold'].includes(metric.method)) continue
    guards += metric.metric === 'quality' ? 1 + metric.slices.length : 1
  }
  return guards
}

function openRows(policy: RolloutPolicy, states: readonly RowState[]): RowEvidence[] {
  const makers = makersOf(policy)
  if (states.length > 0 && states.length !== makers.length) {
    throw new RangeError(`${makers.length} rows of evidence were expected, not ${states.length}`)
  }
  return makers.map((make, i) => make(states[i]))
}

type Make = (state: RowState | undefined) => RowEvidence

function makersOf(policy: RolloutPolicy): Make[] {
  const levels = {
    alpha: policy.alpha,
    rollbackAt: Math.max(1, countGuards(policy)) / policy.alpha,
    promoteAt: 1 / policy.alpha,
  }
  const compared = policy.metrics.flatMap((metric) => comparedRows(metric, policy, levels))
  if (!stagesOf(policy).includes(100)) return compared
  return [...compared, ...policy.metrics.flatMap((metric) => soakRows(metric, levels))]
}

function soakRows(metric: MetricPolicy, levels: Levels): Make[] {
  if (metric.metric === 'disagreement' || metric.role === 'promote') return []
  const countsOf = countsOfMetric(metric, null)
  return [(state) => createSoakRow({ metric, levels, countsOf }, ofKind(state, 'soak'))]
}

function comparedRows(metric: MetricPolicy, policy: RolloutPolicy, levels: Levels): Make[] {
  if (metric.metric === 'disagreement') {
    return [(state) => createDisagreementRow(metric, levels, ofKind(state, 'disagreement'))]
  }
  if (metric.metric === 'latency' && metric.of === 'log-mean') {
    return [(state) => createLogLatencyRow(metric, levels, ofKind(state, 'log-latency'))]
  }
  const slices = metric.metric === 'quality' ? [null, ...metric.slices] : [null]
  return slices.map((slice) => {
    const pairsOf = pairsOfMetric(metric, policy, slice)
    const atMost = metric.metric === 'error-rate' ? metric.atMost : undefined
    if (pairsOf !== undefined) {
      const row = { metric, slice, levels, pairsOf, atMost }
      return (state) => createPairRow(row, ofKind(state, 'pairs'))
    }
    const countsOf = countsOfMetric(metric, slice)
    return (state) =>
      createRatioRow({ metric, slice, levels, countsOf, atMost }, ofKind(state, 'ratio'))
  })
}

function ofKind<Kind extends RowState['kind']>(
  state: RowState | undefined,
  kind: Kind,
): Extract<RowState, { readonly kind: Kind }> | undefined {
  if (state === undefined) return undefined
  if (state.kind === kind) return state as Extract<RowState, { readonly kind: Kind }>
  throw new RangeError(`evidence of ${kind} was expected, not of ${state.kind}`)
}

/** Where both versions answer every request, each request judges both: far fewer of them are needed. */
function pairsOfMetric(metric: RatioMetric, policy: RolloutPolicy, slice: string | null) {
  if (policy.mode === 'shadow' && metric.unpaired !== true) {
    if (metric.metric === 'error-rate') return failedByOne
    if (metric.metric === 'latency') return slowByOne
  }
  if (metric.metric !== 'quality') return undefined
  if (policy.mode !== 'shadow' && policy.mirror < 100) return undefined
  return (interval: Interval) => qualityOf(interval, slice).map(({ pairs }) => pairs)
}

function failedByOne({ mirror }: Interval): DiscordantPairs[] {
  return [{ canaryOnly: mirror.canaryOnlyErrors, stableOnly: mirror.stableOnlyErrors }]
}

function slowByOne({ mirror }: Interval): DiscordantPairs[] {
  const { canaryOnlySlow = 0, stableOnlySlow = 0 } = mirror
  return [{ canaryOnly: canaryOnlySlow, stableOnly: stableOnlySlow }]
}

function countsOfMetric(
  metric: RatioMetric,
  slice: string | null,
): (interval: Interval) => readonly IntervalCounts[] {
  switch (metric.metric) {
    case 'error-rate':
      return ({ canary, stable }) => [
        {
          canary: { n: canary.requests, events: canary.errors },
          stable: { n: stable.requests, events: stable.errors },
        },
      ]
    case 'rejection-rate':
      return rejectedPair
    case 'latency':
      return (interval) => [slowPair(interval, metric.overMilliseconds)]
    case 'quality':
      return (interval) => qualityOf(interval, slice).map(({ counts }) => counts)
  }
}

/** Of the intervals in which it was counted. */
function rejectedPair({ canary, stable }: Interval): readonly IntervalCounts[] {
  if (canary.rejected === undefined || stable.rejected === undefined) return []
  return [
    {
      canary: { n: canary.requests, events: canary.rejected },
      stable: { n: stable.requests, events: stable.rejected },
    },
  ]
}

function qualityOf({ quality }: Interval, slice: string | null) {
  return quality.filter((found) => (found.slice ?? null) === slice)
}

/** Of the requests whose time is known: a histogram may know fewer than were finished. */
function slowPair(
  { canary, stable, latencyBounds }: Interval,
  milliseconds: number,
): IntervalCounts {
  const counts = (arm: Interval['canary']) => ({
    n: arm.latency.reduce((sum, count) => sum + count, 0),
    events: slowerThan(arm, latencyBounds, milliseconds),
  })
  return { canary: counts(canary), stable: counts(stable) }
}
