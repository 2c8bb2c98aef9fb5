import { type ClassTotals, clearTotals, emptyTotals } from '../metrics/class-totals.js'
import type { MetricData, MetricOptions, Outcome } from '../metrics/data.js'
import type { ConfusionMetric, Strata } from '../metrics/metric.js'
import type { Pair } from './examples.js'

/**
 * Examples that are alike for a metric of confusion tables: same group, label, and predictions of both models. Only cells
 * that occur are listed, in an order that does not depend on the rows.
 */
export interface JointCells {
  readonly classes: number
  readonly groupNames: readonly string[]
  readonly positive: number | undefined
  readonly counts: readonly number[]
  readonly group: Int32Array
  readonly label: Int32Array
  readonly candidate: Int32Array
  readonly baseline: Int32Array
}

/** Counts the cells of one or two models. With `byGroup`, rows without a group are left out. */
export function jointCells(pair: Pair, byGroup: boolean): JointCells {
  const { candidate, baseline } = pair
  const classes = candidate.classes.length
  const groups = byGroup ? candidate.groups : undefined
  const tally = new Map<number, number>()
  for (let row = 0; row < candidate.n; row++) {
    const group = groups === undefined ? 0 : (groups.codes[row] ?? -1)
    if (group < 0) continue
    const label = group * classes + (candidate.labels[row] ?? 0)
    const key = (label * classes + codeAt(candidate, row)) * classes + codeAt(baseline, row)
    tally.set(key, (tally.get(key) ?? 0) + 1)
  }
  const keys = [...tally.keys()].sort((a, b) => a - b)
  const part = (divisor: number, size: number) =>
    Int32Array.from(keys, (key) => Math.floor(key / divisor) % size)
  return {
    classes,
    groupNames: groups?.names ?? [],
    positive: candidate.positive,
    counts: keys.map((key) => tally.get(key) ?? 0),
    group: part(classes ** 3, Math.max(1, groups?.names.length ?? 1)),
    label: part(classes ** 2, classes),
    candidate: part(classes, classes),
    baseline: part(1, classes),
  }
}

function codeAt(data: MetricData | undefined, row: number): number {
  return data?.predictions?.[row] ?? 0
}

/** The lists of cells whose totals a resample keeps. */
export function strataOf(cells: JointCells, strata: Strata): number[][] {
  const byGroup = strata === 'group' || strata === 'group-and-label'
  const byLabel = strata === 'label' || strata === 'group-and-label'
  const lists = new Map<number, number[]>()
  for (let cell = 0; cell < cells.counts.length; cell++) {
    const group = byGroup ? (cells.group[cell] ?? 0) : 0
    const label = byLabel ? (cells.label[cell] ?? 0) : 0
    const key = group * cells.classes + label
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [cell])
    else list.push(cell)
  }
  return [...lists.values()]
}

/** One model's metric as a function of the cells' counts; fast enough to be called for every resample. */
export function cellMetric(
  cells: JointCells,
  model: 'candidate' | 'baseline',
  ask: { readonly metric: ConfusionMetric; readonly options: MetricOptions },
): (counts: ArrayLike<number>) => Outcome {
  const totals = emptyTotals(cells)
  const places = placesOf(cells, cells[model])
  return (counts) => {
    clearTotals(totals)
    fill(totals, places, counts)
    return ask.metric.ofTotals(totals, ask.options)
  }
}

interface Places {
  readonly group: Int32Array
  readonly label: Int32Array
  readonly prediction: Int32Array
}

function placesOf(cells: JointCells, predictions: Int32Array): Places {
  const base = cells.group.map((group) => group * cells.classes)
  return {
    group: cells.group,
    label: base.map((start, cell) => start + (cells.label[cell] ?? 0)),
    prediction: base.map((start, cell) => start + (predictions[cell] ?? 0)),
  }
}

function fill(totals: ClassTotals, places: Places, counts: ArrayLike<number>): void {
  const { hit, actual, predicted, size } = totals
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0
    const label = places.label[cell] ?? 0
    const prediction = places.prediction[cell] ?? 0
    const group = places.group[cell] ?? 0
    actual[label] = (actual[label] ?? 0) + count
    predicted[prediction] = (predicted[prediction] ?? 0) + count
    size[group] = (size[group] ?? 0) + count
    if (label === prediction) hit[label] = (hit[label] ?? 0) + count
  }
}
