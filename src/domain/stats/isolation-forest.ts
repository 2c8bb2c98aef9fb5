import { shuffleFirst } from './draw-rows.js'
import type { RandomSource } from './random.js'

/** Rows of finite numbers. */
export interface RowMatrix {
  readonly rows: number
  readonly columns: number
  /** Row after row. */
  readonly values: Float64Array
}

/** A binary tree as arrays: the children of node i are `left[i]` and `left[i] + 1`. */
interface IsolationTree {
  /** The column that a node splits by; -1 for a leaf. */
  readonly feature: Int32Array
  /** Values up to this go left; of a leaf, the path's length. */
  readonly threshold: Float64Array
  readonly left: Int32Array
}

export interface IsolationForest {
  readonly columns: number
  /** Rows that each tree has seen. */
  readonly sampleSize: number
  readonly trees: readonly IsolationTree[]
}

export interface IsolationOptions {
  readonly trees?: number | undefined
  readonly sampleSize?: number | undefined
  readonly random: RandomSource
}

const USUAL_TREES = 100
const USUAL_SAMPLE = 256
/** Rows that are taken through all trees at a time, so that they stay in the processor's cache. */
const BLOCK = 512

/**
 * The mean length of a path that does not find what it looks for in a binary search tree of n keys: c(n) of Liu, Ting
 * & Zhou, with the harmonic number as log(n - 1) plus Euler's constant, as scikit-learn has it. Up to one row: 0.
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0
  if (n === 2) return 1
  return 2 * (Math.log(n - 1) + 0.5772156649015329) - (2 * (n - 1)) / n
}

/**
 * Grows an isolation forest (Liu, Ting & Zhou 2008): each tree parts a subsample drawn without replacement by a
 * column and a threshold drawn uniformly, no deeper than log2 of its size. No rows or columns: undefined.
 */
export function growIsolationForest(
  matrix: RowMatrix,
  { trees = USUAL_TREES, sampleSize = USUAL_SAMPLE, random }: IsolationOptions,
): IsolationForest | undefined {
  if (matrix.rows === 0 || matrix.columns === 0) return undefined
  const order = new Uint32Array(matrix.rows)
  for (let row = 0; row < order.length; row++) order[row] = row
  const size = Math.min(sampleSize, matrix.rows)
  const grown = Array.from({ length: trees }, () => {
    shuffleFirst(order, size, random)
    return growTree(matrix, order.slice(0, size), random)
  })
  return { columns: matrix.columns, sampleSize: size, trees: grown }
}

/**
 * The anomaly score of each row, 2^(-E[path length] / c(sample size)): near 1 for rows that are parted from the rest
 * at once, under 0.5 for ordinary ones; scikit-learn's `score_samples` with the sign turned.
 */
export function anomalyScores(forest: IsolationForest, matrix: RowMatrix): Float64Array {
  const lengths = new Float64Array(matrix.rows)
  for (let start = 0; start < matrix.rows; start += BLOCK) {
    const end = Math.min(start + BLOCK, matrix.rows)
    for (const tree of forest.trees) addLengths(lengths, tree, { matrix, start, end })
  }
  // One row alone has no path: nothing is parted, and scikit-learn calls such a row ordinary too.
  const usual = forest.trees.length * averagePathLength(forest.sampleSize)
  return lengths.map((length) => (usual === 0 ? 0.5 : 2 ** (-length / usual)))
}

interface Block {
  readonly matrix: RowMatrix
  readonly start: number
  readonly end: number
}

function addLengths(
  lengths: Float64Array,
  { feature, threshold, left }: IsolationTree,
  { matrix: { values, columns }, start, end }: Block,
): void {
  for (let row = start; row < end; row++) {
    const offset = row * columns
    let node = 0
    let column = feature[0] ?? -1
    while (column >= 0) {
      const goesLeft = (values[offset + column] ?? 0) <= (threshold[node] ?? 0)
      node = (left[node] ?? 0) + (goesLeft ? 0 : 1)
      column = feature[node] ?? -1
    }
    lengths[row] = (lengths[row] ?? 0) + (threshold[node] ?? 0)
  }
}

interface Part {
  readonly node: number
  readonly start: number
  readonly end: number
  readonly depth: number
}

function growTree(matrix: RowMatrix, rows: Uint32Array, random: RandomSource): IsolationTree {
  const most = 2 * rows.length
  const feature = new Int32Array(most).fill(-1)
  const threshold = new Float64Array(most)
  const left = new Int32Array(most)
  const deepest = Math.ceil(Math.log2(Math.max(2, rows.length)))
  const columns = new Int32Array(matrix.columns)
  const open: Part[] = [{ node: 0, start: 0, end: rows.length, depth: 0 }]
  let nodes = 1
  for (let part = open.pop(); part !== undefined; part = open.pop()) {
    const { node, start, end, depth } = part
    const split =
      depth < deepest ? drawSplit({ matrix, rows, start, end }, columns, random) : undefined
    if (split === undefined) {
      threshold[node] = depth + averagePathLength(end - start)
      continue
    }
    feature[node] = split.column
    threshold[node] = split.threshold
    left[node] = nodes
    const middle = partition({ matrix, rows, start, end }, split)
    open.push({ node: nodes, start, end: middle, depth: depth + 1 })
    open.push({ node: nodes + 1, start: middle, end, depth: depth + 1 })
    nodes += 2
  }
  return {
    feature: feature.slice(0, nodes),
    threshold: threshold.slice(0, nodes),
    left: left.slice(0, nodes),
  }
}

interface Span {
  readonly matrix: RowMatrix
  readonly rows: Uint32Array
  readonly start: number
  readonly end: number
}

interface Split {
  readonly column: number
  readonly threshold: number
}

/** A column drawn uniformly among those that vary in the part; none: undefined. */
function drawSplit(span: Span, columns: Int32Array, random: RandomSource): Split | undefined {
  if (span.end - span.start < 2) return undefined
  for (let column = 0; column < columns.length; column++) columns[column] = column
  // Columns are drawn one after the other until one varies, which is uniform among those that do.
  for (let left = columns.length; left > 0; left--) {
    const place = random.below(left)
    const column = columns[place] ?? 0
    columns[place] = columns[left - 1] ?? 0
    const { low, high } = extentOf(span, column)
    if (low < high) return { column, threshold: between(low, high, random.next()) }
  }
  return undefined
}

/** Never the upper end itself: something must be left to go right. */
function between(low: number, high: number, share: number): number {
  const threshold = low * (1 - share) + high * share
  return threshold >= high || threshold < low ? low : threshold
}

function extentOf(
  { matrix: { values, columns }, rows, start, end }: Span,
  column: number,
): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (let place = start; place < end; place++) {
    const value = values[(rows[place] ?? 0) * columns + column] ?? 0
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}

/** Brings the rows that go left to the front of the span; gives where the others begin. */
function partition(
  { matrix: { values, columns }, rows, start, end }: Span,
  { column, threshold }: Split,
): number {
  let middle = start
  for (let place = start; place < end; place++) {
    const row = rows[place] ?? 0
    if ((values[row * columns + column] ?? 0) > threshold) continue
    rows[place] = rows[middle] ?? 0
    rows[middle++] = row
  }
  return middle
}
