import type { Cell } from './cells.js'
import type { Dialect } from './dialect.js'

/**
 * How values are put into buckets: at nodes, ascending, and between two nodes into equal parts. What is below the first node joins its first
 * bucket; from the last node on there is one. In floating point too a larger value is never in an earlier bucket: subtraction of a
 * constant, multiplication by a positive one and rounding down keep the order.
 */
export interface Buckets {
  readonly nodes: readonly number[]
  readonly parts: number
}

/** Buckets that hold about as many values each, from quantiles that are about right. */
export function quantileBuckets(
  { min, max }: Pick<Cell, 'min' | 'max'>,
  quantiles: readonly number[],
  parts: number,
): Buckets {
  const inside = quantiles.filter((value) => value > min && value < max)
  return { nodes: distinct([min, ...inside, max]), parts }
}

/** So many nodes cut a cell, evenly in the order of doubles, so that ends of very different size need few rounds. */
const CUTS = 8
const SPLIT_PARTS = 4

/** Buckets that cut each of the cells into 32. */
export function splittingBuckets(cells: readonly Pick<Cell, 'min' | 'max'>[]): Buckets {
  const nodes = cells.flatMap(({ min, max }) => {
    const low = orderOf(min)
    const span = orderOf(max) - low
    const inner = Array.from({ length: CUTS - 1 }, (_, i) =>
      doubleAt(low + (span * BigInt(i + 1)) / BigInt(CUTS)),
    )
    return [min, ...inner, max]
  })
  return { nodes: distinct(nodes), parts: SPLIT_PARTS }
}

function distinct(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted.filter((value, i) => i === 0 || value > (sorted[i - 1] ?? value))
}

const VIEW = new DataView(new ArrayBuffer(8))
const SIGN = 1n << 63n

/** The place of a double among all of them. */
function orderOf(value: number): bigint {
  VIEW.setFloat64(0, value === 0 ? 0 : value)
  const bits = VIEW.getBigUint64(0)
  return bits < SIGN ? bits : SIGN - bits
}

function doubleAt(order: bigint): number {
  VIEW.setBigUint64(0, order < 0n ? SIGN - order : order)
  return VIEW.getFloat64(0)
}

/** The SQL that gives the bucket of a double as a whole number: a tree of comparisons, then arithmetic. */
export function bucketExpression(dialect: Dialect, value: string, buckets: Buckets): string {
  const { nodes } = buckets
  const { number } = dialect
  function tree(from: number, to: number): string {
    if (to - from <= 1) return leaf(from)
    const middle = (from + to) >>> 1
    const node = number(nodes[middle] ?? 0)
    return `CASE WHEN ${value} < ${node} THEN ${tree(from, middle)} ELSE ${tree(middle, to)} END`
  }
  function leaf(index: number): string {
    const { first, scale, parts } = segmentOf(buckets, index)
    if (scale === undefined) return number(first)
    const start = number(nodes[index] ?? 0)
    const place = `FLOOR((${value} - ${start}) * ${number(scale)})`
    return `(${number(first)} + least(greatest(${place}, ${number(0)}), ${number(parts - 1)}))`
  }
  return tree(0, nodes.length)
}

/** The same here. */
export function bucketOf(value: number, buckets: Buckets): number {
  const { nodes } = buckets
  let from = 0
  let to = nodes.length
  while (to - from > 1) {
    const middle = (from + to) >>> 1
    if (value < (nodes[middle] ?? 0)) to = middle
    else from = middle
  }
  const { first, scale, parts } = segmentOf(buckets, from)
  if (scale === undefined) return first
  const place = Math.floor((value - (nodes[from] ?? 0)) * scale)
  return first + Math.min(Math.max(place, 0), parts - 1)
}

interface Segment {
  /** The number of its first bucket. */
  readonly first: number
  /** Parts for one of the column's units; undefined where it is not cut. */
  readonly scale: number | undefined
  readonly parts: number
}

function segmentOf({ nodes, parts }: Buckets, index: number): Segment {
  const scale = parts / ((nodes[index + 1] ?? Number.POSITIVE_INFINITY) - (nodes[index] ?? 0))
  const isCut = parts > 1 && Number.isFinite(scale) && scale > 0
  return { first: index * parts, scale: isCut ? scale : undefined, parts }
}
