import { type GroupColumn, type MetricData, weightAt } from './data.js'
import { addCells, cellPlaces } from './totals-cells.js'

/**
 * What every metric of a confusion table needs of it, by group and class (index `group * classes + class`):
 * all of accuracy, precision, recall, F1, MCC, kappa and the fairness gaps depend on the diagonal and the
 * margins alone, so that a table of many classes costs memory and time only linear in their number.
 */
export interface ClassTotals {
  readonly groups: number
  readonly classes: number
  readonly positive: number | undefined
  readonly groupNames: readonly string[]
  /** Weight of the rows that belong to the class and were predicted to. */
  readonly hit: Float64Array
  readonly actual: Float64Array
  readonly predicted: Float64Array
  /** Weight of the rows of each group. */
  readonly size: Float64Array
  /** In multi-label: sums of each row's own precision, recall and F1 (at `SAMPLE`) times its weight; else zeros. */
  readonly samples: Float64Array
}

/** Places in `ClassTotals.samples`. */
export const SAMPLE = { precision: 0, recall: 1, f1: 2 } as const

export interface TotalsShape {
  readonly classes: number
  readonly positive: number | undefined
  readonly groupNames: readonly string[]
}

/** Totals of nothing yet; with no group names there is one group. */
export function emptyTotals(shape: TotalsShape): ClassTotals {
  const groups = Math.max(1, shape.groupNames.length)
  const cells = groups * shape.classes
  return {
    groups,
    classes: shape.classes,
    positive: shape.positive,
    groupNames: shape.groupNames,
    hit: new Float64Array(cells),
    actual: new Float64Array(cells),
    predicted: new Float64Array(cells),
    size: new Float64Array(groups),
    samples: new Float64Array(3),
  }
}

/** Sets all totals back to zero, to use them again. */
export function clearTotals(totals: ClassTotals): void {
  totals.hit.fill(0)
  totals.actual.fill(0)
  totals.predicted.fill(0)
  totals.size.fill(0)
  totals.samples.fill(0)
}

/** Totals of a model's predictions. With `byGroup`, rows whose group is missing are left out. */
export function totalsOf(data: MetricData, byGroup: boolean): ClassTotals {
  const groups = byGroup ? data.groups : undefined
  const totals = emptyTotals({
    classes: data.classes.length,
    positive: data.positive,
    groupNames: groups?.names ?? [],
  })
  if (data.labelSets !== undefined) addSetRows(totals, data, groups)
  else if (data.weights === undefined) addRows(totals, data, { groups, start: 0, end: data.n })
  else addInBlocks(totals, data, groups)
  return totals
}

interface RowRange {
  readonly groups: GroupColumn | undefined
  readonly start: number
  readonly end: number
}

function addRows(totals: ClassTotals, data: MetricData, range: RowRange): void {
  const { hit, actual, predicted, size, classes } = totals
  const { labels, weights } = data
  const predictions = data.predictions ?? labels
  for (let row = range.start; row < range.end; row++) {
    const group = groupAt(range.groups, row)
    if (group < 0) continue
    const weight = weightAt(weights, row)
    const label = group * classes + (labels[row] ?? 0)
    const prediction = group * classes + (predictions[row] ?? 0)
    actual[label] = (actual[label] ?? 0) + weight
    predicted[prediction] = (predicted[prediction] ?? 0) + weight
    size[group] = (size[group] ?? 0) + weight
    if (label === prediction) hit[label] = (hit[label] ?? 0) + weight
  }
}

/** Weights that are no whole numbers lose digits in long sums: blocks of rows keep them, and the rows' order out of sight. */
const BLOCK = 4096

function addInBlocks(totals: ClassTotals, data: MetricData, groups: GroupColumn | undefined): void {
  const manyCells = totals.hit.length > BLOCK
  const block = manyCells ? Math.max(1, data.n) : BLOCK
  const part = emptyTotals(totals)
  for (let start = 0; start < data.n; start += block) {
    clearTotals(part)
    addRows(part, data, { groups, start, end: Math.min(data.n, start + block) })
    addTotals(totals, part)
  }
}

function addTotals(totals: ClassTotals, part: ClassTotals): void {
  for (const key of ['hit', 'actual', 'predicted', 'size'] as const) {
    const sums = totals[key]
    const parts = part[key]
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (parts[i] ?? 0)
  }
}

/** Rows of sets repeat the same few pairs of sets: each pair is spread over its classes once. */
function addSetRows(totals: ClassTotals, data: MetricData, groups: GroupColumn | undefined): void {
  const { labels, weights, labelSets = [] } = data
  const predictions = data.predictions ?? labels
  const sets = labelSets.length
  const tally = new Map<number, number>()
  for (let row = 0; row < data.n; row++) {
    const group = groupAt(groups, row)
    if (group < 0) continue
    const key = (group * sets + (labels[row] ?? 0)) * sets + (predictions[row] ?? 0)
    tally.set(key, (tally.get(key) ?? 0) + weightAt(weights, row))
  }
  const keys = [...tally.keys()].sort((a, b) => a - b)
  const places = cellPlaces(
    {
      group: keys.map((key) => Math.floor(key / (sets * sets))),
      label: keys.map((key) => Math.floor(key / sets) % sets),
      prediction: keys.map((key) => key % sets),
    },
    { classes: totals.classes, labelSets },
  )
  addCells(
    totals,
    places,
    keys.map((key) => tally.get(key) ?? 0),
  )
}

/** A row's group; -1 where it has none. */
function groupAt(groups: GroupColumn | undefined, row: number): number {
  return groups === undefined ? 0 : (groups.codes[row] ?? -1)
}
