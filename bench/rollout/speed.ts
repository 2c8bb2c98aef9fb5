/**
 * How fast a look takes in observations, one core, and what it keeps: evidence, tally and decision, as `deploy-canary` has them.
 *
 *     npx tsx bench/rollout/speed.ts
 */
import { gather, NO_EVIDENCE } from '../../src/domain/rollout/analyse.js'
import { decideLook } from '../../src/domain/rollout/decide.js'
import { createRandom } from '../../src/domain/stats/random.js'
import { asInterval, POLICY } from './rules.js'
import { drawInterval } from './traffic.js'

const INTERVALS = 2000
const scenario = { name: 'equal', rate: () => 0.01, ratio: 1 }
const random = createRandom(1)
const intervals = Array.from({ length: INTERVALS }, (_, interval) => ({
  ...asInterval(drawInterval(scenario, { interval, weight: 25 }, random), interval),
  step: 2,
}))
const sizeOf = (evidence: object) => JSON.stringify(evidence).length

let evidence = NO_EVIDENCE
let sizeAtTenth = 0
const started = performance.now()
for (const [i, interval] of intervals.entries()) {
  evidence = gather(POLICY, evidence, interval)
  decideLook(POLICY, evidence)
  if (i + 1 === INTERVALS / 10) sizeAtTenth = sizeOf(evidence)
}
const seconds = (performance.now() - started) / 1000
const rate = Math.round((1000 * INTERVALS) / seconds)
process.stdout.write(
  `${rate} observations/s in intervals of 1,000; ${sizeAtTenth} bytes kept after ${INTERVALS / 10} intervals, ${sizeOf(evidence)} after ${INTERVALS}\n`,
)
if (rate < 1_000_000) process.exitCode = 1
