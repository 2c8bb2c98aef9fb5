import { selectColumns } from '../column-names.js'
import { concatTables } from '../concat-tables.js'
import type { PackedColumn } from '../packed/packed-table.js'
import type { ColumnSchema, TableSchema } from '../table-format.js'
import type { DataSetOptions, FileFacts } from './data-set-options.js'
import type { SetFile } from './read-columns.js'

interface FileColumns {
  readonly facts: FileFacts
  readonly columns: readonly ColumnSchema[]
  /** Further rows may have further columns. */
  readonly mayGrow: boolean
}

/**
 * Names and types of the columns of a data set, those of partitions last. A column that not all files have is MW-DATA-019, or MW-DATA-003
 * where the options name it. Integers and numbers make numbers; other differences of types are errors of the reading of that column.
 */
export async function joinedColumns(
  files: readonly SetFile[],
  partitions: readonly ColumnSchema[],
  options: DataSetOptions,
): Promise<readonly ColumnSchema[]> {
  const known: FileColumns[] = []
  for (const file of files) known.push(await columnsOf(file, partitions))
  // A file of JSON Lines without any row has no columns either.
  const filled = known.filter(({ columns }) => columns.length > 0)
  if (options.columns === undefined) refuseDifferences(filled, partitions)
  const names = options.columns ?? namesOf(filled, partitions)
  for (const file of filled) {
    const own = [...file.columns, ...ofFile(file.facts, partitions)].map(({ name }) => name)
    if (!file.mayGrow) selectColumns(own, options.columns ?? [], file.facts.name)
  }
  const lists = new Set(options.vectors)
  const byName = new Map<string, ColumnSchema[]>()
  for (const { columns } of filled) {
    for (const column of columns) {
      const same = byName.get(column.name)
      if (same === undefined) byName.set(column.name, [column])
      else same.push(column)
    }
  }
  return [...new Set(names)].flatMap((name) => {
    const column = joined(name, byName.get(name) ?? [], partitions)
    return column === undefined || (lists.has(name) && column.type === 'string') ? [] : [column]
  })
}

async function columnsOf(
  { facts, reader, held }: SetFile,
  partitions: readonly ColumnSchema[],
): Promise<FileColumns> {
  const schema: TableSchema =
    held === undefined
      ? (await reader.open()).table.schema
      : { rows: held.rows, columns: held.columns.map(schemaOf) }
  const folders = new Set(partitions.map(({ name }) => name))
  const columns = schema.columns.filter(({ name }) => !folders.has(name))
  return { facts, columns, mayGrow: schema.mayGrow === true }
}

/** What has no value joins every type. */
function schemaOf(column: PackedColumn): ColumnSchema & { readonly isBlank: boolean } {
  const { name, type, rows, missing } = column
  return { name, type, isBlank: missing === rows }
}

function isBlank(column: ColumnSchema): boolean {
  return 'isBlank' in column && column.isBlank === true
}

function ofFile(facts: FileFacts, partitions: readonly ColumnSchema[]): readonly ColumnSchema[] {
  return partitions.filter(({ name }) => facts.partition.some(([key]) => key === name))
}

function namesOf(
  files: readonly FileColumns[],
  partitions: readonly ColumnSchema[],
): readonly string[] {
  const names = files.flatMap(({ columns }) => columns.map(({ name }) => name))
  return [...names, ...partitions.map(({ name }) => name)]
}

/** Joins tables of no rows, of which only names can differ. */
function refuseDifferences(
  files: readonly FileColumns[],
  partitions: readonly ColumnSchema[],
): void {
  if (files.some(({ mayGrow }) => mayGrow)) return
  const tables = files.map(({ facts, columns }) => ({
    rows: 0,
    columns: [...columns, ...ofFile(facts, partitions)].map(({ name }) => ({
      kind: 'numeric' as const,
      name,
      type: 'number' as const,
      values: new Float64Array(0),
      missing: 0,
    })),
  }))
  concatTables(
    tables,
    files.map(({ facts }) => facts.name),
  )
}

function joined(
  name: string,
  all: readonly ColumnSchema[],
  partitions: readonly ColumnSchema[],
): ColumnSchema | undefined {
  const partition = partitions.find((column) => column.name === name)
  if (partition !== undefined) return partition
  const [first] = all
  if (first === undefined) return undefined
  const filled = all.filter((column) => !isBlank(column))
  const types = new Set((filled.length > 0 ? filled : all).map(({ type }) => type))
  const isNumber = types.has('number') && types.has('integer') && types.size === 2
  const bytes = all.every((column) => column.bytes !== undefined)
    ? all.reduce((sum, column) => sum + (column.bytes ?? 0), 0)
    : undefined
  return { name, type: isNumber ? 'number' : ([...types][0] ?? first.type), bytes }
}
