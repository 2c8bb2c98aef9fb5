import type { MetricData, Weights } from '../metrics/data.js'
import type { RankMetric, RowsMetric } from '../metrics/metric.js'
import { jackknifeAcceleration } from '../stats/acceleration.js'
import { type RowStatistic, rowReplicates } from '../stats/bootstrap-rows.js'
import { meanInterval } from '../stats/mean-interval.js'
import type { RandomSource } from '../stats/random.js'
import { studentTCdf } from '../stats/special/student-t.js'
import { bootstrapEvidence } from './bootstrap-evidence.js'
import { type Finding, limitsOf, type Question, standardised, symmetricTest } from './evidence.js'
import { type Pair, pick, pickCodes } from './examples.js'
import { type Degenerate, degenerateEvidence } from './measure-degenerate.js'

const RESAMPLES = 2000
/** From here on a resample is costly, and fewer do. */
const MANY_ROWS = 20_000
const RESAMPLES_OF_MANY = 1000
/** Up to here the jackknife leaves out one row at a time, beyond it one of `BLOCKS` random blocks. */
const MOST_LEFT_OUT_SINGLY = 1000
const BLOCKS = 250
/** Beyond this, resampling costs minutes, and the metrics here are as good as normal. */
const MOST_RESAMPLED = 100_000

/** The question's metric as a function of row weights, for what is asked about. */
interface WeightedStatistic {
  readonly n: number
  readonly of: (weights: Weights | undefined) => number
  readonly values: Degenerate
  readonly strata: Int32Array | undefined
}

/**
 * BCa bootstrap of any other metric: whole rows, both models together, as weights and not as copies. Of very many rows
 * a block jackknife, whose normal interval is as good there and costs a fraction.
 */
export function rowEvidence(question: Question, metric: RowsMetric | RankMetric): Finding {
  const { random } = question
  const { n, of, values, strata } = weightedStatistic(question, metric)
  const estimate = of(undefined)
  const without = leaveOut(n, random, of)
  if (n > MOST_RESAMPLED) {
    const varies = without.some((value) => value !== without[0])
    return varies
      ? jackknifeEvidence(question, estimate, without)
      : degenerateEvidence(question, values)
  }
  const resamples = n > MANY_ROWS ? RESAMPLES_OF_MANY : RESAMPLES
  return bootstrapEvidence(question, {
    values,
    estimate,
    replicates: rowReplicates({ n, resamples, random, strata }, of),
    acceleration: jackknifeAcceleration([{ values: without }]),
  })
}

function weightedStatistic(question: Question, metric: RowsMetric | RankMetric): WeightedStatistic {
  const pair = inCanonicalOrder(question.pair)
  const { n, labels } = pair.candidate
  const candidate = metric.prepare(pair.candidate)
  const other = question.of === 'difference' ? pair.baseline : undefined
  const baseline = other && metric.prepare(other)
  return {
    n,
    of: (weights) => {
      const value = candidate(weights).value ?? Number.NaN
      return baseline === undefined ? value : value - (baseline(weights).value ?? Number.NaN)
    },
    values: {
      candidate: candidate(undefined).value ?? Number.NaN,
      baseline: baseline?.(undefined).value,
    },
    strata: metric.strata === 'label' ? Int32Array.from(labels) : undefined,
  }
}

/** Delete-a-group jackknife with Student's t of one degree less than there are blocks (Shao & Tu 1995, section 2.3). */
function jackknifeEvidence(question: Question, estimate: number, without: Float64Array): Finding {
  const found = meanInterval(without, question.level)
  if (found === undefined) return { reason: 'it has no value without some of the examples' }
  const df = without.length - 1
  // The block values' own standard error, times the (G - 1) that leaving one out shrinks it by.
  const standardError = found.standardError * df
  const half = ((found.high - found.low) / 2) * df
  const [least, most] = limitsOf(question)
  return {
    evidence: {
      interval: {
        of: question.of,
        level: question.level,
        low: Math.max(least, estimate - half),
        high: Math.min(most, estimate + half),
        method: 'block-jackknife',
      },
      testAt: (boundary) => {
        const statistic = standardised(estimate - boundary, standardError)
        return symmetricTest('block-jackknife', statistic, (x) => studentTCdf(x, df))
      },
    },
  }
}

/** The statistic without each row, or without each random block: their sums have the rows' skewness. */
function leaveOut(n: number, random: RandomSource, statistic: RowStatistic): Float64Array {
  const singly = n <= MOST_LEFT_OUT_SINGLY
  const block = singly
    ? Int32Array.from({ length: n }, (_, row) => row)
    : Int32Array.from({ length: n }, () => random.below(BLOCKS))
  const weights = new Int32Array(n)
  return Float64Array.from({ length: singly ? n : BLOCKS }, (_, out) => {
    for (let row = 0; row < n; row++) weights[row] = block[row] === out ? 0 : 1
    return statistic(weights)
  })
}

/** Rows ordered by what is in them, so that their order in the file decides nothing. */
function inCanonicalOrder(pair: Pair): Pair {
  const { candidate, baseline } = pair
  const keys = [
    candidate.labels,
    candidate.scores,
    candidate.predictions,
    baseline?.scores,
    baseline?.predictions,
  ].filter((key) => key !== undefined)
  const order = Int32Array.from({ length: candidate.n }, (_, row) => row)
  order.sort((a, b) => {
    for (const key of keys) {
      const difference = (key[a] ?? 0) - (key[b] ?? 0)
      if (difference !== 0) return difference
    }
    return 0
  })
  const arrange = (data: MetricData): MetricData => ({
    ...data,
    labels: pick(data.labels, order),
    scores: data.scores && pick(data.scores, order),
    predictions: data.predictions && pick(data.predictions, order),
    groups: data.groups && { ...data.groups, codes: pickCodes(data.groups.codes, order) },
  })
  return { candidate: arrange(candidate), baseline: baseline && arrange(baseline) }
}
