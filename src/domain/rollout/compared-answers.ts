import type { MirrorCounters } from './observation.js'
import { createRecent } from './recent.js'

type Role = 'stable' | 'canary'

/** How the answers of both versions to one request are compared. */
export interface PairComparison {
  /** How far predicted numbers may differ, relative to the larger. */
  readonly tolerance: number
  /** The time above which an answer is slow, milliseconds; undefined: times are not compared. */
  readonly slowMs?: number | undefined
}

/** An answer to one request, as far as it is known. */
export interface ComparedAnswer {
  readonly id: string | undefined
  readonly prediction: string | undefined
  readonly isError: boolean
  /** Answered 4xx. */
  readonly isRejected: boolean
  readonly latencyMs: number | undefined
  /** Whether it went to nobody; undefined where that is not said. */
  readonly mirrored: boolean | undefined
}

interface Half extends Omit<ComparedAnswer, 'id' | 'mirrored'> {
  readonly role: Role
  readonly mirrored: boolean
}

type Outcome = Exclude<keyof MirrorCounters, 'discarded'>

/** Answers that wait for the other version's; beyond that the older ones are given up. */
const MOST_WAITING = 400_000
const NOTHING: readonly Outcome[] = []

export interface Pairs {
  /** Takes an answer; gives what the pair says once both are there. */
  add(role: Role, record: ComparedAnswer): readonly Outcome[]
  readonly comparesTimes: boolean
}

/** Joins the answers of both versions to one request by its id, where one of them was a copy that went to nobody. */
export function createPairs(comparison: PairComparison): Pairs {
  const waiting = createRecent<Half>(MOST_WAITING)
  return {
    comparesTimes: comparison.slowMs !== undefined,
    add(role, record) {
      // Of a log that says nothing of copies, nothing is joined.
      if (record.id === undefined || record.mirrored === undefined) return NOTHING
      const { isError, isRejected, prediction, latencyMs, mirrored } = record
      const half = { role, mirrored, isError, isRejected, prediction, latencyMs }
      const other = waiting.take(record.id)
      if (other === undefined || other.role === role) {
        waiting.set(record.id, half)
        return NOTHING
      }
      if (!mirrored && !other.mirrored) return NOTHING
      const pair =
        role === 'canary' ? { canary: half, stable: other } : { canary: other, stable: half }
      return outcomes(pair, comparison)
    },
  }
}

interface Pair {
  readonly canary: Half
  readonly stable: Half
}

/** Agreement is about answers, so both must be there; so it is with times. */
function outcomes({ canary, stable }: Pair, comparison: PairComparison): readonly Outcome[] {
  if (canary.isError !== stable.isError) {
    return [canary.isError ? 'canaryOnlyErrors' : 'stableOnlyErrors']
  }
  if (canary.isError) return NOTHING
  return [...agreement({ canary, stable }, comparison), ...slowness({ canary, stable }, comparison)]
}

function agreement({ canary, stable }: Pair, { tolerance }: PairComparison): readonly Outcome[] {
  if (canary.isRejected !== stable.isRejected) return ['disagree']
  if (canary.prediction === undefined || stable.prediction === undefined) return NOTHING
  return isSame(canary.prediction, stable.prediction, tolerance) ? ['agree'] : ['disagree']
}

function slowness({ canary, stable }: Pair, { slowMs }: PairComparison): readonly Outcome[] {
  if (slowMs === undefined) return NOTHING
  if (canary.latencyMs === undefined || stable.latencyMs === undefined) return NOTHING
  const isSlow = canary.latencyMs > slowMs
  if (isSlow === stable.latencyMs > slowMs) return NOTHING
  return [isSlow ? 'canaryOnlySlow' : 'stableOnlySlow']
}

/** Texts that are alike, or numbers that differ by no more than the tolerance relative to the larger. */
function isSame(a: string, b: string, tolerance: number): boolean {
  if (a === b) return true
  const [x, y] = [Number(a), Number(b)]
  if (a.trim() === '' || b.trim() === '') return false
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
}
