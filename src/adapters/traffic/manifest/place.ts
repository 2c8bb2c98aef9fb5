import { createHash } from 'node:crypto'
import { UserError } from '../../../errors.js'

/**
 * Where a key (a partition, a device) stands: the first 32 hexadecimal digits of SHA-256 over `salt:key` in UTF-8. Digits 1 to 16 say
 * who answers it, 17 to 32 whether the other version gets a copy; both are compared as texts (docs/batch.md).
 */
export interface Place {
  readonly share: string
  readonly copies: string
}

export function placeOf(salt: string, key: string): Place {
  const digest = createHash('sha256').update(`${salt}:${key}`, 'utf8').digest('hex')
  return { share: digest.slice(0, 16), copies: digest.slice(16, 32) }
}

/** Sixteen hexadecimal digits below which places lie, or `g`, which is greater than all of them. */
export type Bound = string

export const NOBODY: Bound = '0'.repeat(16)
const EVERYBODY: Bound = 'g'
const ALL = 2n ** 64n
/** Millionths of a percent: finer shares are rounded. */
const PARTS_OF_PERCENT = 1e6

/** The bound below which a share of all places lies. Throws UserError MW-DEPLOY-451 for what is no percentage. */
export function boundOf(percent: number): Bound {
  if (!(percent >= 0 && percent <= 100)) {
    throw new UserError({
      code: 'MW-DEPLOY-451',
      where: 'deploy.steps',
      what: `${percent} % is no share of partitions or devices.`,
      fix: 'Use percentages from 0 to 100.',
    })
  }
  const parts = BigInt(Math.round(percent * PARTS_OF_PERCENT))
  const bound = (parts * ALL) / BigInt(100 * PARTS_OF_PERCENT)
  return bound >= ALL ? EVERYBODY : bound.toString(16).padStart(16, '0')
}

/** A bound, and the share that lies below it. */
export interface Cut {
  readonly bound: Bound
  /** Percent. */
  readonly share: number
}

/**
 * The bound below which as many of the places lie as make up the share, rounded up: at least one and not all of them, unless the share is 0
 * or 100. As the share grows none leaves again.
 */
export function cutOf(percent: number, places: readonly string[]): Cut {
  const bound = boundOf(percent)
  if (percent <= 0 || percent >= 100) return { bound, share: percent }
  const sorted = [...places].sort()
  const wanted = Math.ceil((percent * sorted.length) / 100 - 1e-9)
  const count = Math.min(Math.max(1, wanted), sorted.length - 1)
  return { bound: sorted[count] ?? bound, share: (100 * count) / sorted.length }
}
