/** The first index from `start` on whose value is not `value`: steps over a run of ties in a sorted array. */
export function skipEqual(sorted: Float64Array, start: number, value: number): number {
  let index = start
  while (index < sorted.length && sorted[index] === value) index++
  return index
}
