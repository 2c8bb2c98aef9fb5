import { defined, type MetricData, type MetricOptions, undefinedBecause } from '../metrics/data.js'
import type { Metric, RowSums } from '../metrics/metric.js'
import { perRow } from '../metrics/value.js'
import {
  type SubCells,
  type SumUnits,
  subCells,
  sumDraw,
  sumInfluences,
  sumUnits,
} from '../stats/bootstrap-sums.js'
import { contrastOf, type Question } from './evidence.js'
import type { Pair } from './examples.js'
import { cellMetric, jointCells } from './joint-cells.js'
import type { Sampler } from './measure-sampler.js'

const RESAMPLES = 2000
const MOST_RESAMPLES = 10_000

/** A sample of units that matter by the sums of their terms, and the models' values of such sums. */
interface Summed {
  readonly units: SumUnits
  readonly valuesOf: readonly ((sums: Float64Array) => number)[]
}

/**
 * A bootstrap of very many rows for metrics that are functions of sums: rows of nearly the same influence are resampled
 * together, so that a resample costs some hundred draws and not a million. Undefined for other metrics, and for clusters with
 * very many sums.
 */
export function sumSampler(question: Question, pair: Pair): Sampler | undefined {
  const summed = summedOf(question, pair)
  if (summed === undefined) return undefined
  const { units, valuesOf } = summed
  const sums = sumUnits(units)
  const contrast = (of: Float64Array) =>
    valuesOf.length === 1
      ? (valuesOf[0]?.(of) ?? Number.NaN)
      : contrastOf(question.of, valuesOf[0]?.(of) ?? 0, valuesOf[1]?.(of) ?? 0)
  const subs = subCells(units, sumInfluences(units, contrast))
  return {
    values: valuesOf.map((value) => value(sums)),
    first: RESAMPLES,
    most: MOST_RESAMPLES,
    draw: (resamples) => {
      const drawn = new Float64Array(sums.length)
      const next = sumDraw(subs, question.random, drawn)
      const values = valuesOf.map(() => new Float64Array(resamples))
      for (let resample = 0; resample < resamples; resample++) {
        next()
        valuesOf.forEach((value, model) => {
          const into = values[model]
          if (into !== undefined) into[resample] = value(drawn)
        })
      }
      return values
    },
    leaveOut: () => [
      {
        weights: Float64Array.from(subs.counts),
        values: valuesOf.map((value) => withoutOne(sums, subs, value)),
      },
    ],
  }
}

/** The value without an average unit of each sub-cell. */
function withoutOne(
  whole: Float64Array,
  { cell, means, terms, counts }: SubCells,
  value: (sums: Float64Array) => number,
): Float64Array {
  const sums = whole.slice()
  return Float64Array.from(counts, (_, sub) => {
    const start = (cell[sub] ?? 0) * terms
    const kept = sums.slice(start, start + terms)
    for (let t = 0; t < terms; t++) {
      sums[start + t] = (sums[start + t] ?? 0) - (means[sub * terms + t] ?? 0)
    }
    const without = value(sums)
    sums.set(kept, start)
    return without
  })
}

function summedOf(question: Question, pair: Pair): Summed | undefined {
  const { metric, options } = question
  if (metric.kind === 'confusion') return summedCells(question, pair)
  const models = [pair.candidate, ...(pair.baseline === undefined ? [] : [pair.baseline])]
  const sums = models.flatMap((data) => rowSumsOf(metric, data, options) ?? [])
  if (sums.length < models.length) return undefined
  const { clusters, weights, n } = pair.candidate
  const joint = jointSums(sums, weights ?? new Float64Array(n).fill(1), weights !== undefined)
  return clusters === undefined ? joint : byCluster(joint, clusters)
}

/** A metric of one model as a function of sums over its rows. */
function rowSumsOf(metric: Metric, data: MetricData, options: MetricOptions): RowSums | undefined {
  if (metric.kind === 'proportion' || metric.kind === 'mean') {
    return meanSums(perRow(metric, data, options))
  }
  return metric.kind === 'rows' ? metric.sums?.(data, options) : undefined
}

function meanSums(values: Float64Array): RowSums {
  return {
    cellCount: 1,
    terms: [values],
    of: (sums) =>
      (sums[0] ?? 0) > 0
        ? defined((sums[1] ?? 0) / (sums[0] ?? 1))
        : undefinedBecause('there are no examples'),
  }
}

/** The models' cells and terms side by side: a cell is one of each model, the terms are the weight and all of theirs. */
function jointSums(
  models: readonly RowSums[],
  weights: ArrayLike<number> & Iterable<number>,
  weighted: boolean,
): Summed {
  const n = weights.length
  const { cells, found } = jointCellsOf(models, n)
  const weight = Float64Array.from(weights)
  const terms = [
    weight,
    ...models.flatMap((model) =>
      model.terms.map((term) => (weighted ? term.map((x, i) => x * (weight[i] ?? 0)) : term)),
    ),
  ]
  let first = 1
  const valuesOf = models.map((model, index) => {
    const start = first
    first += model.terms.length
    const into = placesIn(models, found, index)
    const mine = new Float64Array(model.cellCount * (model.terms.length + 1))
    return (sums: Float64Array): number => {
      mine.fill(0)
      for (let cell = 0; cell < into.length; cell++) {
        const from = cell * terms.length
        const to = (into[cell] ?? 0) * (model.terms.length + 1)
        mine[to] = (mine[to] ?? 0) + (sums[from] ?? 0)
        for (let t = 0; t < model.terms.length; t++) {
          mine[to + 1 + t] = (mine[to + 1 + t] ?? 0) + (sums[from + start + t] ?? 0)
        }
      }
      return model.of(mine).value ?? Number.NaN
    }
  })
  return { units: { cells, cellCount: found.length, terms }, valuesOf }
}

/** Each row's pair of cells, by its place among those that occur. */
function jointCellsOf(models: readonly RowSums[], n: number) {
  const keys = new Int32Array(n)
  let possible = 1
  for (const { cells, cellCount } of models) {
    possible *= cellCount
    if (cells === undefined) continue
    for (let i = 0; i < n; i++) keys[i] = (keys[i] ?? 0) * cellCount + (cells[i] ?? 0)
  }
  const place = new Int32Array(possible).fill(-1)
  for (const key of keys) place[key] = 0
  const found: number[] = []
  place.forEach((mark, key) => {
    if (mark < 0) return
    place[key] = found.length
    found.push(key)
  })
  for (let i = 0; i < n; i++) keys[i] = place[keys[i] ?? 0] ?? 0
  return { cells: keys, found }
}

/** Which of one model's own cells each joint cell is in. */
function placesIn(models: readonly RowSums[], found: readonly number[], index: number): Int32Array {
  let divisor = 1
  for (const model of models.slice(index + 1)) divisor *= model.cellCount
  const size = models[index]?.cellCount ?? 1
  return Int32Array.from(found, (key) => Math.floor(key / divisor) % size)
}

/** With more sums a cluster the covariances of all of them would cost more than they are worth. */
const MOST_CLUSTER_SUMS = 32

/** Clusters as the units, with their sums in all cells as the terms of one cell; undefined for very many sums. */
function byCluster({ units, valuesOf }: Summed, clusters: ArrayLike<number>): Summed | undefined {
  const { cells, cellCount, terms } = units
  if (cellCount * terms.length > MOST_CLUSTER_SUMS) return undefined
  const { place, count } = placesOf(clusters)
  const sums = Array.from({ length: cellCount * terms.length }, () => new Float64Array(count))
  terms.forEach((term, t) => {
    for (let row = 0; row < cells.length; row++) {
      const into = sums[(cells[row] ?? 0) * terms.length + t]
      const at = place[clusters[row] ?? 0] ?? 0
      if (into !== undefined) into[at] = (into[at] ?? 0) + (term[row] ?? 0)
    }
  })
  return { units: { cells: new Int32Array(count), cellCount: 1, terms: sums }, valuesOf }
}

/** Numbers the clusters that occur. */
function placesOf(clusters: ArrayLike<number>): { place: Int32Array; count: number } {
  let codes = 0
  for (let row = 0; row < clusters.length; row++) codes = Math.max(codes, (clusters[row] ?? 0) + 1)
  const place = new Int32Array(codes)
  for (let row = 0; row < clusters.length; row++) place[clusters[row] ?? 0] = 1
  let count = 0
  for (let code = 0; code < codes; code++) if (place[code] === 1) place[code] = count++
  return { place, count }
}

/** Weighted confusion tables: the weight of each joint cell. */
function summedCells(question: Question, pair: Pair): Summed | undefined {
  const { metric, options } = question
  const { weights, clusters } = pair.candidate
  if (metric.kind !== 'confusion') return undefined
  const cells = jointCells(pair, metric.byGroup)
  const rows = Int32Array.from(cells.rowCells, (_, row) => row).filter(
    (row) => (cells.rowCells[row] ?? -1) >= 0,
  )
  const models = pair.baseline === undefined ? (['candidate'] as const) : BOTH
  const units = {
    cells: Int32Array.from(rows, (row) => cells.rowCells[row] ?? 0),
    cellCount: cells.counts.length,
    terms: [Float64Array.from(rows, (row) => weights?.[row] ?? 1)],
  }
  const valuesOf = models.map((model) => {
    const value = cellMetric(cells, model, { metric, options })
    return (sums: Float64Array) => value(sums).value ?? Number.NaN
  })
  const summed = { units, valuesOf }
  if (clusters === undefined) return summed
  return byCluster(
    summed,
    Int32Array.from(rows, (row) => clusters[row] ?? 0),
  )
}

const BOTH = ['candidate', 'baseline'] as const
