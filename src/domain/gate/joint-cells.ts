import { clearTotals, emptyTotals } from '../metrics/class-totals.js'
import type { MetricData, MetricOptions, Outcome } from '../metrics/data.js'
import type { ConfusionMetric, Strata } from '../metrics/metric.js'
import { addCells, cellPlaces } from '../metrics/totals-cells.js'
import type { Pair } from './examples.js'

/** What makes examples alike for a metric of confusion tables: group, label, and the predictions of both models, as codes. */
export interface CellKeys {
  readonly classes: number
  readonly labelSets: readonly Int32Array[] | undefined
  readonly groupNames: readonly string[]
  readonly positive: number | undefined
  readonly group: Int32Array
  readonly label: Int32Array
  readonly candidate: Int32Array
  readonly baseline: Int32Array
}

/** Cells of examples that are alike: only those that occur, in an order that does not depend on the rows. */
export interface JointCells extends CellKeys {
  readonly counts: readonly number[]
  /** Each row's cell; -1 for rows that are in none, for want of a group. */
  readonly rowCells: Int32Array
}

/** Up to so many possible cells are counted in a table, more in a map. */
const TABLE = 1 << 16

/** Counts the cells of one or two models. With `byGroup`, rows without a group are left out. */
export function jointCells(pair: Pair, byGroup: boolean): JointCells {
  const { candidate } = pair
  const codes = codesOf(candidate)
  const groups = byGroup ? candidate.groups : undefined
  const keys = keysOfRows(pair, codes, groups?.codes)
  const possible = Math.max(1, groups?.names.length ?? 1) * codes ** 3
  const { found, rowCells, counts } = possible <= TABLE ? byTable(keys, possible) : byMap(keys)
  const part = (divisor: number, size: number) =>
    Int32Array.from(found, (key) => Math.floor(key / divisor) % size)
  return {
    classes: candidate.classes.length,
    labelSets: candidate.labelSets,
    groupNames: groups?.names ?? [],
    positive: candidate.positive,
    counts,
    rowCells,
    group: part(codes ** 3, Math.max(1, groups?.names.length ?? 1)),
    label: part(codes ** 2, codes),
    candidate: part(codes, codes),
    baseline: part(1, codes),
  }
}

/** How many codes labels and predictions may have: classes, or sets of them. */
function codesOf(data: MetricData): number {
  return data.labelSets?.length ?? data.classes.length
}

/** Each row's cell as one number; -1 for none. */
function keysOfRows(pair: Pair, codes: number, groups: Int32Array | undefined): Float64Array {
  const { labels, predictions = labels, n } = pair.candidate
  const others = pair.baseline?.predictions
  const keys = new Float64Array(n)
  for (let row = 0; row < n; row++) {
    const group = groups === undefined ? 0 : (groups[row] ?? -1)
    const label = group * codes + (labels[row] ?? 0)
    const key = (label * codes + (predictions[row] ?? 0)) * codes + (others?.[row] ?? 0)
    keys[row] = group < 0 ? -1 : key
  }
  return keys
}

interface Counted {
  readonly found: readonly number[]
  readonly counts: readonly number[]
  readonly rowCells: Int32Array
}

function byTable(keys: Float64Array, possible: number): Counted {
  const tally = new Float64Array(possible)
  for (const key of keys) if (key >= 0) tally[key] = (tally[key] ?? 0) + 1
  const found: number[] = []
  const place = new Int32Array(possible)
  tally.forEach((count, key) => {
    if (count === 0) return
    place[key] = found.length
    found.push(key)
  })
  const rowCells = new Int32Array(keys.length)
  for (let row = 0; row < keys.length; row++) {
    const key = keys[row] ?? -1
    rowCells[row] = key < 0 ? -1 : (place[key] ?? -1)
  }
  return { found, counts: found.map((key) => tally[key] ?? 0), rowCells }
}

function byMap(keys: Float64Array): Counted {
  const tally = new Map<number, number>()
  for (const key of keys) if (key >= 0) tally.set(key, (tally.get(key) ?? 0) + 1)
  const found = [...tally.keys()].sort((a, b) => a - b)
  const place = new Map(found.map((key, cell) => [key, cell]))
  const rowCells = Int32Array.from(keys, (key) => place.get(key) ?? -1)
  return { found, counts: found.map((key) => tally.get(key) ?? 0), rowCells }
}

/** The lists of cells whose totals a resample keeps. */
export function strataOf(cells: JointCells, strata: Strata): number[][] {
  const byGroup = strata === 'group' || strata === 'group-and-label'
  const byLabel = strata === 'label' || strata === 'group-and-label'
  const codes = cells.labelSets?.length ?? cells.classes
  const lists = new Map<number, number[]>()
  for (let cell = 0; cell < cells.counts.length; cell++) {
    const group = byGroup ? (cells.group[cell] ?? 0) : 0
    const label = byLabel ? (cells.label[cell] ?? 0) : 0
    const key = group * codes + label
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [cell])
    else list.push(cell)
  }
  return [...lists.values()]
}

/** One model's metric as a function of the cells' counts or weights; fast enough to be called for every resample. */
export function cellMetric(
  cells: CellKeys,
  model: 'candidate' | 'baseline',
  ask: { readonly metric: ConfusionMetric; readonly options: MetricOptions },
): (counts: ArrayLike<number>) => Outcome {
  const totals = emptyTotals(cells)
  const { group, label } = cells
  const places = cellPlaces({ group, label, prediction: cells[model] }, cells)
  return (counts) => {
    clearTotals(totals)
    addCells(totals, places, counts)
    return ask.metric.ofTotals(totals, ask.options)
  }
}
