import type { Column, Table } from '../../domain/table/column.js'
import { BYTES_A_TEXT } from '../reading-limit.js'
import type { MixedColumn, NestedColumn } from '../table-format.js'
import {
  bytesOf,
  packCodes,
  packNumbers,
  rowsOf,
  type Segment,
  unpackCodes,
  unpackNumbers,
} from './segments.js'

/** A column in a half to an eighth of its memory, to be had back bit for bit. Threads can share it. */
export interface PackedColumn {
  readonly name: string
  readonly type: Column['type']
  readonly rows: number
  readonly missing: number
  /** Of columns of categories. */
  readonly categories: readonly string[] | undefined
  readonly segments: readonly Segment[]
}

export interface PackedTable {
  readonly rows: number
  readonly columns: readonly PackedColumn[]
  /** Where a format infers types; absent where there are none. */
  readonly mixed?: readonly MixedColumn[]
  /** Columns that were left out; absent where there are none. */
  readonly nested?: readonly NestedColumn[] | undefined
}

/** The cells of a column that is being packed, some rows after the other. */
export class PackedCells {
  #segments: Segment[] = []
  #scale = 0
  #bytes = 0

  /** What the cells take, in bytes. */
  get bytes(): number {
    return this.#bytes
  }

  addBlank(rows: number): void {
    if (rows > 0) this.#push({ kind: 'blank', rows })
  }

  /** The array may be overwritten afterwards. */
  addNumbers(values: Float64Array): void {
    if (values.length === 0) return
    const segment = packNumbers(values, this.#scale)
    if (segment.kind === 'decimals') this.#scale = segment.scale
    this.#push(segment)
  }

  /** Codes below `size`. The array may be overwritten afterwards. */
  addCodes(codes: Int32Array, size: number): void {
    if (codes.length > 0) this.#push(packCodes(codes, size))
  }

  #push(segment: Segment): void {
    this.#segments.push(segment)
    this.#bytes += bytesOf(segment)
  }

  finish(column: Omit<PackedColumn, 'rows' | 'segments'>): PackedColumn {
    const segments = this.#segments
    return { ...column, rows: segments.reduce((sum, one) => sum + rowsOf(one), 0), segments }
  }
}

const indices = new WeakMap<PackedTable, ReadonlyMap<string, PackedColumn>>()

/** Made once: columns are asked for one by one, and there may be many. */
export function columnsByName(table: PackedTable): ReadonlyMap<string, PackedColumn> {
  const made = indices.get(table)
  if (made !== undefined) return made
  const byName = new Map(table.columns.map((column) => [column.name, column]))
  indices.set(table, byName)
  return byName
}

/** What a packed table takes, in bytes. */
export function weightOf({ columns }: PackedTable): number {
  let bytes = 0
  for (const { segments, categories = [] } of columns) {
    for (const segment of segments) bytes += bytesOf(segment)
    for (const category of categories) bytes += category.length + BYTES_A_TEXT
  }
  return bytes
}

/** How many rows are packed together: what they have in common is looked for among so many. */
export const SEGMENT_ROWS = 1 << 15

export function packColumn(column: Column): PackedColumn {
  const cells = new PackedCells()
  const { name, type, missing } = column
  if (column.kind === 'numeric') {
    const { values } = column
    for (let start = 0; start < values.length; start += SEGMENT_ROWS) {
      cells.addNumbers(values.subarray(start, start + SEGMENT_ROWS))
    }
    return cells.finish({ name, type, missing, categories: undefined })
  }
  const { codes, categories } = column
  cells.addCodes(codes, categories.length)
  return cells.finish({ name, type, missing, categories })
}

/** Where cells are unpacked to. */
export interface UnpackingRoom {
  readonly numbers: (length: number) => Float64Array
  readonly codes: (length: number) => Int32Array
}

const NEW_ROOM: UnpackingRoom = {
  numbers: (length) => new Float64Array(length),
  codes: (length) => new Int32Array(length),
}

/** A copy of the cells, in memory of its own unless room is given. */
export function unpackColumn(column: PackedColumn, room = NEW_ROOM): Column {
  const { name, rows, missing, categories, segments } = column
  const type = column.type
  let start = 0
  if (type === 'string' || type === 'boolean') {
    const codes = room.codes(rows)
    for (const segment of segments) {
      unpackCodes(segment, codes.subarray(start))
      start += rowsOf(segment)
    }
    return { kind: 'categorical', name, type, codes, categories: categories ?? [], missing }
  }
  const values = room.numbers(rows)
  for (const segment of segments) {
    unpackNumbers(segment, values.subarray(start))
    start += rowsOf(segment)
  }
  return { kind: 'numeric', name, type, values, missing }
}

/** Some columns, or all. */
export function unpackTable({ rows, columns }: PackedTable, names?: readonly string[]): Table {
  const wanted = names && new Set(names)
  const kept = columns.filter(({ name }) => wanted?.has(name) ?? true)
  return { rows, columns: kept.map((column) => unpackColumn(column)) }
}

/** A column at a time, so that beside what is packed there is one. */
export function packTable({ rows, columns }: Table): PackedTable {
  return { rows, columns: columns.map(packColumn) }
}
