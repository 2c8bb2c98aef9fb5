import type { Column, Table } from '../../domain/table/column.js'
import { UserError } from '../../errors.js'
import { concatTables } from '../concat-tables.js'
import { categoricalColumn } from '../finish-column.js'
import {
  columnsByName,
  type PackedColumn,
  type PackedTable,
  packColumn,
  unpackColumn,
} from '../packed/packed-table.js'
import type { ColumnSchema, OpenTable, PartRequest, ReadTable } from '../table-format.js'
import type { DataFileReader } from './data-file.js'
import type { DataSetOptions, FileFacts, NestedInFile } from './data-set-options.js'
import { refuseChanged, whileUnchanged } from './file-stamp.js'
import { partitionColumn } from './partition-columns.js'
import { type Reach, reachesOf, reachOf } from './selection.js'
import { takeRows } from './take-rows.js'

/** A file of an open data set. */
export interface SetFile {
  readonly facts: FileFacts
  readonly reader: DataFileReader
  /** Its rows that count, where it is held. */
  readonly held: PackedTable | undefined
}

/** What is known of an open data set. */
export interface SetState {
  readonly options: DataSetOptions
  readonly files: readonly SetFile[]
  readonly columns: readonly ColumnSchema[]
  /** Made by the names of folders. */
  readonly partitions: readonly ColumnSchema[]
  readonly nested: readonly NestedInFile[]
  /** Filled as files are read. */
  readonly mixed: MixedCells[]
}

/** A column of a file that looked typed until its first text came. */
export interface MixedCells {
  readonly file: string
  readonly column: string
  /** Of the first text, counted from 1 without the header. */
  readonly row: number
}

export interface ColumnsRequest extends Pick<PartRequest, 'types' | 'signal'> {
  readonly names: readonly string[]
}

export function selectedRows({ facts }: SetFile): number {
  return facts.selected?.length ?? facts.rows
}

/** Some columns of all files, of the rows that count. Throws MW-DATA-003, -019 and -302, and what the formats do. */
export async function readColumns(state: SetState, request: ColumnsRequest): Promise<Table> {
  const names = [...new Set(request.names)]
  const filled = state.files.filter((file) => selectedRows(file) > 0)
  const files = filled.length > 0 ? filled : state.files.slice(0, 1)
  const tables: Table[] = []
  for (const file of files) tables.push(await readFile(state, file, { ...request, names }))
  return joined(state, files, await withExactText(state, files, tables))
}

/** The same packed, a column at a time: of one file that is held as it is, without a copy. */
export async function readPacked(
  state: SetState,
  { names, signal }: ColumnsRequest,
): Promise<PackedTable> {
  const [only, ...others] = state.files
  const isOne = only?.held !== undefined && others.length === 0
  const held = isOne ? packedColumns(only.held, names) : undefined
  if (isOne && held !== undefined) return { rows: only.held.rows, columns: held }
  const columns: PackedColumn[] = []
  try {
    for (const name of names) {
      const table = await readColumns(state, { names: [name], signal })
      columns.push(...table.columns.map(packColumn))
    }
  } catch (error) {
    // Of files that do not fit together all differences are told at once.
    if (error instanceof UserError) await readColumns(state, { names, signal })
    throw error
  }
  return { rows: state.files.reduce((sum, file) => sum + selectedRows(file), 0), columns }
}

/** Some columns a bounded number of rows at a time: a row group of Parquet, or so many lines of text. */
export async function* readBatches(
  state: SetState,
  request: ColumnsRequest,
): AsyncGenerator<ReadTable> {
  const names = [...new Set(request.names)]
  for (const file of state.files) {
    if (selectedRows(file) === 0) continue
    const { readBatches: stream } = (await file.reader.open()).table
    if (file.held === undefined && stream !== undefined) {
      yield* streamRows(file, { ...request, names, state, stream })
      continue
    }
    for (const reach of await reachesIn(file)) {
      yield await readReach(state, file, { ...request, names, reach })
    }
  }
}

const ROWS_AT_ONCE = 1 << 15

interface StreamRequest extends ColumnsRequest {
  readonly state: SetState
  readonly stream: NonNullable<OpenTable['readBatches']>
}

async function* streamRows(file: SetFile, request: StreamRequest): AsyncGenerator<ReadTable> {
  const { names, state, stream, types, signal } = request
  const { reader, facts } = file
  const columns = ownNames(state, names)
  let start = 0
  let next = 0
  try {
    for await (const table of stream({ columns, types, signal }, ROWS_AT_ONCE)) {
      noteMixed(state, file, table)
      const first = next
      const end = start + table.rows
      while (next < (facts.selected?.length ?? 0) && (facts.selected?.[next] ?? end) < end) next++
      const rows = facts.selected?.subarray(first, next).map((row) => row - start)
      start = end
      const { mixed = [] } = table
      yield { ...withPartitions(state, file, names, rows ? takeRows(table, rows) : table), mixed }
    }
  } catch (cause) {
    if (cause instanceof UserError) await refuseChanged(reader.file, cause)
    throw cause
  }
  await refuseChanged(reader.file)
}

/** The columns that are in the files themselves. */
function ownNames({ partitions }: SetState, names: readonly string[]): readonly string[] {
  return names.filter((name) => !partitions.some((partition) => partition.name === name))
}

/** One part of the file after the other; the whole file where it is held. */
export async function reachesIn(file: SetFile): Promise<readonly Reach[]> {
  if (file.held !== undefined) return [{ parts: undefined, rows: undefined, start: 0 }]
  const { table } = await file.reader.open()
  return reachesOf(table.parts, file.facts.selected)
}

async function readFile(state: SetState, file: SetFile, request: ColumnsRequest): Promise<Table> {
  const { facts, held } = file
  const parts = held === undefined ? (await file.reader.open()).table.parts : []
  const reach = reachOf(parts, held === undefined ? facts.selected : undefined)
  return readReach(state, file, { ...request, reach })
}

async function readReach(
  state: SetState,
  file: SetFile,
  request: ColumnsRequest & { readonly reach: Reach },
): Promise<Table> {
  const { names } = request
  const own = ownNames(state, names)
  const table = await ownColumns(state, file, { ...request, names: own })
  return withPartitions(state, file, names, table)
}

// biome-ignore lint/complexity/useMaxParams: what is read, of what, and what was read of it
function withPartitions(
  state: SetState,
  file: SetFile,
  names: readonly string[],
  table: Table,
): Table {
  const partitions = state.partitions.filter(({ name }) => names.includes(name))
  const columns = new Map(table.columns.map((column) => [column.name, column]))
  for (const schema of partitions) {
    const column = partitionColumn(file.facts, schema, table.rows)
    if (column !== undefined) columns.set(schema.name, column)
  }
  return { rows: table.rows, columns: names.flatMap((name) => columns.get(name) ?? []) }
}

async function ownColumns(
  state: SetState,
  file: SetFile,
  request: ColumnsRequest & { readonly reach: Reach },
): Promise<Table> {
  const { facts, reader, held } = file
  const { names, types, signal, reach } = request
  const kept = held && columnsOf(held, names)
  if (kept !== undefined) return kept
  // What is not held is read, as is what the reader has to refuse.
  const { parts, rows } = held === undefined ? reach : { parts: undefined, rows: facts.selected }
  const { table } = await reader.open()
  if (names.length === 0) return { rows: rowsOf(file, reach, table.parts), columns: [] }
  const read = await whileUnchanged(reader.file, () =>
    table.read({ columns: names, types, parts, signal }),
  )
  noteMixed(state, file, read)
  return rows === undefined ? read : takeRows(read, rows)
}

function rowsOf(
  file: SetFile,
  { parts, rows }: Reach,
  all: readonly { readonly rows: number }[],
): number {
  if (rows !== undefined) return rows.length
  if (parts === undefined) return selectedRows(file)
  return parts.reduce((sum, part) => sum + (all[part]?.rows ?? 0), 0)
}

function columnsOf(table: PackedTable, names: readonly string[]): Table | undefined {
  const columns = packedColumns(table, names)
  return columns && { rows: table.rows, columns: columns.map((column) => unpackColumn(column)) }
}

/** Undefined where one of them is not there. */
export function packedColumns(
  table: PackedTable,
  names: readonly string[],
): readonly PackedColumn[] | undefined {
  const byName = columnsByName(table)
  const columns = names.flatMap((name) => byName.get(name) ?? [])
  return columns.length === names.length ? columns : undefined
}

/** Remembers, once, where the columns of a file turned out as text. */
export function noteMixed(
  state: Pick<SetState, 'mixed'>,
  file: Pick<SetFile, 'facts'>,
  table: Pick<ReadTable, 'mixed'>,
): void {
  const { name } = file.facts
  if (table.mixed === undefined || table.mixed.length === 0) return
  const known = new Set(state.mixed.flatMap((cell) => (cell.file === name ? cell.column : [])))
  for (const { column, row } of table.mixed) {
    if (!known.has(column)) state.mixed.push({ file: name, column, row })
  }
}

function joined(state: SetState, files: readonly SetFile[], tables: readonly Table[]): Table {
  const names = files.map(({ facts }) => facts.name)
  const noteOf = (table: number, column: string) => {
    const found = state.mixed.find((cell) => cell.file === names[table] && cell.column === column)
    return found === undefined ? '' : ` Its first text is in row ${found.row}.`
  }
  return concatTables(tables, names, noteOf)
}

/**
 * A column of 64-bit integers is text in a file where one is beyond 2^53, and numbers in another: it becomes text in all. Only of formats
 * that state types, since of others the spelling is lost.
 */
async function withExactText(
  state: SetState,
  files: readonly SetFile[],
  tables: readonly Table[],
): Promise<readonly Table[]> {
  const integers = new Set(
    state.columns.filter(({ type }) => type === 'integer').map(({ name }) => name),
  )
  const columns = tables.flatMap((table) => table.columns)
  const wide = new Set(columns.filter(({ type }) => type === 'string').map(({ name }) => name))
  const isMixed = ({ name, type }: Column) =>
    type === 'integer' && integers.has(name) && wide.has(name)
  if (!columns.some(isMixed)) return tables
  const exact: Table[] = []
  for (const [index, table] of tables.entries()) {
    const isText = (await files[index]?.reader.open())?.isText !== false
    exact.push(isText ? table : { rows: table.rows, columns: table.columns.map(rewritten) })
  }
  return exact

  function rewritten(column: Column): Column {
    return isMixed(column) ? asText(column) : column
  }
}

function asText(column: Column): Column {
  if (column.kind !== 'numeric') return column
  const places = new Map<number, number>()
  const codes = Int32Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return -1
    const place = places.get(value) ?? places.size
    places.set(value, place)
    return place
  })
  const categories = [...places.keys()].map(String)
  return categoricalColumn(column.name, codes, { type: 'string', categories })
}
