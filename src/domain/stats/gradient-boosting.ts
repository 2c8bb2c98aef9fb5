import { type BinnedFeature, orderByLabel } from './binned-feature.js'
import { firstGains, growTree, type Tree, type TreeShape, treeValue } from './boosted-tree.js'
import type { RandomSource } from './random.js'
import { sortOrder } from './sort-order.js'

/** Looked up once: where globals are slow to reach, as in a test's own context, they are most of the cost of a loop. */
const { exp } = Math

export interface BoostingOptions extends TreeShape {
  readonly trees: number
  /** How much of each tree is added. */
  readonly rate: number
  /** The share of rows that a tree learns from. */
  readonly subsample: number
  /** How many features a tree may split on: where there are more, half are those that differ most, half are drawn. */
  readonly featuresPerTree: number
}

export interface BoostedTrees {
  /** What the splits on each feature won, in all trees. */
  readonly gains: Float64Array
  /** The log odds of label 1. `replaced` stands for one feature's rows: row i of it is what row i is to be scored with. */
  score(rows: Uint32Array, replaced?: Replaced): Float64Array
}

/** A feature whose values are taken from other rows. */
export interface Replaced {
  readonly feature: number
  /** For each of the rows scored, whose value it gets. */
  readonly from: Uint32Array
}

export interface BoostingInput {
  readonly features: readonly BinnedFeature[]
  /** 1 for positive; one a row. */
  readonly labels: Uint8Array
  /** Which rows to learn from. */
  readonly rows: Uint32Array
  readonly options: BoostingOptions
  readonly random: RandomSource
}

interface State {
  readonly bins: readonly Uint8Array[]
  readonly binCount: number
  readonly scores: Float64Array
  readonly gradients: Float64Array
  readonly curvatures: Float64Array
}

/**
 * Stochastic gradient boosting of shallow trees for the log loss (Friedman 2001 and 2002), on binned features: sees shifts, changes
 * of spread and of how columns go together. Needs both labels among the rows.
 */
export function boostTrees(input: BoostingInput): BoostedTrees {
  const { features, labels, rows, options, random } = input
  const bins = features.map((feature) =>
    feature.ordered ? feature.bins : orderByLabel(feature, labels, rows).bins,
  )
  const prior = priorLogOdds(labels, rows)
  const state: State = {
    bins,
    binCount: features.reduce((most, { count }) => Math.max(most, count), 2),
    scores: new Float64Array(labels.length).fill(prior),
    gradients: new Float64Array(labels.length),
    curvatures: new Float64Array(labels.length),
  }
  const gains = new Float64Array(features.length)
  const trees: Tree[] = []
  let ranking: Uint32Array | undefined
  for (let t = 0; t < options.trees; t++) {
    differentiate(state, labels, rows)
    ranking ??= rankFeatures(state, input)
    const tree = growTree(
      {
        features: bins,
        candidates: drawFeatures(ranking, options.featuresPerTree, random),
        bins: state.binCount,
        rows: drawRows(rows, options.subsample, random),
        gradients: state.gradients,
        curvatures: state.curvatures,
        shape: options,
      },
      gains,
    )
    addTree(state, tree, { rows, rate: options.rate })
    trees.push(tree)
  }
  const score = (scored: Uint32Array, replaced?: Replaced): Float64Array =>
    scoreRows({ trees, bins, prior, rate: options.rate }, scored, replaced)
  return { gains, score }
}

function priorLogOdds(labels: Uint8Array, rows: Uint32Array): number {
  let ones = 0
  for (const row of rows) ones += labels[row] ?? 0
  return Math.log((ones + 0.5) / (rows.length - ones + 0.5))
}

/** First and second derivative of each row's log loss. */
function differentiate(state: State, labels: Uint8Array, rows: Uint32Array): void {
  for (const row of rows) {
    const p = 1 / (1 + exp(-(state.scores[row] ?? 0)))
    state.gradients[row] = p - (labels[row] ?? 0)
    state.curvatures[row] = p * (1 - p)
  }
}

/** The features, those that differ most by themselves first. */
function rankFeatures(state: State, { features, rows, options }: BoostingInput): Uint32Array {
  const all = Int32Array.from(features, (_, index) => index)
  if (features.length <= options.featuresPerTree) return Uint32Array.from(all)
  const gains = firstGains({
    features: state.bins,
    candidates: all,
    bins: state.binCount,
    rows,
    gradients: state.gradients,
    curvatures: state.curvatures,
    shape: options,
  })
  return sortOrder(gains.map((gain) => -gain))
}

function drawFeatures(ranking: Uint32Array, most: number, random: RandomSource): Int32Array {
  if (ranking.length <= most) return Int32Array.from(ranking)
  const order = Int32Array.from(ranking)
  for (let i = most >> 1; i < most; i++) {
    const other = i + random.below(order.length - i)
    const kept = order[i] ?? 0
    order[i] = order[other] ?? 0
    order[other] = kept
  }
  return order.slice(0, most).sort()
}

function drawRows(rows: Uint32Array, share: number, random: RandomSource): Uint32Array {
  if (share >= 1) return rows
  const drawn = new Uint32Array(rows.length)
  let count = 0
  for (const row of rows) if (random.next() < share) drawn[count++] = row
  return drawn.subarray(0, count)
}

function addTree(
  state: State,
  tree: Tree,
  { rows, rate }: { readonly rows: Uint32Array; readonly rate: number },
): void {
  for (const row of rows) {
    state.scores[row] = (state.scores[row] ?? 0) + rate * treeValue(tree, state.bins, row)
  }
}

interface Ensemble {
  readonly trees: readonly Tree[]
  readonly bins: readonly Uint8Array[]
  readonly prior: number
  readonly rate: number
}

function scoreRows(ensemble: Ensemble, rows: Uint32Array, replaced?: Replaced): Float64Array {
  const features = replaced === undefined ? ensemble.bins : withReplaced(ensemble, rows, replaced)
  const scores = new Float64Array(rows.length)
  for (const tree of ensemble.trees) {
    for (let i = 0; i < rows.length; i++) {
      scores[i] = (scores[i] ?? 0) + treeValue(tree, features, rows[i] ?? 0)
    }
  }
  return scores.map((sum) => ensemble.prior + ensemble.rate * sum)
}

function withReplaced(
  { bins }: Ensemble,
  rows: Uint32Array,
  { feature, from }: Replaced,
): readonly Uint8Array[] {
  const own = bins[feature] ?? new Uint8Array()
  const changed = own.slice()
  for (let i = 0; i < rows.length; i++) changed[rows[i] ?? 0] = own[from[i] ?? 0] ?? 0
  return bins.map((column, index) => (index === feature ? changed : column))
}
