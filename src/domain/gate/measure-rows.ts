import type { MetricData, MetricOptions, Weights } from '../metrics/data.js'
import { weightedMean } from '../metrics/data.js'
import type { Metric } from '../metrics/metric.js'
import { perRow } from '../metrics/value.js'
import { type ResampledUnits, unitCount, unitReplicates } from '../stats/bootstrap-rows.js'
import type { RandomSource } from '../stats/random.js'
import type { Question } from './evidence.js'
import type { Pair } from './examples.js'
import { cellMetric, jointCells } from './joint-cells.js'
import type { Sampler } from './measure-sampler.js'
import { canonicalUnits } from './measure-units.js'

const RESAMPLES = 2000
/** From here on a resample is costly, and fewer do. */
const MANY_ROWS = 20_000
const RESAMPLES_OF_MANY = 1000
/** More resamples for the margin's sake cost no more than this many row draws. */
const MOST_DRAWS = 2e8
/** Up to here the jackknife leaves out one unit at a time, beyond it one of `BLOCKS` random blocks. */
const MOST_LEFT_OUT_SINGLY = 1000
const BLOCKS = 250

/**
 * Any metric under resampling of whole rows, or of whole clusters, as weights and not as copies. Units are in an order of their
 * contents, so that their order in the file decides nothing.
 */
export function rowSampler(question: Question, pair: Pair): Sampler {
  const { metric, options, random } = question
  const { candidate, baseline } = pair
  const units = canonicalUnits(pair, strataIn(metric))
  const models = baseline === undefined ? [candidate] : [candidate, baseline]
  const metrics = models.map((data) => weightedMetric(metric, data, options))
  const { n, weights } = candidate
  const statistics = metrics.map((value) => timesWeights(value, weights))
  const first = n > MANY_ROWS ? RESAMPLES_OF_MANY : RESAMPLES
  return {
    values: metrics.map((value) => value(weights)),
    first,
    most: Math.max(first, Math.min(5 * RESAMPLES, Math.floor(MOST_DRAWS / n))),
    draw: (resamples) => unitReplicates({ units, resamples, random }, statistics),
    leaveOut: () => [{ values: leaveOut(units, random, statistics) }],
  }
}

function strataIn(metric: Metric): 'label' | 'none' {
  return 'strata' in metric && metric.strata === 'label' ? 'label' : 'none'
}

/** A model's metric as a function of the rows' weights; not a number where it has no value. */
export function weightedMetric(
  metric: Metric,
  data: MetricData,
  options: MetricOptions,
): (weights: Weights | undefined) => number {
  if (metric.kind === 'confusion') return weightedCells({ metric, options }, data)
  if (metric.kind === 'rank' || metric.kind === 'rows') {
    const prepared = metric.prepare(data, options)
    return (weights) => prepared(weights).value ?? Number.NaN
  }
  const values = perRow(metric, data, options)
  return (weights) => weightedMean(values, weights).value ?? Number.NaN
}

function weightedCells(
  ask: { readonly metric: Extract<Metric, { kind: 'confusion' }>; readonly options: MetricOptions },
  data: MetricData,
): (weights: Weights | undefined) => number {
  const cells = jointCells({ candidate: data, baseline: undefined }, ask.metric.byGroup)
  const value = cellMetric(cells, 'candidate', ask)
  const sums = new Float64Array(cells.counts.length)
  return (weights) => {
    if (weights === undefined) return value(cells.counts).value ?? Number.NaN
    sums.fill(0)
    cells.rowCells.forEach((cell, row) => {
      if (cell >= 0) sums[cell] = (sums[cell] ?? 0) + (weights[row] ?? 0)
    })
    return value(sums).value ?? Number.NaN
  }
}

/** The same of multiplicities, which multiply the rows' own weights. */
function timesWeights(
  value: (weights: Weights | undefined) => number,
  own: Weights | undefined,
): (multiplicities: Int32Array) => number {
  if (own === undefined) return value
  const product = new Float64Array(own.length)
  return (multiplicities) => {
    for (let row = 0; row < product.length; row++) {
      product[row] = (own[row] ?? 0) * (multiplicities[row] ?? 0)
    }
    return value(product)
  }
}

/** The values without each unit, or without each random block of units: their sums have the units' skewness. */
function leaveOut(
  units: ResampledUnits,
  random: RandomSource,
  statistics: readonly ((weights: Int32Array) => number)[],
): Float64Array[] {
  const blocks = blocksOf(units, random)
  const weights = new Int32Array(units.n).fill(1)
  const values = statistics.map(() => new Float64Array(blocks.length))
  blocks.forEach((rows, block) => {
    for (const row of rows) weights[row] = 0
    statistics.forEach((statistic, model) => {
      const into = values[model]
      if (into !== undefined) into[block] = statistic(weights)
    })
    for (const row of rows) weights[row] = 1
  })
  return values
}

/** The rows of each unit, or of random blocks of many units. */
function blocksOf(units: ResampledUnits, random: RandomSource): number[][] {
  const { rows, starts } = units
  const count = unitCount(units)
  const singly = count <= MOST_LEFT_OUT_SINGLY
  const blocks: number[][] = Array.from({ length: singly ? count : BLOCKS }, () => [])
  for (let unit = 0; unit < count; unit++) {
    const block = blocks[singly ? unit : random.below(BLOCKS)]
    const start = starts?.[unit] ?? unit
    const end = starts?.[unit + 1] ?? unit + 1
    for (let i = start; i < end; i++) block?.push(rows[i] ?? 0)
  }
  return blocks
}
