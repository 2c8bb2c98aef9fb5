import { keptOrder } from '../../stats/sort-order.js'
import { upperGamma } from '../../stats/special/gamma.js'
import { normalMultiplier, normalSf } from '../../stats/special/normal.js'

/** Rows with what turned out, what was expected by the same rule on both sides, and the variance of their difference by chance. */
export interface Outcomes {
  /** By which rows are alike: the score, or the prediction. */
  readonly keys: Float64Array
  readonly observed: Float64Array
  readonly expected: Float64Array
  readonly variances: Float64Array
}

export interface CellComparison {
  readonly pValue: number
  /** Root mean square over the current rows of the change of the gap, without its variance by chance. */
  readonly distance: number
  readonly bins: number
}

const BINS = 20
/** With fewer rows, or less variance, a bin is joined to the next: the chi-square needs both. */
const FEWEST = 10
const FEWEST_VARIANCE = 5

interface Cell {
  readonly n: number
  /** Sum of observed minus expected, and of its squares. */
  readonly gap: number
  readonly squares: number
  /** Sum of the variances by chance. */
  readonly variance: number
}

const EMPTY: Cell = { n: 0, gap: 0, squares: 0, variance: 0 }

/**
 * Whether outcomes at the same key are as they were: the chi-square of the changes of mean (observed - expected) between reference and
 * current rows, over bins of the reference's keys. What the expectation had wrong already in the reference cancels. The distance takes
 * off what chance adds, as the debiased calibration error of Kumar, Liang & Ma (2019, NeurIPS). Too few rows -> undefined.
 */
export function compareCells(reference: Outcomes, current: Outcomes): CellComparison | undefined {
  const edges = edgesOf(reference.keys)
  const cells = joinSmall(tally(reference, edges), tally(current, edges))
  let chiSquare = 0
  let square = 0
  let rows = 0
  for (const { before, now } of cells) {
    const change = now.gap / now.n - before.gap / before.n
    const variance = rowVariance(before, now) * (1 / now.n + 1 / before.n)
    chiSquare += variance > 0 ? (change * change) / variance : 0
    square += now.n * (change * change - variance)
    rows += now.n
  }
  if (rows === 0) return undefined
  const pValue = upperGamma(cells.length / 2, chiSquare / 2)
  return { pValue, distance: Math.sqrt(Math.max(0, square / rows)), bins: cells.length }
}

/** What is expected may be wrong, and then says too little of the variance: the larger of its word and what is seen. */
function rowVariance(before: Cell, now: Cell): number {
  const said = before.variance + now.variance
  return Math.max(said, before.squares + now.squares) / (before.n + now.n)
}

/** The keys at each twentieth of the rows, each once. */
export function edgesOf(keys: Float64Array): Float64Array {
  const order = keptOrder(keys)
  const edges = Array.from({ length: BINS - 1 }, (_, k) => {
    const rank = Math.floor(((k + 1) * order.length) / BINS)
    return keys[order[rank] ?? 0] ?? 0
  })
  return Float64Array.from(new Set(edges))
}

/** Keys up to an edge belong below it. */
export function binOf(edges: Float64Array, key: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (key <= (edges[middle] ?? 0)) high = middle
    else low = middle + 1
  }
  return low
}

/** The mean and variance of what was observed at nearly the same key, for any keys. */
export function binnedExpectation(
  keys: Float64Array,
  observed: Float64Array,
): (others: Float64Array) => Pick<Outcomes, 'expected' | 'variances'> {
  const edges = edgesOf(keys)
  const sums = Array.from({ length: edges.length + 1 }, () => ({ n: 0, sum: 0, squares: 0 }))
  keys.forEach((key, i) => {
    const cell = sums[binOf(edges, key)]
    const value = observed[i] ?? 0
    if (cell === undefined) return
    cell.n++
    cell.sum += value
    cell.squares += value * value
  })
  const means = sums.map(({ n, sum }) => (n > 0 ? sum / n : 0))
  const spreads = sums.map(({ n, squares }, bin) =>
    n > 0 ? Math.max(0, squares / n - (means[bin] ?? 0) ** 2) : 0,
  )
  return (others) => {
    const bins = others.map((key) => binOf(edges, key))
    return {
      expected: bins.map((bin) => means[bin] ?? 0),
      variances: bins.map((bin) => spreads[bin] ?? 0),
    }
  }
}

function tally({ keys, observed, expected, variances }: Outcomes, edges: Float64Array): Cell[] {
  const bins = edges.length + 1
  const counts = new Float64Array(bins)
  const gaps = new Float64Array(bins)
  const squares = new Float64Array(bins)
  const spreads = new Float64Array(bins)
  for (let i = 0; i < keys.length; i++) {
    const bin = binOf(edges, keys[i] ?? 0)
    const gap = (observed[i] ?? 0) - (expected[i] ?? 0)
    counts[bin] = (counts[bin] ?? 0) + 1
    gaps[bin] = (gaps[bin] ?? 0) + gap
    squares[bin] = (squares[bin] ?? 0) + gap * gap
    spreads[bin] = (spreads[bin] ?? 0) + (variances[i] ?? 0)
  }
  return Array.from(counts, (n, bin) => ({
    n,
    gap: gaps[bin] ?? 0,
    squares: squares[bin] ?? 0,
    variance: spreads[bin] ?? 0,
  }))
}

interface CellPair {
  readonly before: Cell
  readonly now: Cell
}

function joinSmall(before: readonly Cell[], now: readonly Cell[]): CellPair[] {
  const pairs: CellPair[] = []
  let open: CellPair = { before: EMPTY, now: EMPTY }
  before.forEach((cell, bin) => {
    open = { before: sumOf(open.before, cell), now: sumOf(open.now, now[bin]) }
    const fewest = Math.min(open.before.n, open.now.n)
    if (fewest < FEWEST || fewest * rowVariance(open.before, open.now) < FEWEST_VARIANCE) return
    pairs.push(open)
    open = { before: EMPTY, now: EMPTY }
  })
  const last = pairs.pop()
  if (last === undefined) return []
  return [...pairs, { before: sumOf(last.before, open.before), now: sumOf(last.now, open.now) }]
}

function sumOf(one: Cell, other: Cell | undefined): Cell {
  if (other === undefined) return one
  return {
    n: one.n + other.n,
    gap: one.gap + other.gap,
    squares: one.squares + other.squares,
    variance: one.variance + other.variance,
  }
}

export interface GapComparison {
  readonly realised: number
  readonly expected: number
  /** Interval of realised minus expected, beyond that of the reference. */
  readonly low: number
  readonly high: number
  readonly pValue: number
}

/** Whether the mean outcome is as expected, beyond what the expectation had wrong in the reference. */
export function compareGaps(
  reference: Outcomes,
  current: Outcomes,
  confidence: number,
): GapComparison {
  const before = meansOf(reference)
  const now = meansOf(current)
  const change = now.observed - now.expected - (before.observed - before.expected)
  const error = Math.sqrt(before.variance + now.variance)
  const half = normalMultiplier(confidence) * error
  const z = change === 0 ? 0 : Math.abs(change) / error
  return {
    realised: now.observed,
    expected: now.expected + before.observed - before.expected,
    low: change - half,
    high: change + half,
    pValue: Math.min(1, 2 * normalSf(z)),
  }
}

function meansOf({ observed, expected, variances }: Outcomes) {
  const n = observed.length
  const sums = { observed: 0, expected: 0, variance: 0, squares: 0 }
  for (let i = 0; i < n; i++) {
    const gap = (observed[i] ?? 0) - (expected[i] ?? 0)
    sums.observed += observed[i] ?? 0
    sums.expected += expected[i] ?? 0
    sums.variance += variances[i] ?? 0
    sums.squares += gap * gap
  }
  return {
    observed: sums.observed / n,
    expected: sums.expected / n,
    variance: Math.max(sums.variance, sums.squares) / (n * n),
  }
}
