import type { ColumnStatus } from '../../drift/predicate.js'
import { grouped } from '../words.js'
import type { ShownColumn } from './shown.js'

/** What needs attention first. */
export const STATUSES: readonly ColumnStatus[] = [
  'drifted',
  'unconfirmed',
  'inconclusive',
  'stable',
]

/** Where a distance means that nothing differs: half for the area under a curve. */
export function baseOf(distance: string): number {
  return distance.endsWith('-auc') ? 0.5 : 0
}

/** A column's distance in multiples of its limit; undefined where it has none. */
export function excess({ distance }: Pick<ShownColumn, 'distance'>): number | undefined {
  if (distance === null || distance.value === null) return undefined
  return multipleOf(distance.name, distance.value, distance.threshold)
}

function multipleOf(name: string, value: number, threshold: number): number {
  const base = baseOf(name)
  return Math.max(0, value - base) / Math.max(threshold - base, Number.EPSILON)
}

/** Drifted first, critical before others, then how far over the limit. */
export function ranked(columns: readonly ShownColumn[]): readonly ShownColumn[] {
  return columns.toSorted(
    (a, b) =>
      STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status) ||
      Number(b.critical) - Number(a.critical) ||
      // What has no distance is gone or of another type: nothing is further.
      furthest(b) - furthest(a),
  )
}

function furthest(column: ShownColumn): number {
  return excess(column) ?? (column.test === null ? Number.MAX_VALUE : 0)
}

/** `3 drifted, 1 inconclusive, 10 stable`; nothing of none. */
export function tally(columns: readonly ShownColumn[]): string {
  return STATUSES.flatMap((status) => {
    const count = columns.filter((column) => column.status === status).length
    return count > 0 ? [`${grouped(count)} ${status}`] : []
  }).join(', ')
}
