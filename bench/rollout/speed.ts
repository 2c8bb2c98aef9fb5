/**
 * How fast the evidence takes in observations, one core, and what it keeps:
 *
 *     npx tsx bench/rollout/speed.ts
 */
import { createRandom } from '../../src/domain/stats/random.js'
import { createRateEProcess } from '../../src/domain/stats/rate-e-process.js'
import { createRateRatioSequence } from '../../src/domain/stats/rate-ratio-interval.js'
import { drawInterval } from './traffic.js'

const scenario = { name: 'equal', rate: () => 0.01, ratio: 1 }
const random = createRandom(1)
const intervals = Array.from({ length: 2000 }, (_, interval) =>
  drawInterval(scenario, { interval, weight: 25 }, random),
)
const harm = createRateEProcess({ ratio: 1, direction: 'increase', stopAt: 20 })
const good = createRateEProcess({ ratio: 1.5, direction: 'decrease', stopAt: 20 })
const ratio = createRateRatioSequence()
const started = performance.now()
for (const interval of intervals) {
  harm.update(interval)
  good.update(interval)
  ratio.update(interval)
  ratio.interval(0.05)
}
const seconds = (performance.now() - started) / 1000
const kept = JSON.stringify([harm.state, good.state, ratio.state]).length
const observations = 1000 * intervals.length
process.stdout.write(
  `${Math.round(observations / seconds)} observations/s in intervals of 1,000; ${kept} bytes kept after ${intervals.length} intervals\n`,
)
