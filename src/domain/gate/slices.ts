import type { GroupColumn } from '../metrics/data.js'

/** The rows of one value of a column; `value` is null for the rows without one. */
export interface Slice {
  readonly value: string | null
  readonly rows: Int32Array
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
