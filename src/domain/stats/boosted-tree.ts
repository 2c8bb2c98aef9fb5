/** A tree of yes-or-no questions as a heap: the children of node i are 2 i + 1 and 2 i + 2. */
export interface Tree {
  /** -1 for a leaf. */
  readonly features: Int32Array
  /** Rows whose bin is at most this go left. */
  readonly thresholds: Uint8Array
  readonly values: Float64Array
}

export interface TreeShape {
  readonly depth: number
  /** The least sum of curvatures in a leaf. */
  readonly leastWeight: number
  /** Added to a leaf's curvatures: draws its value towards 0. */
  readonly penalty: number
}

export interface TreeInput {
  /** Every feature's bins, one a row; those of `candidates` may be split on. */
  readonly features: readonly Uint8Array[]
  readonly candidates: Int32Array
  /** More than any feature's largest bin. */
  readonly bins: number
  /** Which rows to learn from. */
  readonly rows: Uint32Array
  /** Of the loss by the row's score: first and second derivative, one a row. */
  readonly gradients: Float64Array
  readonly curvatures: Float64Array
  readonly shape: TreeShape
}

interface Sums {
  readonly gradient: number
  readonly curvature: number
}

interface Node extends Sums {
  readonly place: number
  readonly start: number
  readonly end: number
  /** For each candidate and bin the sums of gradients and of curvatures, in turn. */
  readonly histogram: Float64Array
}

interface Split {
  readonly candidate: number
  readonly bin: number
  readonly gain: number
  readonly left: Sums
}

/** For each candidate and bin the sums over rows `start` to `end`. */
function histogramOf(input: TreeInput, rows: Uint32Array): Float64Array {
  const { features, candidates, bins, gradients, curvatures } = input
  const result = new Float64Array(candidates.length * bins * 2)
  const ownGradients = new Float64Array(rows.length)
  const ownCurvatures = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0
    ownGradients[i] = gradients[row] ?? 0
    ownCurvatures[i] = curvatures[row] ?? 0
  }
  for (let c = 0; c < candidates.length; c++) {
    const sums = result.subarray(c * bins * 2, (c + 1) * bins * 2)
    const feature = features[candidates[c] ?? 0] ?? new Uint8Array()
    for (let i = 0; i < rows.length; i++) {
      const at = (feature[rows[i] ?? 0] ?? 0) * 2
      sums[at] = (sums[at] ?? 0) + (ownGradients[i] ?? 0)
      sums[at + 1] = (sums[at + 1] ?? 0) + (ownCurvatures[i] ?? 0)
    }
  }
  return result
}

/** The best split of a node by the second-order gain (Friedman 2001; Chen & Guestrin 2016); undefined where none gains. */
function bestSplit(input: TreeInput, node: Node): Split | undefined {
  const { candidates, bins, shape } = input
  const whole = node.gradient ** 2 / (node.curvature + shape.penalty)
  let best: Split | undefined
  for (let candidate = 0; candidate < candidates.length; candidate++) {
    let gradient = 0
    let curvature = 0
    for (let bin = 0, at = candidate * bins * 2; bin < bins - 1; bin++, at += 2) {
      gradient += node.histogram[at] ?? 0
      curvature += node.histogram[at + 1] ?? 0
      if (curvature < shape.leastWeight) continue
      const rest = node.curvature - curvature
      if (rest < shape.leastWeight) break
      const gain =
        gradient ** 2 / (curvature + shape.penalty) +
        (node.gradient - gradient) ** 2 / (rest + shape.penalty) -
        whole
      if (gain > (best?.gain ?? 1e-9))
        best = { candidate, bin, gain, left: { gradient, curvature } }
    }
  }
  return best
}

/** Sorts a node's rows in place, those that go left first, and says where the right ones begin. */
function partition(rows: Uint32Array, node: Node, goesLeft: (row: number) => boolean): number {
  const right: number[] = []
  let place = node.start
  for (let i = node.start; i < node.end; i++) {
    const row = rows[i] ?? 0
    if (goesLeft(row)) rows[place++] = row
    else right.push(row)
  }
  rows.set(right, place)
  return place
}

/** Both children; the histogram of the larger one is what the smaller one's leaves of its parent's (Ke et al. 2017). */
function childrenOf(
  input: TreeInput,
  rows: Uint32Array,
  { node, split, isLast }: { readonly node: Node; readonly split: Split; readonly isLast: boolean },
): readonly [Node, Node] {
  const feature = input.features[input.candidates[split.candidate] ?? 0] ?? new Uint8Array()
  const middle = partition(rows, node, (row) => (feature[row] ?? 0) <= split.bin)
  const right = {
    gradient: node.gradient - split.left.gradient,
    curvature: node.curvature - split.left.curvature,
  }
  const place = 2 * node.place + 1
  const bounds = [
    { place, start: node.start, end: middle, ...split.left },
    { place: place + 1, start: middle, end: node.end, ...right },
  ] as const
  const none = new Float64Array()
  if (isLast)
    return [
      { ...bounds[0], histogram: none },
      { ...bounds[1], histogram: none },
    ]
  const isLeftSmaller = middle - node.start <= node.end - middle
  const small = bounds[isLeftSmaller ? 0 : 1]
  const own = histogramOf(input, rows.subarray(small.start, small.end))
  const other = node.histogram.map((sum, i) => sum - (own[i] ?? 0))
  return [
    { ...bounds[0], histogram: isLeftSmaller ? own : other },
    { ...bounds[1], histogram: isLeftSmaller ? other : own },
  ]
}

function rootOf(input: TreeInput, rows: Uint32Array): Node {
  let gradient = 0
  let curvature = 0
  for (const row of rows) {
    gradient += input.gradients[row] ?? 0
    curvature += input.curvatures[row] ?? 0
  }
  const histogram = histogramOf(input, rows)
  return { place: 0, start: 0, end: rows.length, gradient, curvature, histogram }
}

/**
 * One regression tree on binned features, grown level by level (Friedman 2001, Annals of Statistics 29:1189-1232, with the
 * histograms of Ke et al. 2017, LightGBM). `gains` is added to: what the splits on each feature won.
 */
export function growTree(input: TreeInput, gains: Float64Array): Tree {
  const { shape } = input
  const size = 2 ** (shape.depth + 1) - 1
  const tree = {
    features: new Int32Array(size).fill(-1),
    thresholds: new Uint8Array(size),
    values: new Float64Array(size),
  }
  const rows = input.rows.slice()
  let level: Node[] = [rootOf(input, rows)]
  for (let depth = 0; depth <= shape.depth; depth++) {
    const next: Node[] = []
    for (const node of level) {
      const split = depth < shape.depth ? bestSplit(input, node) : undefined
      if (split === undefined) {
        tree.values[node.place] = -node.gradient / (node.curvature + shape.penalty)
        continue
      }
      const feature = input.candidates[split.candidate] ?? 0
      tree.features[node.place] = feature
      tree.thresholds[node.place] = split.bin
      gains[feature] = (gains[feature] ?? 0) + split.gain
      next.push(...childrenOf(input, rows, { node, split, isLast: depth + 1 === shape.depth }))
    }
    level = next
  }
  return tree
}

/** The largest gain of one split of all rows on each candidate: which features differ by themselves. */
export function firstGains(input: TreeInput): Float64Array {
  const root = rootOf(input, input.rows)
  return Float64Array.from(input.candidates, (feature, c) => {
    const width = input.bins * 2
    const histogram = root.histogram.subarray(c * width, (c + 1) * width)
    const alone = { ...input, candidates: Int32Array.of(feature) }
    return bestSplit(alone, { ...root, histogram })?.gain ?? 0
  })
}

/** What a tree says of a row. */
export function treeValue(tree: Tree, features: readonly Uint8Array[], row: number): number {
  let place = 0
  for (;;) {
    const feature = tree.features[place] ?? -1
    if (feature < 0) return tree.values[place] ?? 0
    const bin = features[feature]?.[row] ?? 0
    place = 2 * place + (bin <= (tree.thresholds[place] ?? 0) ? 1 : 2)
  }
}
