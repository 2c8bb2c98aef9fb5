import { type MetricData, weightAt } from './data.js'

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
}

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
  }
}

/** Sets all totals back to zero, to use them again. */
export function clearTotals(totals: ClassTotals): void {
  totals.hit.fill(0)
  totals.actual.fill(0)
  totals.predicted.fill(0)
  totals.size.fill(0)
}

export interface TotalsCell {
  readonly group: number
  readonly label: number
  readonly prediction: number
}

/** Adds rows of the same group, label and prediction. */
function addToTotals(totals: ClassTotals, cell: TotalsCell, weight: number): void {
  const base = cell.group * totals.classes
  const label = base + cell.label
  const prediction = base + cell.prediction
  totals.actual[label] = (totals.actual[label] ?? 0) + weight
  totals.predicted[prediction] = (totals.predicted[prediction] ?? 0) + weight
  totals.size[cell.group] = (totals.size[cell.group] ?? 0) + weight
  if (label === prediction) totals.hit[label] = (totals.hit[label] ?? 0) + weight
}

/** Totals of a model's predictions. With `byGroup`, rows whose group is missing are left out. */
export function totalsOf(data: MetricData, byGroup: boolean): ClassTotals {
  const groups = byGroup ? data.groups : undefined
  const totals = emptyTotals({
    classes: data.classes.length,
    positive: data.positive,
    groupNames: groups?.names ?? [],
  })
  for (let row = 0; row < data.n; row++) {
    const group = groups === undefined ? 0 : (groups.codes[row] ?? -1)
    if (group < 0) continue
    addToTotals(totals, cellOf(data, row, group), weightAt(data.weights, row))
  }
  return totals
}

function cellOf(data: MetricData, row: number, group: number): TotalsCell {
  return { group, label: data.labels[row] ?? 0, prediction: data.predictions?.[row] ?? 0 }
}

/** Sum over the classes of the first group. */
export function totalOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}
