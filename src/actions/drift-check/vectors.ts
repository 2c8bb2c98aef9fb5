import { rowsOfWindows } from '../../comparison/read-rows.js'
import type { DriftSection } from '../../config/drift.js'
import type { ColumnComparison } from '../../domain/drift/decide.js'
import { UserError } from '../../errors.js'
import { reopenDataSet } from '../../tabular/data-set/data-set.js'
import type { Vectors } from '../../tabular/data-set/vector-rows.js'
import type { TimeWindow } from '../../tabular/data-set/windows.js'
import type { OpenedSide } from './open-sides.js'
import { filesOf, rowsOfUsual } from './side-rows.js'

interface Sides {
  readonly reference: OpenedSide
  readonly current: OpenedSide
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
  if (Object.keys(settings.columns.vectors).length === 0) return []
  const { compareVectors } = await import('../../domain/drift/kinds/vector-comparison.js')
  const raw = { reference: filesOf(reference, noVectors), current: filesOf(current, noVectors) }
  const rows = windows && (await rowsOfWindows(raw.current, windows, signal))
  const usual = await rowsOfUsual(settings, { reference: raw.reference, windows, signal })
  const found: ColumnComparison[][] = Array.from({ length: rows?.length ?? 1 }, () => [])
  for (const [name, columns] of Object.entries(settings.columns.vectors)) {
    const before = await reopenDataSet(raw.reference.facts).readVectors(columns, signal)
    const now = await reopenDataSet(raw.current.facts).readVectors(columns, signal)
    for (const [window, list] of found.entries()) {
      const sides = {
        reference: takeVectors(before, usual?.[window]),
        current: takeVectors(now, rows && (rows[window] ?? new Uint32Array(0))),
      }
      list.push(compareVectors(settings, { name, ...sides }))
    }
  }
  return found
}

function noVectors(where: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-034',
    where: 'drift.columns.vectors',
    what: `${where} is a profile, and a profile holds no vectors.`,
    fix: 'Name the data itself as the reference, or leave the vectors out.',
  })
}

/** Undefined takes all rows. */
function takeVectors(vectors: Vectors, rows: Uint32Array | undefined): Vectors {
  if (rows === undefined) return vectors
  const { dimension, values } = vectors
  const taken = new Float64Array(rows.length * dimension)
  let missing = 0
  for (const [at, row] of rows.entries()) {
    const vector = values.subarray(row * dimension, (row + 1) * dimension)
    taken.set(vector, at * dimension)
    if (vector.some(Number.isNaN)) missing++
  }
  return { rows: rows.length, dimension, values: taken, missing }
}
