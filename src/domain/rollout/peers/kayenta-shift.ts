import { midranks } from '../../stats/midranks.js'
import { normalQuantile } from '../../stats/special/normal.js'
import { zeroIn } from './zero-in.js'

export interface LocationShift {
  /** Hodges-Lehmann's estimate of experiment minus control, as the root of the continuity-corrected statistic. */
  readonly estimate: number
  readonly low: number
  readonly high: number
}

/**
 * Asymptotic interval for the shift between two samples, by inverting the Mann-Whitney test with continuity and tie
 * correction, as R's wilcox.test(correct = TRUE, exact = FALSE) and Kayenta do. Both samples must hold a value, and not all
 * values may be equal.
 */
export function locationShift(
  experiment: readonly number[],
  control: readonly number[],
  level: number,
): LocationShift {
  const least = Math.min(...experiment) - Math.max(...control)
  const most = Math.max(...experiment) - Math.min(...control)
  const root = (quantile: number) => {
    const f = (shift: number) => statistic(experiment, control, shift) - quantile
    const first = { x: least, f: f(least) }
    const last = { x: most, f: f(most) }
    if (first.f <= 0) return least
    if (last.f >= 0) return most
    return zeroIn(f, first, last)
  }
  const z = -normalQuantile((1 - level) / 2)
  return { estimate: root(0), low: root(z), high: root(-z) }
}

function statistic(x: readonly number[], y: readonly number[], shift: number): number {
  const n = x.length
  const m = y.length
  const ranks = midranks(Float64Array.from([...x.map((value) => value - shift), ...y]))
  let sum = 0
  for (let i = 0; i < n; i++) sum += ranks[i] ?? 0
  const score = sum - (n * (n + 1)) / 2 - (n * m) / 2
  const total = n + m
  const variance = ((n * m) / 12) * (total + 1 - tieTerm(ranks) / (total * (total - 1)))
  return (score - 0.5 * Math.sign(score)) / Math.sqrt(variance)
}

/** Sum of t^3 - t over groups of equal ranks. */
function tieTerm(ranks: Float64Array): number {
  const sizes = new Map<number, number>()
  for (const rank of ranks) sizes.set(rank, (sizes.get(rank) ?? 0) + 1)
  let sum = 0
  for (const size of sizes.values()) sum += size ** 3 - size
  return sum
}
