import type { IntervalCounts } from '../../src/domain/stats/interval-counts.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import { createRateEProcess } from '../../src/domain/stats/rate-e-process.js'

/** What one simulated rollout meets: issue 6, "How good and how fast". */
export interface Scenario {
  readonly name: string
  /** The stable's rate of events in each interval. */
  readonly rate: (interval: number) => number
  /** The canary's rate over the stable's. */
  readonly ratio: number
  /** Requests of both arms together in an interval. */
  readonly requests?: number
  /** Coefficient of variation of the rate in an interval, the same factor in both arms. */
  readonly sharedNoise?: number
  /** The same, drawn for each arm by itself. */
  readonly armNoise?: number
  /** The weight follows the evidence: 5, 20 or 50% as the e-value of the interval before stands. */
  readonly adaptive?: boolean
}

export const INTERVALS = 40
export const WEIGHTS = [5, 10, 25, 50] as const

/** The weight of an interval in percent: ten intervals at each. */
export function weightAt(interval: number): number {
  return WEIGHTS[Math.floor(interval / 10)] ?? 50
}

/** One interval at a weight in percent. */
export function drawInterval(
  scenario: Scenario,
  at: { readonly interval: number; readonly weight: number },
  random: RandomSource,
): IntervalCounts {
  const requests = scenario.requests ?? 1000
  const n = Math.round((requests * at.weight) / 100)
  const shared = gammaFactor(scenario.sharedNoise ?? 0, random)
  const rate = scenario.rate(at.interval) * shared
  const arm = (size: number, p: number) => {
    const noisy = Math.min(0.95, p * gammaFactor(scenario.armNoise ?? 0, random))
    return { n: size, events: drawBinomial(size, noisy, random) }
  }
  return { canary: arm(n, rate * scenario.ratio), stable: arm(requests - n, rate) }
}

export function drawRollout(scenario: Scenario, random: RandomSource): IntervalCounts[] {
  if (scenario.adaptive === true) return drawAdaptive(scenario, random)
  return Array.from({ length: INTERVALS }, (_, interval) =>
    drawInterval(scenario, { interval, weight: weightAt(interval) }, random),
  )
}

function drawAdaptive(scenario: Scenario, random: RandomSource): IntervalCounts[] {
  const process = createRateEProcess({ ratio: 1, direction: 'increase' })
  let eValue = 1
  return Array.from({ length: INTERVALS }, (_, interval) => {
    const weight = eValue < 0.8 ? 50 : eValue < 2 ? 20 : 5
    const drawn = drawInterval(scenario, { interval, weight }, random)
    eValue = process.update(drawn)
    return drawn
  })
}

/** By inversion, from 0 up: exact, and quick where few events are expected. */
export function drawBinomial(n: number, p: number, random: RandomSource): number {
  if (n === 0 || p <= 0) return 0
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random)
  // (1 - p)^n must not underflow: halves are independent.
  if (n * p > 500) {
    const half = Math.floor(n / 2)
    return drawBinomial(half, p, random) + drawBinomial(n - half, p, random)
  }
  const odds = p / (1 - p)
  let mass = Math.exp(n * Math.log1p(-p))
  let u = random.next()
  let k = 0
  while (u > mass && k < n) {
    u -= mass
    k += 1
    mass *= ((n - k + 1) / k) * odds
  }
  return k
}

/** Mean 1, this coefficient of variation (Marsaglia & Tsang 2000, with the boost for shapes below 1). */
function gammaFactor(variation: number, random: RandomSource): number {
  if (variation === 0) return 1
  const shape = 1 / (variation * variation)
  const whole = shape < 1 ? shape + 1 : shape
  const d = whole - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normal(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(1 - random.next()) >= 0.5 * x * x + d - d * v + d * Math.log(v)) continue
    const boost = shape < 1 ? (1 - random.next()) ** (1 / shape) : 1
    return (d * v * boost) / shape
  }
}

export function normal(random: RandomSource): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
