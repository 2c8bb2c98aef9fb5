/**
 * The resampling alone, in a cold process with the data in memory: 10,000 BCa resamples of an F1 difference on 100,000
 * examples. Prints {"seconds"}; bench/gate/gate.mjs puts it beside numpy's loop.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from '../../src/domain/gate/measure.js'
import type { MetricData } from '../../src/domain/metrics/data.js'
import { getMetric } from '../../src/domain/metrics/index.js'
import { createRandom } from '../../src/domain/stats/random.js'

interface Columns {
  readonly label: number[]
  readonly prediction: number[]
  readonly prediction_b: number[]
}

const file = join(process.argv[2] ?? '.', 'joined.json')
const columns = JSON.parse(readFileSync(file, 'utf8')) as Columns
const labels = Float64Array.from(columns.label)
const model = (predictions: number[]): MetricData => ({
  n: labels.length,
  labels,
  classes: ['0', '1'],
  positive: 1,
  predictions: Float64Array.from(predictions),
})
const pair = { candidate: model(columns.prediction), baseline: model(columns.prediction_b) }
const metric = getMetric('f1')
if (metric === undefined) throw new Error('There is no f1.')
const started = performance.now()
const found = measure({
  metric,
  options: {},
  pair,
  of: 'difference',
  level: 0.95,
  random: createRandom(7),
})
const seconds = (performance.now() - started) / 1000
console.log(JSON.stringify({ seconds, interval: found.finding.evidence?.interval }))
