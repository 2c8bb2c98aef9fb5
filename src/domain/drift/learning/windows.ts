import { sortFinite } from '../../stats/sort.js'
import {
  type CategoricalSample,
  type ColumnSample,
  type NumericSample,
  negativesOf,
} from '../samples.js'

/**
 * The rows of a reference cut into windows of the same number of rows, give or take one: in the order of time where
 * there are times (milliseconds; rows without one are in no window), and in the order of rows otherwise.
 */
export function cutWindows(
  { rows, times }: { readonly rows: number; readonly times?: Float64Array | undefined },
  count: number,
): readonly Uint32Array[] {
  let order = Uint32Array.from({ length: rows }, (_, row) => row)
  if (times !== undefined) {
    order = order.filter((row) => Number.isFinite(times[row] ?? Number.NaN))
    order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0) || a - b)
  }
  const edge = (index: number) => Math.floor((order.length * index) / count)
  return Array.from({ length: count }, (_, index) => order.slice(edge(index), edge(index + 1)))
}

/** All windows of a column as one sample; undefined where there are none. */
export function mergeSamples(windows: readonly ColumnSample[]): ColumnSample | undefined {
  const [first] = windows
  if (first === undefined) return undefined
  const facts = {
    rows: windows.reduce((sum, { rows }) => sum + rows, 0),
    missing: windows.reduce((sum, { missing }) => sum + missing, 0),
  }
  if (first.kind === 'numeric') return mergeNumbers(first, windows, facts)
  const counts = new Map<string, number>()
  for (const window of windows) addCounts(counts, window)
  return {
    ...first,
    ...facts,
    categories: [...counts.keys()],
    counts: Float64Array.from(counts.values()),
  }
}

interface Facts {
  readonly rows: number
  readonly missing: number
}

function mergeNumbers(
  first: NumericSample,
  windows: readonly ColumnSample[],
  facts: Facts,
): NumericSample {
  const parts = windows.filter((window) => window.kind === 'numeric')
  const all = new Float64Array(parts.reduce((sum, { sorted }) => sum + sorted.length, 0))
  let start = 0
  for (const { sorted } of parts) {
    all.set(sorted, start)
    start += sorted.length
  }
  const infinities = parts.reduce((sum, part) => sum + part.infinities, 0)
  const negativeInfinities = parts.map(negativesOf).reduce((sum, part) => combined(sum, part, 1), 0)
  return { ...first, ...facts, infinities, negativeInfinities, sorted: sortFinite(all).sorted }
}

/** Known where both are. */
function combined(one: number | undefined, other: number | undefined, sign: 1 | -1) {
  return one === undefined || other === undefined ? undefined : one + sign * other
}

function addCounts(counts: Map<string, number>, window: ColumnSample): void {
  if (window.kind === 'numeric') return
  for (const [index, category] of window.categories.entries()) {
    counts.set(category, (counts.get(category) ?? 0) + (window.counts[index] ?? 0))
  }
}

/** All windows of a column but one. */
export function withoutWindow(all: ColumnSample, window: ColumnSample): ColumnSample {
  const facts = { rows: all.rows - window.rows, missing: all.missing - window.missing }
  if (all.kind === 'numeric') {
    if (window.kind !== 'numeric') return { ...all, ...facts }
    const infinities = all.infinities - window.infinities
    const negativeInfinities = combined(negativesOf(all), negativesOf(window), -1)
    return {
      ...all,
      ...facts,
      infinities,
      negativeInfinities,
      sorted: difference(all.sorted, window.sorted),
    }
  }
  return window.kind === 'numeric'
    ? { ...all, ...facts }
    : { ...all, ...facts, ...rest(all, window) }
}

/** What is left of sorted values when others, all of which are among them, are taken away. */
function difference(all: Float64Array, gone: Float64Array): Float64Array {
  const left = new Float64Array(all.length - gone.length)
  let next = 0
  let count = 0
  for (let i = 0; i < all.length; i++) {
    if (next < gone.length && all[i] === gone[next]) next++
    else left[count++] = all[i] ?? 0
  }
  return left
}

function rest(
  all: CategoricalSample,
  window: CategoricalSample,
): Pick<CategoricalSample, 'categories' | 'counts'> {
  const gone = new Map(window.categories.map((name, i) => [name, window.counts[i] ?? 0]))
  const left = all.categories.flatMap((name, i) => {
    const count = (all.counts[i] ?? 0) - (gone.get(name) ?? 0)
    return count > 0 ? [{ name, count }] : []
  })
  return {
    categories: left.map(({ name }) => name),
    counts: Float64Array.from(left, ({ count }) => count),
  }
}
