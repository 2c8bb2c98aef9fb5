/** Rows of a file in the order of their units: unit u's are `rows[starts[u]]` to `rows[starts[u + 1] - 1]`. */
export interface UnitGroups {
  readonly units: number
  readonly rows: Int32Array
  readonly starts: Int32Array
}

/**
 * Rows by unit, in their own order within each. `codes` has each row's unit as a code below `size`, and `wanted` says which codes
 * are units, in which order; rows of others are left out.
 */
export function groupRows(codes: Int32Array, size: number, wanted: Int32Array): UnitGroups {
  const units = wanted.length
  const unitOf = new Int32Array(size).fill(-1)
  for (let unit = 0; unit < units; unit++) unitOf[wanted[unit] ?? 0] = unit
  const starts = startsOf(codes, unitOf, units)
  const next = starts.slice()
  const rows = new Int32Array(starts[units] ?? 0)
  for (let row = 0; row < codes.length; row++) {
    const unit = unitOf[codes[row] ?? 0] ?? -1
    if (unit < 0) continue
    const place = next[unit] ?? 0
    rows[place] = row
    next[unit] = place + 1
  }
  return { units, rows, starts }
}

function startsOf(codes: Int32Array, unitOf: Int32Array, units: number): Int32Array {
  const starts = new Int32Array(units + 1)
  for (const code of codes) {
    const unit = unitOf[code] ?? -1
    if (unit >= 0) starts[unit + 1] = (starts[unit + 1] ?? 0) + 1
  }
  for (let unit = 0; unit < units; unit++) {
    starts[unit + 1] = (starts[unit + 1] ?? 0) + (starts[unit] ?? 0)
  }
  return starts
}

/** The codes that occur, in the order of their first rows; with `among`, only those that have a row there. */
export function codesInOrder(codes: Int32Array, size: number, among?: Int32Array): Int32Array {
  const state = new Uint8Array(size)
  if (among !== undefined) for (const code of among) state[code] = 1
  const wanted = among === undefined ? 0 : 1
  const order = new Int32Array(Math.min(codes.length, size))
  let count = 0
  for (const code of codes) {
    if (state[code] !== wanted) continue
    state[code] = 2
    order[count++] = code
  }
  return order.subarray(0, count)
}

/** The first row of each unit. */
export function firstRows({ units, rows, starts }: UnitGroups): Int32Array {
  const first = new Int32Array(units)
  for (let unit = 0; unit < units; unit++) first[unit] = rows[starts[unit] ?? 0] ?? 0
  return first
}
