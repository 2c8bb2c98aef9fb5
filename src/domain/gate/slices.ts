import type { GroupColumn } from '../metrics/data.js'
import type { ExampleRows } from './examples.js'

/** The rows of one value of a column; `value` is null for the rows without one. */
export interface Slice {
  readonly value: string | null
  readonly rows: Int32Array
}

/** Groups by the values of several columns. */
export interface Intersection extends GroupColumn {
  /** For each name the columns' values, in the columns' order; null is "no value". */
  readonly parts: readonly (readonly (string | null)[])[]
}

const CACHE = new WeakMap<GroupColumn, readonly Slice[]>()

/** A column's values with their rows, in the column's order, those without a value last. Computed once a column. */
export function sliceRows(groups: GroupColumn): readonly Slice[] {
  const known = CACHE.get(groups)
  if (known !== undefined) return known
  const slices = computeSlices(groups)
  CACHE.set(groups, slices)
  return slices
}

function computeSlices(groups: GroupColumn): Slice[] {
  const last = groups.names.length
  const sizes = new Int32Array(last + 1)
  for (const code of groups.codes) {
    const slot = code < 0 ? last : code
    sizes[slot] = (sizes[slot] ?? 0) + 1
  }
  const rows = Array.from(sizes, (size) => new Int32Array(size))
  const filled = new Int32Array(last + 1)
  for (let row = 0; row < groups.codes.length; row++) {
    const code = groups.codes[row] ?? -1
    const slot = code < 0 ? last : code
    const place = filled[slot] ?? 0
    const into = rows[slot]
    if (into !== undefined) into[place] = row
    filled[slot] = place + 1
  }
  return rows
    .map((own, slot) => ({ value: groups.names[slot] ?? null, rows: own }))
    .filter((slice) => slice.rows.length > 0)
}

/**
 * The combinations of values that occur, each as a group of its own, in the order of the first column's values, then the
 * second's; a missing value comes last and is a value like the others, so that no row is left out.
 */
export function intersect(columns: readonly GroupColumn[]): Intersection {
  const n = columns[0]?.codes.length ?? 0
  let codes = new Int32Array(n)
  let parts: (readonly (string | null)[])[] = [[]]
  for (const column of columns) {
    const width = column.names.length + 1
    const keys = new Float64Array(n)
    for (let row = 0; row < n; row++) {
      const code = column.codes[row] ?? -1
      keys[row] = (codes[row] ?? 0) * width + (code < 0 ? width - 1 : code)
    }
    const found = Float64Array.from(new Set(keys)).sort()
    const places = new Map<number, number>()
    found.forEach((key, place) => {
      places.set(key, place)
    })
    codes = Int32Array.from(keys, (key) => places.get(key) ?? 0)
    const before = parts
    parts = Array.from(found, (key) => [
      ...(before[Math.floor(key / width)] ?? []),
      column.names[key % width] ?? null,
    ])
  }
  return { codes, parts, names: parts.map((values) => JSON.stringify(values)) }
}

/**
 * Numbers in bins: below the first edge, from each edge up to the next, and from the last on. NaN is missing. `edges` ascend;
 * bins that hold no row are named too.
 */
export function binned(values: Float64Array, edges: readonly number[]): GroupColumn {
  const names = Array.from({ length: edges.length + 1 }, (_, bin) => {
    const low = edges[bin - 1]
    const high = edges[bin]
    const from = low === undefined ? '(-inf' : `[${low}`
    return `${from}, ${high === undefined ? 'inf' : high})`
  })
  const codes = new Int32Array(values.length)
  for (let row = 0; row < codes.length; row++) codes[row] = binOf(values[row] ?? Number.NaN, edges)
  return { codes, names }
}

function binOf(value: number, edges: readonly number[]): number {
  if (Number.isNaN(value)) return -1
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (value >= (edges[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}

const COMBINED = new WeakMap<ExampleRows, Map<string, Intersection>>()

/** Which columns a rule is sliced by, and the edges of those that it cuts into bins. */
export interface SliceColumns {
  readonly by: readonly string[]
  readonly bins?: Readonly<Record<string, readonly number[]>> | undefined
}

/**
 * The groups of the examples by one column or by the intersection of several; undefined when a column was not read. Computed
 * once for the same examples, columns and edges. Of one column the rows without a value have code -1.
 */
export function sliceGroups(examples: ExampleRows, sliced: SliceColumns): Intersection | undefined {
  const edges = sliced.by.map((name) => edgesOf(sliced, name))
  const key = JSON.stringify([sliced.by, edges.map((one) => one ?? null)])
  const known = COMBINED.get(examples) ?? new Map<string, Intersection>()
  COMBINED.set(examples, known)
  const done = known.get(key)
  if (done !== undefined) return done
  const columns = sliced.by.flatMap((name, index) => {
    const cut = edges[index]
    const numbers = cut && examples.numbers?.get(name)
    return (cut === undefined ? examples.groups.get(name) : numbers && binned(numbers, cut)) ?? []
  })
  const [only] = columns
  if (columns.length < sliced.by.length || only === undefined) return undefined
  const groups =
    columns.length === 1 ? { ...only, parts: only.names.map((name) => [name]) } : intersect(columns)
  known.set(key, groups)
  return groups
}

function edgesOf({ bins }: SliceColumns, name: string): readonly number[] | undefined {
  return bins !== undefined && Object.hasOwn(bins, name) ? bins[name] : undefined
}
