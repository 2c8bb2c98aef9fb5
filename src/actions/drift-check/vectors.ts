import type { FileSource } from '../../comparison/open-files.js'
import { rowsOfWindows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { ColumnComparison } from '../../domain/drift/decide.js'
import { compareVectors } from '../../domain/drift/kinds/vector-comparison.js'
import { reopenDataSet } from '../../tabular/data-set/data-set.js'
import type { Vectors } from '../../tabular/data-set/vector-rows.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'

interface Sides {
  readonly reference: FileSource
  readonly current: FileSource
  readonly windows: readonly TimeWindow[] | undefined
  readonly signal: AbortSignal
}

/** Columns that are components of vectors, and are not compared by themselves. */
export function componentsOf(
  { columns }: DriftSection,
  known: readonly { readonly name: string }[],
): ReadonlySet<string> {
  const patterns = Object.values(columns.vectors).flat()
  const isComponent = (name: string) =>
    patterns.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : name === one))
  return new Set(known.map(({ name }) => name).filter(isComponent))
}

/** For each window, the comparisons of all vectors. */
export async function vectorsOf(
  settings: DriftSection,
  { reference, current, windows, signal }: Sides,
): Promise<readonly (readonly ColumnComparison[])[]> {
  const rows = windows && (await rowsOfWindows(current, windows, signal))
  const found: ColumnComparison[][] = Array.from({ length: rows?.length ?? 1 }, () => [])
  for (const [name, columns] of Object.entries(settings.columns.vectors)) {
    const before = await reopenDataSet(reference.facts).readVectors(columns, signal)
    const now = await reopenDataSet(current.facts).readVectors(columns, signal)
    for (const [window, list] of found.entries()) {
      const part = rows === undefined ? now : takeVectors(now, rows[window] ?? new Uint32Array(0))
      list.push(compareVectors(settings, { name, reference: before, current: part }))
    }
  }
  return found
}

function takeVectors({ dimension, values }: Vectors, rows: Uint32Array): Vectors {
  const taken = new Float64Array(rows.length * dimension)
  let missing = 0
  for (const [at, row] of rows.entries()) {
    const vector = values.subarray(row * dimension, (row + 1) * dimension)
    taken.set(vector, at * dimension)
    if (vector.some(Number.isNaN)) missing++
  }
  return { rows: rows.length, dimension, values: taken, missing }
}
