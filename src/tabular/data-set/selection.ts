import type { TablePart } from '../table-format.js'

/** A copy in memory that threads can share. */
export function shared(rows: Uint32Array): Uint32Array {
  const copy = new Uint32Array(new SharedArrayBuffer(rows.length * 4))
  copy.set(rows)
  return copy
}

/** Some rows of a file that lie together, with 0 for those that do not count. */
export interface Kept {
  readonly keep: Uint8Array
  /** The first of them in the file. */
  readonly start: number
}

/** The rows of a file that count, ascending. */
export function selectionOf(kept: readonly Kept[]): Uint32Array {
  const rows = new Uint32Array(kept.reduce((sum, { keep }) => sum + keep.length, 0))
  let count = 0
  for (const { keep, start } of kept) {
    for (let i = 0; i < keep.length; i++) if (keep[i] !== 0) rows[count++] = start + i
  }
  return shared(rows.subarray(0, count))
}

/** What is to be read of a file to have some of its rows. */
export interface Reach {
  /** All when undefined. */
  readonly parts: readonly number[] | undefined
  /** Positions in what these parts hold together; all when undefined. */
  readonly rows: Uint32Array | undefined
  /** The first row of the first part. */
  readonly start: number
}

/** The parts that hold selected rows, one by one, and where in them these are. */
export function reachesOf(
  parts: readonly TablePart[],
  selected: Uint32Array | undefined,
): readonly Reach[] {
  if (parts.length === 0) return [{ parts: undefined, rows: selected, start: 0 }]
  const reaches: Reach[] = []
  let start = 0
  let next = 0
  for (const [index, part] of parts.entries()) {
    const end = start + part.rows
    const first = next
    if (selected === undefined) next = first + part.rows
    else while (next < selected.length && (selected[next] as number) < end) next++
    const isWhole = next - first === part.rows
    const rows = isWhole ? undefined : selected?.subarray(first, next).map((row) => row - start)
    if (next > first) reaches.push({ parts: [index], rows, start })
    start = end
  }
  return reaches
}

/** All of the parts that hold selected rows at once. */
export function reachOf(parts: readonly TablePart[], selected: Uint32Array | undefined): Reach {
  if (selected === undefined || parts.length === 0) {
    return { parts: undefined, rows: selected, start: 0 }
  }
  const reaches = reachesOf(parts, selected)
  const used = reaches.flatMap((reach) => reach.parts ?? [])
  const start = reaches[0]?.start ?? 0
  if (reaches.every(({ rows }) => rows === undefined))
    return { parts: used, rows: undefined, start }
  return { parts: used, rows: placesIn(parts, reaches, selected.length), start }
}

function placesIn(
  parts: readonly TablePart[],
  reaches: readonly Reach[],
  count: number,
): Uint32Array {
  const places = new Uint32Array(count)
  let filled = 0
  let before = 0
  for (const { parts: [index = 0] = [], rows } of reaches) {
    const held = parts[index]?.rows ?? 0
    const some = rows ?? Uint32Array.from({ length: held }, (_, row) => row)
    for (const row of some) places[filled++] = before + row
    before += held
  }
  return places
}
