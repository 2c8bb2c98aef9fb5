/** Beyond this, what is called the noise is longer than a third of the window, and nothing can be said. */
const LARGEST_CORRECTION = 10

/**
 * How many values of a series say as much as one independent value: the integrated autocorrelation time by the initial
 * monotone positive sequence (Geyer 1992, Statistical Science 7:473-483), of stretches that each have their own mean. The
 * means are taken from the same values, which hides correlation as long as the window: it is made up for to first order.
 * At least 1; infinite where the correlation is as long as the window. No stretch of two values, or no variation: 1.
 */
export function correlationTime(stretches: readonly Float64Array[]): number {
  const centred = stretches.filter(({ length }) => length > 1).map(centre)
  const shortest = Math.min(...centred.map(({ length }) => length))
  const variance = autocovariance(centred, 0)
  if (centred.length === 0 || variance === 0) return 1
  let sum = 0
  let previous = Number.POSITIVE_INFINITY
  for (let lag = 0; 2 * (lag + 1) < shortest; lag += 2) {
    const pair = (autocovariance(centred, lag) + autocovariance(centred, lag + 1)) / variance
    if (!(pair > 0)) break
    previous = Math.min(previous, pair)
    sum += previous
  }
  const time = Math.max(1, 2 * sum - 1)
  const kept = 1 - (3 * time) / shortest
  return kept <= 1 / LARGEST_CORRECTION
    ? Number.POSITIVE_INFINITY
    : Math.max(1, time === 1 ? 1 : time / kept)
}

function centre(values: Float64Array): Float64Array {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  return values.map((value) => value - mean)
}

/** Over all stretches, divided by the count of all values. */
function autocovariance(centred: readonly Float64Array[], lag: number): number {
  let sum = 0
  let count = 0
  for (const values of centred) {
    count += values.length
    for (let i = 0; i + lag < values.length; i++) sum += (values[i] ?? 0) * (values[i + lag] ?? 0)
  }
  return count === 0 ? 0 : sum / count
}
