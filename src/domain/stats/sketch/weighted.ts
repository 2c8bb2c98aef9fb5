/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a value. */
const BEYOND = Number.POSITIVE_INFINITY

/** Distinct values, ascending, and how many of the column each stands for. */
export interface WeightedValues {
  readonly values: Float64Array
  readonly counts: Float64Array
}

/** The distinct values of a sorted sample with how often each occurs. */
export function weightedOf(sorted: Float64Array): WeightedValues {
  let distinct = 0
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) distinct++
  const values = new Float64Array(distinct)
  const counts = new Float64Array(distinct)
  let at = -1
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) values[++at] = sorted[i] ?? 0
    counts[at] = (counts[at] ?? 0) + 1
  }
  return { values, counts }
}

/** Both together, values that both have once. */
export function mergeWeighted(a: WeightedValues, b: WeightedValues): WeightedValues {
  const values = new Float64Array(a.values.length + b.values.length)
  const counts = new Float64Array(values.length)
  let i = 0
  let j = 0
  let filled = 0
  while (i < a.values.length || j < b.values.length) {
    const left = a.values[i] ?? BEYOND
    const right = b.values[j] ?? BEYOND
    const value = left <= right ? left : right
    values[filled] = value
    let count = 0
    if (left === value) count += a.counts[i++] ?? 0
    if (right === value) count += b.counts[j++] ?? 0
    counts[filled++] = count
  }
  return { values: values.slice(0, filled), counts: counts.slice(0, filled) }
}
