/** log of the mean of exp(values), without overflow. No values -> -Infinity. */
export function logMeanExp(values: readonly number[]): number {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > largest) largest = value
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (const value of values) sum += Math.exp(value - largest)
  return largest + Math.log(sum / values.length)
}

/** `count` values from `low` to `high`, both included, evenly spaced in the logarithm. */
export function logSpaced(low: number, high: number, count: number): number[] {
  const step = Math.log(high / low) / (count - 1)
  return Array.from({ length: count }, (_, k) => low * Math.exp(k * step))
}
