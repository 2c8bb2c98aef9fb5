import { sortOrder } from './sort-order.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a loop. */
const { isNaN: isMissing } = Number

/** Ranks from 1, equal values sharing the mean of theirs; NaN stays NaN and takes no rank. Infinities are values. */
export function midranks(values: Float64Array): Float64Array {
  const present: number[] = []
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i])) present.push(i)
  const kept = Float64Array.from(present, (place) => values[place] ?? 0)
  const order = sortOrder(kept)
  const ranks = new Float64Array(values.length).fill(Number.NaN)
  for (let start = 0; start < order.length; ) {
    const value = kept[order[start] ?? 0]
    let end = start + 1
    while (end < order.length && kept[order[end] ?? 0] === value) end++
    for (let i = start; i < end; i++) ranks[present[order[i] ?? 0] ?? 0] = (start + end + 1) / 2
    start = end
  }
  return ranks
}
