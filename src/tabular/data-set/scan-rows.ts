import type { Table } from '../../domain/table/column.js'
import { selectColumns } from '../column-names.js'
import { type PackedTable, packTable, unpackTable } from '../packed/packed-table.js'
import type { OpenTable, PartRequest, TablePart } from '../table-format.js'
import type { DataFileReader } from './data-file.js'
import type { DataSetOptions, FileFacts, TimeOptions } from './data-set-options.js'
import { whileUnchanged } from './file-stamp.js'
import type { RowMatcher } from './row-filter.js'
import { selectionOf } from './selection.js'
import { keepTimes, limitsTime, timesOf } from './times.js'

export interface ScanRequest {
  readonly reader: DataFileReader
  readonly matcher: RowMatcher
  readonly options: DataSetOptions
  /** Columns that the names of folders make: their conditions hold for all rows of a file that is read. */
  readonly partitioned: ReadonlySet<string>
  /** Columns to read of a file of text that is held; all when undefined. */
  readonly wanted: readonly string[] | undefined
  readonly signal: AbortSignal | undefined
}

export interface Scanned {
  readonly rows: number
  readonly selected: FileFacts['selected']
  /** All rows of a file of text, where it is to be held. */
  readonly table: PackedTable | undefined
}

/** Finds out which rows of a file count, before any is drawn. Of Parquet row groups that cannot hold such rows are passed over. */
export async function scanRows(request: ScanRequest): Promise<Scanned> {
  const { reader, matcher, options, partitioned } = request
  const looked = [...matcher.columns, ...(limitsTime(options.time) ? [options.time.column] : [])]
  const needed = [...new Set(looked)].filter((name) => !partitioned.has(name))
  const { table, isText } = await reader.open()
  if (isText) return scanText(request, table, needed)
  if (needed.length === 0)
    return { rows: table.schema.rows ?? 0, selected: undefined, table: undefined }
  return scanParts(request, table, needed)
}

async function scanText(
  { reader, matcher, options, partitioned, wanted, signal }: ScanRequest,
  source: OpenTable,
  needed: readonly string[],
): Promise<Scanned> {
  const isHeld = options.hold !== false
  const columns = isHeld ? wanted && [...new Set([...wanted, ...needed])] : needed
  const table = await whileUnchanged(reader.file, () => readPacked(source, { columns, signal }))
  const held = isHeld ? table : undefined
  const timed = [options.time?.column ?? []].flat().filter((name) => !partitioned.has(name))
  if (columns === undefined) requireColumns(table, [...needed, ...timed], reader.file.name)
  if (needed.length === 0) return { rows: table.rows, selected: undefined, table: held }
  const looked = unpackTable(table, needed)
  const keep = keepOf(looked, { matcher, time: options.time, name: reader.file.name })
  const selected = keep.includes(0) ? selectionOf([{ keep, start: 0 }]) : undefined
  return { rows: table.rows, selected, table: held }
}

async function readPacked(source: OpenTable, request: PartRequest): Promise<PackedTable> {
  if (source.readPacked !== undefined) return source.readPacked(request)
  const { mixed, nested, ...table } = await source.read(request)
  return { ...packTable(table), ...(mixed === undefined ? {} : { mixed }), nested }
}

/** All columns were read, whichever they are: that those are among them nobody has looked. JSON Lines without a row has none. */
function requireColumns(table: PackedTable, names: readonly string[], shownAs: string): void {
  if (table.rows === 0) return
  selectColumns(
    table.columns.map(({ name }) => name),
    names,
    shownAs,
  )
}

async function scanParts(
  { reader, matcher, options, signal }: ScanRequest,
  source: OpenTable,
  columns: readonly string[],
): Promise<Scanned> {
  const { schema, parts } = source
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]))
  const mayHold = (part: TablePart) =>
    mayHoldTime(part, options.time, types.get(options.time?.column ?? '') === 'timestamp') &&
    matcher.mayHold(part.rangeOf, (name) => types.get(name))
  const places = placed(parts).filter(({ part }) => mayHold(part))
  const read = parts.length === 0 ? undefined : places.map(({ index }) => index)
  const request = { columns, parts: read, signal }
  const table = await whileUnchanged(reader.file, () => source.read(request))
  const keep = keepOf(table, { matcher, time: options.time, name: reader.file.name })
  const rows = schema.rows ?? 0
  if (table.rows === rows && !keep.includes(0))
    return { rows, selected: undefined, table: undefined }
  const kept = parts.length === 0 ? [{ keep, start: 0 }] : cut(keep, places)
  return { rows, selected: selectionOf(kept), table: undefined }
}

interface Placed {
  readonly part: TablePart
  readonly index: number
  /** Its first row in the file. */
  readonly start: number
}

function placed(parts: readonly TablePart[]): readonly Placed[] {
  let start = 0
  return parts.map((part, index) => {
    const found = { part, index, start }
    start += part.rows
    return found
  })
}

function cut(keep: Uint8Array, places: readonly Placed[]) {
  let from = 0
  return places.map(({ part, start }) => {
    const some = keep.subarray(from, from + part.rows)
    from += part.rows
    return { keep: some, start }
  })
}

function mayHoldTime(
  part: TablePart,
  time: TimeOptions | undefined,
  isTimestamp: boolean,
): boolean {
  const range = time !== undefined && isTimestamp ? part.rangeOf(time.column) : undefined
  if (time === undefined || range === undefined) return true
  const { start, end } = time
  return (
    (start === undefined || Number(range.max) >= start) &&
    (end === undefined || Number(range.min) < end)
  )
}

function keepOf(
  table: Table,
  about: { matcher: RowMatcher; time: TimeOptions | undefined; name: string },
): Uint8Array {
  const keep = new Uint8Array(table.rows).fill(1)
  about.matcher.apply(table, keep)
  const { time } = about
  const column = table.columns.find(({ name }) => name === time?.column)
  if (limitsTime(time) && column !== undefined) {
    keepTimes(timesOf(column, about.name), time, keep)
  }
  return keep
}
