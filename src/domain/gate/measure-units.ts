import type { MetricData } from '../metrics/data.js'
import type { ResampledUnits } from '../stats/bootstrap-rows.js'
import { sortOrder } from '../stats/sort-order.js'
import type { Pair } from './examples.js'

/**
 * What is drawn as one: each row, or each cluster with all its rows. In an order that depends on what is in them alone, so
 * that neither the file's order nor the clusters' names decide which ones a seed draws. With `label`, strata by class,
 * where no cluster has several.
 */
export function canonicalUnits(pair: Pair, keep: 'label' | 'none'): ResampledUnits {
  const { candidate } = pair
  const { clusters, labels, n } = candidate
  const contents = contentsOf(pair)
  if (clusters === undefined) {
    const rows = Int32Array.from(sortOrder(contents))
    const strata = keep === 'label' ? Int32Array.from(rows, (row) => labels[row] ?? 0) : undefined
    return { n, rows, starts: undefined, strata }
  }
  return clusteredUnits(contents, clusters, keep === 'label' ? labels : undefined)
}

/** How many rows, or clusters, there are at most. */
export function unitCountOf({ candidate }: Pair): number {
  const { clusters, n } = candidate
  if (clusters === undefined) return n
  let count = 0
  for (const code of clusters) if (code >= count) count = code + 1
  return count
}

const TWO_32 = 4294967296
/** Bits of a content's number: whole in a double, and sums of a million of them are too. */
const CONTENT_BITS = 0x1fffff

/** One number a row, equal for rows of equal content: a hash of their bits (FNV-1a with a finaliser), 53 bits long. */
function contentsOf({ candidate, baseline }: Pair): Float64Array {
  const columns = [...columnsOf(candidate), ...(baseline === undefined ? [] : columnsOf(baseline))]
  const { n } = candidate
  const low = new Int32Array(n).fill(0x811c9dc5 | 0)
  const high = new Int32Array(n).fill(0x9747b28c | 0)
  const bits = new Float64Array(1)
  const words = new Int32Array(bits.buffer)
  for (const column of columns) {
    for (let row = 0; row < n; row++) {
      // Minus zero equals zero.
      bits[0] = (column[row] ?? 0) + 0
      const one = words[0] ?? 0
      const two = words[1] ?? 0
      low[row] = mix(mix(low[row] ?? 0, one), two)
      high[row] = mix(mix(high[row] ?? 0, two), one)
    }
  }
  return Float64Array.from(low, (word, row) => {
    return ((high[row] ?? 0) & CONTENT_BITS) * TWO_32 + (word >>> 0)
  })
}

function mix(hash: number, word: number): number {
  let z = Math.imul(hash ^ word, 0x01000193)
  z = Math.imul(z ^ (z >>> 15), 0x2c1b3c6d)
  return z ^ (z >>> 13)
}

function columnsOf(data: MetricData): ArrayLike<number>[] {
  const { labels, scores, predictions, values, groups, weights, classScores } = data
  return [
    labels,
    scores,
    predictions,
    values,
    groups?.codes,
    weights,
    ...(classScores ?? []),
  ].filter((column) => column !== undefined)
}

function clusteredUnits(
  contents: Float64Array,
  clusters: Int32Array,
  labels: Float64Array | undefined,
): ResampledUnits {
  const n = contents.length
  let codes = 0
  for (const code of clusters) if (code >= codes) codes = code + 1
  const sizes = new Int32Array(codes)
  // Sums of halves of the contents: whole numbers, so that no order of adding shows.
  const signature = new Float64Array(codes)
  for (let row = 0; row < n; row++) {
    const code = clusters[row] ?? 0
    sizes[code] = (sizes[code] ?? 0) + 1
    signature[code] = (signature[code] ?? 0) + Math.floor((contents[row] ?? 0) / CONTENT_BITS)
  }
  const order = Int32Array.from(sortOrder(signature)).filter((code) => (sizes[code] ?? 0) > 0)
  const place = new Int32Array(codes)
  const starts = new Int32Array(order.length + 1)
  order.forEach((code, unit) => {
    place[code] = unit
    starts[unit + 1] = (starts[unit] ?? 0) + (sizes[code] ?? 0)
  })
  const next = starts.slice()
  const rows = new Int32Array(n)
  for (let row = 0; row < n; row++) {
    const unit = place[clusters[row] ?? 0] ?? 0
    const at = next[unit] ?? 0
    rows[at] = row
    next[unit] = at + 1
  }
  return { n, rows, starts, strata: labels && pureLabels({ rows, starts }, labels) }
}

/** Each cluster's label, or undefined where one has several. */
function pureLabels(
  { rows, starts }: { readonly rows: Int32Array; readonly starts: Int32Array },
  labels: Float64Array,
): Int32Array | undefined {
  const strata = new Int32Array(starts.length - 1)
  for (let unit = 0; unit < strata.length; unit++) {
    const start = starts[unit] ?? 0
    const label = labels[rows[start] ?? 0] ?? 0
    for (let i = start; i < (starts[unit + 1] ?? 0); i++) {
      if (labels[rows[i] ?? 0] !== label) return undefined
    }
    strata[unit] = label
  }
  return strata
}
