import type { MirrorCounters } from '../../../domain/rollout/observation.js'
import { createRecent } from '../../../domain/rollout/recent.js'
import type { LogRecord } from './record.js'

type Role = 'stable' | 'canary'

interface Half {
  readonly role: Role
  readonly mirrored: boolean
  readonly isError: boolean
  readonly prediction: string | undefined
}

/** Answers that wait for the other version's; beyond that the older ones are given up. */
const MOST_WAITING = 400_000

export interface Pairs {
  /** Takes an answer; gives what the pair says once both are there. */
  add(role: Role, record: LogRecord): keyof MirrorCounters | undefined
}

/** Joins the answers of both versions to one request by its id, where one of them was a copy that went to nobody. */
export function createPairs(tolerance: number): Pairs {
  const waiting = createRecent<Half>(MOST_WAITING)
  return {
    add(role, record) {
      // Of a log that says nothing of copies, nothing is joined.
      if (record.mirrored === undefined || record.id === undefined) return undefined
      const { mirrored, isError, prediction } = record
      const half = { role, mirrored, isError, prediction }
      const other = waiting.take(record.id)
      if (other === undefined || other.role === role) {
        waiting.set(record.id, half)
        return undefined
      }
      if (!mirrored && !other.mirrored) return undefined
      return role === 'canary' ? outcome(half, other, tolerance) : outcome(other, half, tolerance)
    },
  }
}

/** Agreement is about answers, so both must be there. */
function outcome(canary: Half, stable: Half, tolerance: number): keyof MirrorCounters | undefined {
  if (canary.isError !== stable.isError) {
    return canary.isError ? 'canaryOnlyErrors' : 'stableOnlyErrors'
  }
  if (canary.isError || canary.prediction === undefined || stable.prediction === undefined) {
    return undefined
  }
  return isSame(canary.prediction, stable.prediction, tolerance) ? 'agree' : 'disagree'
}

/** Texts that are alike, or numbers that differ by no more than the tolerance relative to the larger. */
function isSame(a: string, b: string, tolerance: number): boolean {
  if (a === b) return true
  const [x, y] = [Number(a), Number(b)]
  if (a.trim() === '' || b.trim() === '') return false
  return Math.abs(x - y) <= tolerance * Math.max(Math.abs(x), Math.abs(y))
}
