import type { IntervalCounts } from '../stats/interval-counts.js'
import type { DiscordantPairs } from '../stats/sign-e-process.js'
import type { MeanInterval } from '../stats/stratified-normal-mixture.js'

/** What one version did, counted by the target since it started counting; or, between two looks, in an interval. */
export interface ArmCounters {
  /** Requests that the weights gave to this version: what the sample-ratio check compares. */
  readonly assigned: number
  /** Requests of users that this version finished, well or not. */
  readonly requests: number
  /** Of those: answered 5xx, or not answered (refused, reset, timed out). */
  readonly errors: number
  /** Of those: never answered. */
  readonly unreachable: number
  /** Of those: answered 4xx; undefined where that is not counted. */
  readonly rejected?: number | undefined
  /** Finished requests by latency; one more than the bounds, the last beyond them all. */
  readonly latency: readonly number[]
}

/** Requests that both versions were given, compared answer by answer. */
export interface MirrorCounters {
  readonly agree: number
  readonly disagree: number
  readonly canaryOnlyErrors: number
  readonly stableOnlyErrors: number
  /** Answered well by both, and slower than the bound by one alone; undefined where times are not compared. */
  readonly canaryOnlySlow?: number | undefined
  readonly stableOnlySlow?: number | undefined
  /** Not mirrored, because too many were under way or the body was too large: never an error. */
  readonly discarded: number
}

/** Where nothing is mirrored, or nobody compares. */
export const NO_MIRROR: MirrorCounters = {
  agree: 0,
  disagree: 0,
  canaryOnlyErrors: 0,
  stableOnlyErrors: 0,
  discarded: 0,
}

export interface Counters {
  readonly stable: ArmCounters
  readonly canary: ArmCounters
  readonly mirror: MirrorCounters
}

/** A reading of a target's counters, which only grow while `epoch` stays the same. */
export interface Reading extends Counters {
  /** Changes when the target starts counting anew (a restart): readings across it are not compared. */
  readonly epoch: string
  /** ISO 8601. */
  readonly at: string
  /** Upper bounds of the latency buckets, milliseconds, ascending. */
  readonly latencyBounds: readonly number[]
  readonly canaryReachable: boolean
}

/** Wrong predictions among labelled requests of one interval, overall or in a slice. */
export interface QualityCounts {
  /** undefined: all requests. Otherwise `column=value`. */
  readonly slice: string | undefined
  readonly counts: IntervalCounts
  /** Requests that both versions answered (mirrored), where just one was wrong. */
  readonly pairs: DiscordantPairs
}

/** What was seen between two looks, at one weight. */
export interface Interval extends Counters {
  readonly step: number
  /** Share of users' requests for the canary, in percent. */
  readonly weight: number
  readonly startedAt: string
  readonly endedAt: string
  readonly latencyBounds: readonly number[]
  readonly canaryReachable: boolean
  /** Why the target, or a probe, has taken the canary out of service. */
  readonly ejected?: string | undefined
  readonly quality: readonly QualityCounts[]
  /** Logarithms of single answers' milliseconds, where their times are known. */
  readonly logLatency?: MeanInterval | undefined
}

/**
 * The counters gained from one reading to the next. undefined where the target restarted or any counter went down:
 * such an interval is dropped, since what happened in it is not known.
 */
export function countersBetween(before: Reading, after: Reading): Counters | undefined {
  if (before.epoch !== after.epoch) return undefined
  const stable = armBetween(before.stable, after.stable)
  const canary = armBetween(before.canary, after.canary)
  const mirror = mirrorBetween(before.mirror, after.mirror)
  const gains = [...armNumbers(stable), ...armNumbers(canary), ...mirrorNumbers(mirror)]
  return gains.every((gain) => gain >= 0) ? { stable, canary, mirror } : undefined
}

function armBetween(before: ArmCounters, after: ArmCounters): ArmCounters {
  return {
    assigned: after.assigned - before.assigned,
    requests: after.requests - before.requests,
    errors: after.errors - before.errors,
    unreachable: after.unreachable - before.unreachable,
    ...rejectedBetween(before, after),
    latency: after.latency.map((count, i) => count - (before.latency[i] ?? 0)),
  }
}

function rejectedBetween(before: ArmCounters, after: ArmCounters): Pick<ArmCounters, 'rejected'> {
  if (before.rejected === undefined || after.rejected === undefined) return {}
  return { rejected: after.rejected - before.rejected }
}

function mirrorBetween(before: MirrorCounters, after: MirrorCounters): MirrorCounters {
  return {
    agree: after.agree - before.agree,
    disagree: after.disagree - before.disagree,
    canaryOnlyErrors: after.canaryOnlyErrors - before.canaryOnlyErrors,
    stableOnlyErrors: after.stableOnlyErrors - before.stableOnlyErrors,
    discarded: after.discarded - before.discarded,
    ...slowBetween(before, after),
  }
}

function slowBetween(before: MirrorCounters, after: MirrorCounters): Partial<MirrorCounters> {
  if (after.canaryOnlySlow === undefined || after.stableOnlySlow === undefined) return {}
  // A count of nothing yet may not have said so.
  const { canaryOnlySlow = 0, stableOnlySlow = 0 } = before
  return {
    canaryOnlySlow: after.canaryOnlySlow - canaryOnlySlow,
    stableOnlySlow: after.stableOnlySlow - stableOnlySlow,
  }
}

function mirrorNumbers(mirror: MirrorCounters): number[] {
  return Object.values<number | undefined>({ ...mirror }).map((gain = 0) => gain)
}

function armNumbers(arm: ArmCounters): number[] {
  const { assigned, requests, errors, unreachable, rejected = 0, latency } = arm
  return [assigned, requests, errors, unreachable, rejected, ...latency]
}

/**
 * Finished requests slower than a bound, by the histogram: the bound is rounded up to the next bucket's, so that no
 * request inside it is counted as slow.
 */
export function slowerThan(
  arm: ArmCounters,
  bounds: readonly number[],
  milliseconds: number,
): number {
  let slow = 0
  const first = bounds.findIndex((bound) => bound >= milliseconds)
  if (first === -1) return arm.latency[bounds.length] ?? 0
  for (let i = first + 1; i < arm.latency.length; i++) slow += arm.latency[i] ?? 0
  return slow
}
