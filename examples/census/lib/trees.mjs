/**
 * Gradient-boosted decision trees for a yes/no label: the learner and the model.
 *
 * Each round fits one small tree to the gradient of the logistic loss on a random share of the rows
 * (Friedman 2002), with the second-order gain and leaf values of XGBoost (Chen & Guestrin 2016).
 * Values are put into at most 64 bins first, so that a split is found in a histogram.
 */
import { randomNumbers } from './random.mjs'

export const DEFAULT_PARAMETERS = {
  rounds: 80,
  depth: 4,
  'learning-rate': 0.2,
  l2: 1,
  'min-child-weight': 50,
  subsample: 0.5,
}

const MAX_BINS = 64

/**
 * Learns a model from a row-major matrix of integers and labels 0 or 1. The same arguments give the
 * same model, to the byte. `onRound(round, logLoss)` is called after each tree.
 */
export function learn({ features, matrix, labels, parameters, seed, onRound = () => {} }) {
  const settings = { ...DEFAULT_PARAMETERS, ...parameters }
  const rows = labels.length
  const random = randomNumbers(seed)
  const bins = binned(matrix, features.length)
  const positives = labels.reduce((sum, label) => sum + label, 0)
  if (positives === 0 || positives === rows) throw new Error('The labels are all the same.')
  const bias = round6(Math.log(positives / (rows - positives)))

  const margins = new Float64Array(rows).fill(bias)
  const gradients = new Float64Array(rows)
  const hessians = new Float64Array(rows)
  const trees = []
  for (let round = 1; round <= settings.rounds; round++) {
    const loss = differentiate({ labels, margins, gradients, hessians })
    const sample = sampledRows(rows, settings.subsample, random)
    const grower = new TreeGrower({ features, bins, gradients, hessians, settings })
    const tree = grower.grow(sample)
    const compiled = compileTree(tree, features)
    for (let row = 0; row < rows; row++) {
      margins[row] += treeValue(compiled, matrix, row * features.length)
    }
    trees.push(tree)
    onRound(round, loss)
  }
  return {
    format: 'census-trees/1',
    label: 'employed',
    features,
    seed,
    parameters: settings,
    bias,
    trees,
  }
}

/** Gradient and curvature of the logistic loss at each row; returns the mean loss. */
function differentiate({ labels, margins, gradients, hessians }) {
  let loss = 0
  for (let row = 0; row < labels.length; row++) {
    const p = sigmoid(margins[row])
    gradients[row] = p - labels[row]
    hessians[row] = p * (1 - p)
    loss -= Math.log(labels[row] === 1 ? p : 1 - p)
  }
  return loss / labels.length
}

function sampledRows(rows, share, random) {
  const sample = new Int32Array(rows)
  let size = 0
  for (let row = 0; row < rows; row++) if (random() < share) sample[size++] = row
  return sample.subarray(0, size)
}

/**
 * For each feature the upper ends of its bins, and for each cell of the matrix the number of its bin,
 * counted over all features, so that one histogram holds them all.
 */
function binned(matrix, width) {
  const cells = new Uint16Array(matrix.length)
  const upperEnds = []
  const starts = []
  let start = 0
  for (let f = 0; f < width; f++) {
    const column = new Int32Array(matrix.length / width)
    for (let row = 0; row < column.length; row++) column[row] = matrix[row * width + f]
    const ends = binEnds(column)
    const binOf = new Map()
    for (const value of new Set(column)) {
      const bin = ends.findIndex((end) => value <= end)
      binOf.set(value, start + bin)
    }
    for (let row = 0; row < column.length; row++) {
      cells[row * width + f] = binOf.get(column[row])
    }
    upperEnds.push(ends)
    starts.push(start)
    start += ends.length
  }
  return { cells, upperEnds, starts, total: start, width }
}

/** Every distinct value, or its quantiles where there are more than 64. */
function binEnds(column) {
  const distinct = [...new Set(column)].sort((a, b) => a - b)
  if (distinct.length <= MAX_BINS) return distinct
  const sorted = column.slice().sort()
  const ends = new Set()
  for (let k = 1; k <= MAX_BINS; k++)
    ends.add(sorted[Math.ceil((k * sorted.length) / MAX_BINS) - 1])
  return [...ends]
}

/** Grows one tree. A node is `{ column, atMost, yes, no }`; a leaf is the number to add to the margin. */
class TreeGrower {
  constructor({ features, bins, gradients, hessians, settings }) {
    Object.assign(this, { features, bins, gradients, hessians, settings })
  }

  grow(rows) {
    return this.node({ rows, histogram: this.histogram(rows), depth: 0 })
  }

  node({ rows, histogram, depth }) {
    const split = depth < this.settings.depth ? this.bestSplit(histogram) : undefined
    if (!split) return this.leaf(histogram)
    const [yes, no] = this.partition(rows, split)
    // The histogram of the larger half is the parent's less the smaller half's.
    const small = yes.length <= no.length ? yes : no
    const ofSmall = this.histogram(small)
    const ofLarge = histogram.map((sum, i) => sum - ofSmall[i])
    const child = (half) =>
      this.node({ rows: half, histogram: half === small ? ofSmall : ofLarge, depth: depth + 1 })
    const { feature, bin } = split
    const atMost = this.bins.upperEnds[feature][bin]
    return { column: this.features[feature], atMost, yes: child(yes), no: child(no) }
  }

  /** Sums of gradient and curvature in each bin of each feature, alternating. */
  histogram(rows) {
    const { cells, total, width } = this.bins
    const sums = new Float64Array(2 * total)
    for (const row of rows) {
      const gradient = this.gradients[row]
      const hessian = this.hessians[row]
      const end = (row + 1) * width
      for (let i = row * width; i < end; i++) {
        const at = 2 * cells[i]
        sums[at] += gradient
        sums[at + 1] += hessian
      }
    }
    return sums
  }

  /** The sums over all rows of a node: those over the bins of any one feature. */
  totals(histogram) {
    let gradient = 0
    let hessian = 0
    for (let bin = 0; bin < this.bins.upperEnds[0].length; bin++) {
      gradient += histogram[2 * bin]
      hessian += histogram[2 * bin + 1]
    }
    return { gradient, hessian }
  }

  bestSplit(histogram) {
    const { l2, 'min-child-weight': least } = this.settings
    const all = this.totals(histogram)
    const quality = (gradient, hessian) => (gradient * gradient) / (hessian + l2)
    let best
    let bestGain = quality(all.gradient, all.hessian) + 1e-6
    for (const [feature, ends] of this.bins.upperEnds.entries()) {
      let gradient = 0
      let hessian = 0
      for (let bin = 0; bin < ends.length - 1; bin++) {
        const at = 2 * (this.bins.starts[feature] + bin)
        gradient += histogram[at]
        hessian += histogram[at + 1]
        if (hessian < least || all.hessian - hessian < least) continue
        const gain =
          quality(gradient, hessian) + quality(all.gradient - gradient, all.hessian - hessian)
        if (gain > bestGain) {
          bestGain = gain
          best = { feature, bin }
        }
      }
    }
    return best
  }

  partition(rows, { feature, bin }) {
    const { cells, starts, width } = this.bins
    const last = starts[feature] + bin
    const yes = new Int32Array(rows.length)
    const no = new Int32Array(rows.length)
    let yesses = 0
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]
      if (cells[row * width + feature] <= last) yes[yesses++] = row
      else no[i - yesses] = row
    }
    return [yes.subarray(0, yesses), no.subarray(0, rows.length - yesses)]
  }

  leaf(histogram) {
    const { gradient, hessian } = this.totals(histogram)
    return round6((-gradient / (hessian + this.settings.l2)) * this.settings['learning-rate'])
  }
}

/**
 * Makes a model as read from JSON ready to score: `score(matrix, row)` is the probability of the
 * label 1, rounded to 6 digits, so that a file, an answer and a metric hold the same number.
 */
export function createScorer(model) {
  const width = model.features.length
  const trees = model.trees.map((tree) => compileTree(tree, model.features))
  return (matrix, row) => {
    let margin = model.bias
    for (const tree of trees) margin += treeValue(tree, matrix, row * width)
    return round6(sigmoid(margin))
  }
}

/** A tree as flat arrays, which are several times faster to walk than objects. */
function compileTree(root, features) {
  const nodes = []
  const visit = (node) => {
    const at = nodes.push({ feature: -1, threshold: 0, no: 0, value: 0 }) - 1
    if (typeof node === 'number') {
      nodes[at].value = node
    } else {
      nodes[at].feature = features.indexOf(node.column)
      nodes[at].threshold = node.atMost
      visit(node.yes) // always lands right after its parent
      nodes[at].no = visit(node.no)
    }
    return at
  }
  visit(root)
  return {
    feature: Int16Array.from(nodes, (node) => node.feature),
    threshold: Int32Array.from(nodes, (node) => node.threshold),
    no: Int16Array.from(nodes, (node) => node.no),
    value: Float64Array.from(nodes, (node) => node.value),
  }
}

function treeValue(tree, matrix, start) {
  let at = 0
  while (tree.feature[at] >= 0) {
    at = matrix[start + tree.feature[at]] <= tree.threshold[at] ? at + 1 : tree.no[at]
  }
  return tree.value[at]
}

const sigmoid = (x) => 1 / (1 + Math.exp(-x))
const round6 = (x) => Math.round(x * 1e6) / 1e6
