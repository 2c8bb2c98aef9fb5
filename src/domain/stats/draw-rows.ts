import type { RandomSource } from './random.js'

/**
 * `count` of the rows 0..rows-1 without replacement, in random order: every sequence is as likely as any other
 * (Fisher & Yates 1938). All rows where there are not that many.
 */
export function drawRows(rows: number, count: number, random: RandomSource): Uint32Array {
  const order = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) order[row] = row
  return order.subarray(0, shuffleFirst(order, count, random))
}

/** Brings a random choice of `count` entries to the front, in random order; gives how many there are. */
export function shuffleFirst(order: Uint32Array, count: number, random: RandomSource): number {
  const drawn = Math.min(count, order.length)
  for (let place = 0; place < drawn; place++) {
    const other = place + random.below(order.length - place)
    const kept = order[place] ?? 0
    order[place] = order[other] ?? 0
    order[other] = kept
  }
  return drawn
}
