import type { ConfusionMetric } from '../metrics/metric.js'
import {
  type CellStatistic,
  cellAcceleration,
  multinomialReplicates,
} from '../stats/bootstrap-cells.js'
import { bootstrapEvidence } from './bootstrap-evidence.js'
import type { Finding, Question } from './evidence.js'
import { cellMetric, jointCells, strataOf } from './joint-cells.js'

const RESAMPLES = 10_000
/** With many classes there are many cells: fewer resamples then, and never fewer than this. */
const FEWEST_RESAMPLES = 2000
const MOST_DRAWS = 2e7

/**
 * BCa bootstrap of a metric of confusion tables, both models resampled together as multinomial counts of joint cells: exact,
 * and its cost does not grow with the number of examples.
 */
export function cellEvidence(question: Question, metric: ConfusionMetric): Finding {
  const { pair, options, random } = question
  const two = question.of === 'difference'
  const cells = jointCells(two ? pair : { ...pair, baseline: undefined }, metric.byGroup)
  const candidate = cellMetric(cells, 'candidate', { metric, options })
  const baseline = cellMetric(cells, 'baseline', { metric, options })
  const statistic: CellStatistic = (counts) => {
    const value = candidate(counts).value ?? Number.NaN
    return two ? value - (baseline(counts).value ?? Number.NaN) : value
  }
  const { counts } = cells
  const values = {
    candidate: candidate(counts).value ?? Number.NaN,
    baseline: two ? baseline(counts).value : undefined,
  }
  const strata = strataOf(cells, metric.strata)
  const affordable = Math.floor(MOST_DRAWS / counts.length)
  const resamples = Math.max(FEWEST_RESAMPLES, Math.min(RESAMPLES, affordable))
  return bootstrapEvidence(question, {
    values,
    estimate: statistic(Float64Array.from(counts)),
    replicates: multinomialReplicates({ counts, resamples, random, strata }, statistic),
    acceleration: cellAcceleration(counts, strata, statistic),
  })
}
