import type { Pairs } from '../../../domain/rollout/compared-answers.js'
import type { ArmCounters, MirrorCounters } from '../../../domain/rollout/observation.js'
import type { Sample } from '../../../domain/rollout/quality.js'
import type { Gained } from '../../../ports/signals.js'
import { createNewest } from './newest.js'
import type { LogRecord } from './record.js'
import type { RoleOf } from './versions.js'

/** The counts of one stretch of a log, while it is read. */
export interface Tally {
  add(record: LogRecord): void
  /** A line, row or message that could not be read. */
  addBad(): void
  readonly seen: Readonly<Seen>
  gained(warnings: readonly string[]): Gained
}

export interface TallyOptions {
  readonly roleOf: RoleOf
  /** Answers dated before this belong to other weights. Milliseconds since 1970. */
  readonly notBefore: number
  /** Whether answers without a date count: where it is known that they came after the weights were set. */
  readonly takesUndated: boolean
  /** Answers dated after this are told of. */
  readonly notAfter: number
  /** Upper bounds of the latency buckets; none where the log does not say how long anything took. */
  readonly bounds: readonly number[]
  /** Whether the log says which requests were answered 4xx. */
  readonly countsRejected: boolean
  readonly pairs: Pairs
  /** Whether the canary answered no user: its answers are copies, also where a log does not say so. */
  readonly copiesOnly?: boolean | undefined
}

/** As many as wait for their labels at most. */
const MOST_SAMPLES = 200_000

/** Foreign names that are told. */
const MOST_NAMES = 5

export function createTally(options: TallyOptions): Tally {
  const { roleOf, bounds, pairs } = options
  const arms = { stable: emptyArm(options), canary: emptyArm(options) }
  const mirror = noPairs(pairs)
  const samples = createNewest<Sample>(MOST_SAMPLES)
  const seen: Seen = {
    ours: 0,
    others: 0,
    bad: 0,
    ahead: 0,
    answers: 0,
    timed: 0,
    names: new Set(),
  }
  return {
    add(record) {
      const version = roleOf(record.version)
      if (version === undefined) {
        noteOther(seen, record.version)
        return
      }
      seen.ours += 1
      if (isEarlier(record, options)) return
      if ((record.time ?? 0) > options.notAfter) seen.ahead += 1
      const mirrored = isCopy(version, record, options)
      if (mirrored !== true) countAnswer(arms[version], record, { bounds, seen })
      countPair(mirror, pairs.add(version, { ...record, mirrored }))
      const { id, latencyMs, prediction } = record
      if (id === undefined && latencyMs === undefined) return
      // Without an id no label is found; how long it took counts all the same.
      samples.add({
        requestId: id ?? '',
        version,
        mirrored: mirrored === true,
        prediction,
        latencyMs,
      })
    },
    addBad() {
      seen.bad += 1
    },
    seen,
    gained: (warnings) => ({
      counters: { ...arms, mirror },
      latencyBounds: bounds,
      samples: samples.list(),
      warnings: [...warnings, ...remarks(seen, samples.lost)],
    }),
  }
}

type PairCounts = { -readonly [Key in keyof MirrorCounters]: number }

function countPair(counts: PairCounts, outcomes: ReturnType<Pairs['add']>): void {
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
}

function noPairs({ comparesTimes }: Pairs): PairCounts {
  const mirror = { agree: 0, disagree: 0, canaryOnlyErrors: 0, stableOnlyErrors: 0, discarded: 0 }
  return comparesTimes ? { ...mirror, canaryOnlySlow: 0, stableOnlySlow: 0 } : mirror
}

function isCopy(
  role: 'stable' | 'canary',
  { mirrored }: LogRecord,
  { copiesOnly }: TallyOptions,
): boolean | undefined {
  return mirrored ?? (copiesOnly === true ? role === 'canary' : undefined)
}

function isEarlier({ time }: LogRecord, { notBefore, takesUndated }: TallyOptions): boolean {
  return time === undefined ? !takesUndated : time < notBefore
}

interface Arm extends ArmCounters {
  assigned: number
  requests: number
  errors: number
  rejected?: number
  readonly latency: number[]
}

function emptyArm({ bounds, countsRejected }: TallyOptions): Arm {
  const latency = new Array<number>(bounds.length + 1).fill(0)
  const arm = { assigned: 0, requests: 0, errors: 0, unreachable: 0, latency }
  return countsRejected ? { ...arm, rejected: 0 } : arm
}

interface Counting {
  readonly bounds: readonly number[]
  readonly seen: Seen
}

function countAnswer(arm: Arm, record: LogRecord, { bounds, seen }: Counting): void {
  arm.assigned += 1
  arm.requests += 1
  if (record.isError) arm.errors += 1
  if (record.isRejected && arm.rejected !== undefined) arm.rejected += 1
  const { latencyMs } = record
  seen.answers += 1
  if (latencyMs === undefined) return
  seen.timed += 1
  let bucket = 0
  while (bucket < bounds.length && latencyMs > (bounds[bucket] ?? 0)) bucket++
  arm.latency[bucket] = (arm.latency[bucket] ?? 0) + 1
}

export interface Seen {
  /** Records of either version, of whatever date. */
  ours: number
  others: number
  bad: number
  ahead: number
  /** Answers to users that count, and those of them of which it is known how long they took. */
  answers: number
  timed: number
  readonly names: Set<string>
}

function noteOther(seen: Seen, version: string): void {
  seen.others += 1
  if (seen.names.size < MOST_NAMES) seen.names.add(version.slice(0, 100))
}

function remarks({ bad, others, ahead, names }: Seen, lost: number): string[] {
  const found: string[] = []
  if (bad > 0) found.push(`${bad} records could not be read and are not counted.`)
  if (others > 0) {
    const list = [...names].map((name) => JSON.stringify(name)).join(', ')
    found.push(`${others} records are of other versions (${list}) and are not counted.`)
  }
  if (ahead > 0) found.push(`${ahead} records are dated later than now: the clocks differ.`)
  if (lost > 0) found.push(`${lost} of the older predictions are too many to be kept for labels.`)
  return found
}
