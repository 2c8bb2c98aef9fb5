import type { RandomSource } from '../../../../../src/domain/stats/random.js'

/** A stationary series of variance 1 in which each value keeps the share r of the one before. */
export function autoregressive(random: RandomSource, n: number, r: number): Float64Array {
  let value = normal(random)
  const noise = Math.sqrt(1 - r * r)
  return Float64Array.from({ length: n }, () => {
    const now = value
    value = r * value + noise * normal(random)
    return now
  })
}

function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
