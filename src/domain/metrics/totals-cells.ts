import type { ClassTotals } from './class-totals.js'

/** Cells of examples that are alike: a group, a label and a prediction each; in multi-label the latter are codes of sets. */
export interface TotalsCells {
  readonly group: ArrayLike<number>
  readonly label: ArrayLike<number>
  readonly prediction: ArrayLike<number>
}

/** Where the weight of each cell goes in `ClassTotals`: made once, used for every resample of the counts. */
export type CellPlaces = ClassPlaces | SetPlaces

interface ClassPlaces {
  readonly sets: false
  readonly group: Int32Array
  /** Place of each cell in `actual` and in `predicted`; in `hit` where they are the same. */
  readonly label: Int32Array
  readonly prediction: Int32Array
}

interface SetPlaces {
  readonly sets: true
  readonly group: Int32Array
  readonly actual: Runs
  readonly predicted: Runs
  readonly hit: Runs
  /** Precision, recall and F1 of an example of each cell, cell after cell. */
  readonly samples: Float64Array
}

/** Several places a cell: those of cell `i` from `starts[i]` up to `starts[i + 1]`. */
interface Runs {
  readonly starts: Int32Array
  readonly places: Int32Array
}

export interface CellClasses {
  readonly classes: number
  /** In multi-label: the class codes of each set. */
  readonly labelSets?: readonly Int32Array[] | undefined
}

/** Finds the places of cells in totals of that many classes. */
export function cellPlaces(cells: TotalsCells, { classes, labelSets }: CellClasses): CellPlaces {
  const group = Int32Array.from(cells.group)
  if (labelSets !== undefined) return setPlaces(cells, { group, classes, labelSets })
  return {
    sets: false,
    group,
    label: group.map((code, cell) => code * classes + (cells.label[cell] ?? 0)),
    prediction: group.map((code, cell) => code * classes + (cells.prediction[cell] ?? 0)),
  }
}

interface SetShape {
  readonly group: Int32Array
  readonly classes: number
  readonly labelSets: readonly Int32Array[]
}

function setPlaces(cells: TotalsCells, { group, classes, labelSets }: SetShape): SetPlaces {
  const actual: number[][] = []
  const predicted: number[][] = []
  const hit: number[][] = []
  const samples = new Float64Array(3 * group.length)
  for (let cell = 0; cell < group.length; cell++) {
    const base = (group[cell] ?? 0) * classes
    const truth = [...new Set(labelSets[cells.label[cell] ?? 0] ?? [])]
    const guess = new Set(labelSets[cells.prediction[cell] ?? 0] ?? [])
    const both = truth.filter((code) => guess.has(code))
    actual.push(truth.map((code) => base + code))
    predicted.push([...guess].map((code) => base + code))
    hit.push(both.map((code) => base + code))
    // As scikit-learn: 0/0 counts as 0.
    samples[3 * cell] = both.length / Math.max(1, guess.size)
    samples[3 * cell + 1] = both.length / Math.max(1, truth.length)
    samples[3 * cell + 2] = (2 * both.length) / Math.max(1, truth.length + guess.size)
  }
  return {
    sets: true,
    group,
    actual: runsOf(actual),
    predicted: runsOf(predicted),
    hit: runsOf(hit),
    samples,
  }
}

function runsOf(lists: readonly (readonly number[])[]): Runs {
  const starts = new Int32Array(lists.length + 1)
  lists.forEach((list, i) => {
    starts[i + 1] = (starts[i] ?? 0) + list.length
  })
  return { starts, places: Int32Array.from(lists.flat()) }
}

/** Adds cells to totals, with a count or weight each. */
export function addCells(totals: ClassTotals, places: CellPlaces, counts: ArrayLike<number>): void {
  if (places.sets) addSetCells(totals, places, counts)
  else addClassCells(totals, places, counts)
}

function addClassCells(totals: ClassTotals, places: ClassPlaces, counts: ArrayLike<number>): void {
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

function addSetCells(totals: ClassTotals, places: SetPlaces, counts: ArrayLike<number>): void {
  const { size, samples } = totals
  addRuns(totals.actual, places.actual, counts)
  addRuns(totals.predicted, places.predicted, counts)
  addRuns(totals.hit, places.hit, counts)
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0
    const group = places.group[cell] ?? 0
    size[group] = (size[group] ?? 0) + count
    for (let i = 0; i < 3; i++) {
      samples[i] = (samples[i] ?? 0) + count * (places.samples[3 * cell + i] ?? 0)
    }
  }
}

function addRuns(sums: Float64Array, { starts, places }: Runs, counts: ArrayLike<number>): void {
  for (let cell = 0; cell < counts.length; cell++) {
    const count = counts[cell] ?? 0
    const end = starts[cell + 1] ?? 0
    for (let i = starts[cell] ?? 0; i < end; i++) {
      const place = places[i] ?? 0
      sums[place] = (sums[place] ?? 0) + count
    }
  }
}
