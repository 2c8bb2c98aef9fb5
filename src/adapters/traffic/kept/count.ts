import {
  type Counters,
  type MirrorCounters,
  NO_MIRROR,
  type Reading,
} from '../../../domain/rollout/observation.js'
import type { Sample } from '../../../domain/rollout/quality.js'
import type { Gained, Signals, VersionNames } from '../../../ports/signals.js'
import type { BothRoles, Roles } from '../../../ports/splitter.js'
import { jsonOf } from '../json-text.js'
import type { SeenNames } from './seen-names.js'

/** Sums of what signals say about one stretch of time after another, at one weight. */
export interface Count {
  /** Counts from now on: what came before belongs to other weights. */
  restart(roles: BothRoles): Promise<void>
  /**
   * Goes on where an earlier run's cursor left it, so that what users met between the runs is counted, too; counts from now on
   * where signals know no past, or the cursor is none of ours. Once it counts, it does not go back.
   */
  resume(roles: BothRoles, cursor: string): Promise<void>
  /** Counts what has become whole since the last reading, at the weight that the canary has. */
  read(roles: Roles, weight: number): Promise<Counted>
}

export interface Counted {
  readonly reading: Omit<Reading, 'canaryReachable'>
  readonly samples: readonly Sample[]
  readonly cursor: string
  /** What the signals remarked. */
  readonly warnings: readonly string[]
}

export interface CountOptions {
  readonly signals: Signals | undefined
  readonly names: Pick<SeenNames, 'of'>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Counts from now on. A stretch that signals cannot tell starts a new epoch: what follows is not compared across it. */
export function createCount({ signals, names, now }: CountOptions): Count {
  const step = signals?.stepMs ?? 1
  let count = freshCount(now(), step)
  let counts = false
  const answer = (gained?: Gained): Counted => ({
    reading: {
      ...count.sums,
      epoch: `${count.began}.${count.epoch}`,
      at: new Date(count.from).toISOString(),
      latencyBounds: count.bounds,
    },
    samples: gained?.samples ?? [],
    warnings: gained?.warnings ?? [],
    cursor: JSON.stringify(count),
  })
  const restart = async (roles: BothRoles) => {
    const seen = names.of(roles)
    await signals?.mark?.(seen)
    count = { ...count, from: nextStep(now(), step), seenAs: textOf(seen) }
    counts = true
  }
  return {
    restart,
    resume: async (roles, cursor) => {
      if (counts) return
      const kept = signals?.mark === undefined ? countIn(cursor) : undefined
      if (kept === undefined) return restart(roles)
      count = kept
      counts = true
    },
    read: async ({ stable, canary }, weight) => {
      const to = Math.floor((now() - (signals?.lagMs ?? 0)) / step) * step
      if (signals === undefined || canary === undefined || to <= count.from) return answer()
      const seen = names.of({ stable, canary })
      const seenAs = textOf(seen)
      const stretch = { from: count.from, to, ...seen, copiesOnly: weight === 0 }
      // Where a version was called one thing and then another, neither name has all of the stretch.
      const isWhole = count.seenAs === undefined || count.seenAs === seenAs
      const gained = isWhole ? await signals.between(stretch) : undefined
      count = afterStretch({ ...count, from: to, seenAs }, gained)
      return answer(gained)
    },
  }
}

/** All that a count is: plain JSON, which a later run goes on with. */
interface CountState {
  readonly began: number
  readonly epoch: number
  /** Milliseconds since 1970: what is counted ends here. */
  readonly from: number
  readonly hasCounted: boolean
  readonly bounds: readonly number[]
  readonly sums: Counters
  /** What signals called the versions; undefined before they were asked. */
  readonly seenAs?: string | undefined
}

function textOf({ stable, canary }: VersionNames): string {
  return JSON.stringify([stable, canary])
}

function freshCount(began: number, step: number): CountState {
  const from = nextStep(began, step)
  return { began, epoch: 0, from, hasCounted: false, bounds: [], sums: nothing(1) }
}

function afterStretch(count: CountState, gained: Gained | undefined): CountState {
  if (gained === undefined) return anew({ ...count, hasCounted: true })
  const bounds = gained.latencyBounds
  const comparable = sameBounds(count.bounds, gained) ? count : anew({ ...count, bounds })
  return { ...comparable, hasCounted: true, sums: added(comparable.sums, gained.counters) }
}

function anew(count: CountState): CountState {
  const epoch = count.hasCounted ? count.epoch + 1 : count.epoch
  return { ...count, epoch, hasCounted: false, sums: nothing(count.bounds.length + 1) }
}

/** The count that a cursor holds; undefined where it is none. */
function countIn(cursor: string): CountState | undefined {
  const kept = jsonOf(cursor)
  if (typeof kept !== 'object' || kept === null || !('sums' in kept)) return undefined
  const { began, epoch, from } = kept as Partial<CountState>
  const whole = [began, epoch, from].every((value) => Number.isSafeInteger(value))
  // Written by ourselves into the record that only we may write.
  return whole ? (kept as CountState) : undefined
}

/** The first period that begins at a time or after it: an earlier one holds what was before. */
export function nextStep(time: number, step: number): number {
  return Math.ceil(time / step) * step
}

function sameBounds(bounds: readonly number[], { latencyBounds }: Gained): boolean {
  return (
    bounds.length === latencyBounds.length && bounds.every((bound, i) => bound === latencyBounds[i])
  )
}

function nothing(buckets: number): Counters {
  const arm = () => ({
    assigned: 0,
    requests: 0,
    errors: 0,
    unreachable: 0,
    latency: new Array<number>(buckets).fill(0),
  })
  return {
    stable: arm(),
    canary: arm(),
    mirror: NO_MIRROR,
  }
}

function added(a: Counters, b: Counters): Counters {
  const arm = (x: Counters['canary'], y: Counters['canary']) => ({
    assigned: x.assigned + y.assigned,
    requests: x.requests + y.requests,
    errors: x.errors + y.errors,
    unreachable: x.unreachable + y.unreachable,
    // A stretch that does not know it starts it anew.
    ...(y.rejected === undefined ? {} : { rejected: (x.rejected ?? 0) + y.rejected }),
    latency: x.latency.map((count, i) => count + (y.latency[i] ?? 0)),
  })
  return {
    stable: arm(a.stable, b.stable),
    canary: arm(a.canary, b.canary),
    mirror: {
      agree: a.mirror.agree + b.mirror.agree,
      disagree: a.mirror.disagree + b.mirror.disagree,
      canaryOnlyErrors: a.mirror.canaryOnlyErrors + b.mirror.canaryOnlyErrors,
      stableOnlyErrors: a.mirror.stableOnlyErrors + b.mirror.stableOnlyErrors,
      discarded: a.mirror.discarded + b.mirror.discarded,
      ...slowOf(a.mirror, b.mirror),
    },
  }
}

/** A stretch that does not compare times starts them anew. */
function slowOf(a: MirrorCounters, b: MirrorCounters): Partial<MirrorCounters> {
  if (b.canaryOnlySlow === undefined || b.stableOnlySlow === undefined) return {}
  return {
    canaryOnlySlow: (a.canaryOnlySlow ?? 0) + b.canaryOnlySlow,
    stableOnlySlow: (a.stableOnlySlow ?? 0) + b.stableOnlySlow,
  }
}
