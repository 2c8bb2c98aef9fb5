import type { MeanInterval } from '../stats/stratified-normal-mixture.js'
import type { Sample } from './quality.js'

type Arm = MeanInterval['canary']

/**
 * Size, mean and sample variance of the logarithm of milliseconds in each arm, from the answers that users got and whose time is
 * known; times of 0 or less count as the shortest that a clock can tell (1 microsecond). Undefined where no time is known.
 */
export function logLatencyOf(samples: readonly Sample[]): MeanInterval | undefined {
  const arms = { canary: nothing(), stable: nothing() }
  for (const { version, mirrored, latencyMs } of samples) {
    if (mirrored || latencyMs === undefined || !Number.isFinite(latencyMs)) continue
    add(arms[version], Math.log(Math.max(latencyMs, SHORTEST_MS)))
  }
  if (arms.canary.n === 0 && arms.stable.n === 0) return undefined
  return { canary: armOf(arms.canary), stable: armOf(arms.stable) }
}

const SHORTEST_MS = 1e-3

interface Moments {
  n: number
  mean: number
  /** Sum of squared deviations (Welford 1962). */
  squares: number
}

function nothing(): Moments {
  return { n: 0, mean: 0, squares: 0 }
}

function add(moments: Moments, value: number): void {
  moments.n += 1
  const deviation = value - moments.mean
  moments.mean += deviation / moments.n
  moments.squares += deviation * (value - moments.mean)
}

function armOf({ n, mean, squares }: Moments): Arm {
  return { n, mean, variance: n < 2 ? 0 : squares / (n - 1) }
}
