import type { IntervalCounts } from '../../../../src/domain/stats/interval-counts.js'
import type { RandomSource } from '../../../../src/domain/stats/random.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

/** The rollout of anchors D4: 40 intervals of 1,000 requests, 5/10/25/50 % canary, a look after each. */
export interface Scenario {
  readonly rate: (interval: number) => number
  readonly ratio: number
  readonly requests?: number
  readonly runs?: number
  readonly seed: number
  readonly threshold?: number
  /** Weight of the next interval, from the e-value so far; the plan of D4 unless given. */
  readonly weight?: (interval: number, eValue: number) => number
}

export interface Characteristics {
  readonly crossed: number
  readonly exposed: number
}

interface Test {
  update(interval: IntervalCounts): number
}

const INTERVALS = 40
const PLAN = [0.05, 0.1, 0.25, 0.5]

/** Share of runs whose e-value crosses the threshold, and the mean number of canary requests until then. */
export function simulate(make: () => Test, scenario: Scenario): Characteristics {
  const random = createRandom(scenario.seed)
  const runs = scenario.runs ?? 400
  let crossed = 0
  let exposed = 0
  for (let run = 0; run < runs; run++) {
    const one = rollout(make(), scenario, random)
    crossed += one.crossed
    exposed += one.exposed
  }
  return { crossed: crossed / runs, exposed: exposed / runs }
}

function rollout(test: Test, scenario: Scenario, random: RandomSource): Characteristics {
  const { rate, ratio, requests = 1000, threshold = 20, weight } = scenario
  let exposed = 0
  let eValue = 1
  for (let t = 0; t < INTERVALS; t++) {
    const w = weight?.(t, eValue) ?? PLAN[Math.floor(t / 10)] ?? 0.5
    const nc = Math.round(requests * w)
    const ns = requests - nc
    exposed += nc
    const p = rate(t)
    eValue = test.update({
      canary: { n: nc, events: binomial(nc, Math.min(1, p * ratio), random) },
      stable: { n: ns, events: binomial(ns, p, random) },
    })
    if (eValue >= threshold) return { crossed: 1, exposed }
  }
  return { crossed: 0, exposed }
}

const tables = new Map<string, Float64Array>()

/** By inversion of the exact distribution; one table for each n and p. */
export function binomial(n: number, p: number, random: RandomSource): number {
  if (n === 0 || p <= 0) return 0
  const key = `${n} ${p}`
  const table = tables.get(key) ?? cumulative(n, p)
  tables.set(key, table)
  const u = random.next()
  let low = 0
  let high = n
  while (low < high) {
    const middle = (low + high) >> 1
    if ((table[middle] ?? 1) > u) high = middle
    else low = middle + 1
  }
  return low
}

function cumulative(n: number, p: number): Float64Array {
  const table = new Float64Array(n + 1)
  const { log, exp, log1p } = Math
  let logPmf = n * log1p(-p)
  let sum = 0
  for (let k = 0; k <= n; k++) {
    sum += exp(logPmf)
    table[k] = sum
    logPmf += log((n - k) / (k + 1)) + log(p) - log1p(-p)
  }
  return table
}

/** The largest share that a true rate of `level` gives in `runs` runs, but for three standard errors. */
export function atMost(level: number, runs = 400): number {
  return level + 3 * Math.sqrt((level * (1 - level)) / runs)
}
