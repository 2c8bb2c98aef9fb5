import type { ArmCounters, MirrorCounters } from '../../../domain/rollout/observation.js'

/** Upper bounds of the latency buckets, milliseconds. */
export const LATENCY_BOUNDS: readonly number[] = [
  1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000,
  5000, 10_000, 30_000,
]

/** How a request of a user ended. */
export type ResultClass = '2xx' | '3xx' | '4xx' | '5xx' | 'refused' | 'timeout'

export interface VersionCounts {
  assigned: number
  readonly classes: Record<ResultClass, number>
  readonly latency: number[]
}

export interface CounterBook {
  readonly versions: ReadonlyMap<string, VersionCounts>
  readonly mirror: { -readonly [K in keyof MirrorCounters]: number }
  assign(version: string): void
  finish(version: string, result: ResultClass, milliseconds: number): void
  /** All zeros for a version never met. */
  arm(version: string | undefined): ArmCounters
}

/** Counts by version since this process started; `onFinish` is told of every request of a user. */
export function createCounters(
  onFinish: (version: string, milliseconds: number) => void,
): CounterBook {
  const versions = new Map<string, VersionCounts>()
  const of = (version: string) => {
    const known = versions.get(version)
    if (known !== undefined) return known
    const fresh = emptyCounts()
    versions.set(version, fresh)
    return fresh
  }
  return {
    versions,
    mirror: {
      agree: 0,
      disagree: 0,
      canaryOnlyErrors: 0,
      stableOnlyErrors: 0,
      canaryOnlySlow: 0,
      stableOnlySlow: 0,
      discarded: 0,
    },
    assign(version) {
      of(version).assigned += 1
    },
    finish(version, result, milliseconds) {
      const counts = of(version)
      counts.classes[result] += 1
      const bucket = LATENCY_BOUNDS.findIndex((bound) => milliseconds <= bound)
      const index = bucket === -1 ? LATENCY_BOUNDS.length : bucket
      counts.latency[index] = (counts.latency[index] ?? 0) + 1
      onFinish(version, milliseconds)
    },
    arm: (version) => toArm(version === undefined ? undefined : versions.get(version)),
  }
}

/** The class of a status code. */
export function classOf(status: number): ResultClass {
  if (status >= 500) return '5xx'
  if (status >= 400) return '4xx'
  return status >= 300 ? '3xx' : '2xx'
}

function emptyCounts(): VersionCounts {
  return {
    assigned: 0,
    classes: { '2xx': 0, '3xx': 0, '4xx': 0, '5xx': 0, refused: 0, timeout: 0 },
    latency: new Array<number>(LATENCY_BOUNDS.length + 1).fill(0),
  }
}

function toArm(counts: VersionCounts = emptyCounts()): ArmCounters {
  const { classes } = counts
  const unreachable = classes.refused + classes.timeout
  const answered = classes['2xx'] + classes['3xx'] + classes['4xx'] + classes['5xx']
  return {
    assigned: counts.assigned,
    requests: answered + unreachable,
    errors: classes['5xx'] + unreachable,
    unreachable,
    rejected: classes['4xx'],
    latency: [...counts.latency],
  }
}
