import { UserError } from '../../errors.js'
import { throwIfCancelled } from '../byte-source.js'
import { weightOf } from '../packed/packed-table.js'
import type { ColumnSchema } from '../table-format.js'
import { type DataFileReader, type OpenedFile, readerOf, stampedFile } from './data-file.js'
import { createDataSet, type OpenDataSet } from './data-set.js'
import type { DataSetOptions, NestedInFile } from './data-set-options.js'
import { joinedColumns } from './joined-columns.js'
import { type DataFile, listFiles } from './list-files.js'
import { partitionColumn, partitionColumns } from './partition-columns.js'
import { noteMixed, type SetFile, type SetState } from './read-columns.js'
import { type RowMatcher, rowMatcher } from './row-filter.js'
import { sampleRows } from './sample-rows.js'
import { type Scanned, type ScanRequest, scanRows } from './scan-rows.js'
import { takePacked } from './take-rows.js'
import { limitsTime } from './times.js'

/** What a row takes of which no more is held than whether it counts. */
const BYTES_OF_CHOICE = 5

/**
 * Opens files that belong together as one table: hashes each, reads names and types, and finds out once which rows count. What is read
 * later is checked against that: a file that changes meanwhile is MW-DATA-302. Files may have their columns in any order; a column that
 * one of them lacks is MW-DATA-019, or MW-DATA-003 where it is among `columns`.
 */
export async function openDataSet(
  options: DataSetOptions,
  signal?: AbortSignal,
): Promise<OpenDataSet> {
  const listed = await listFiles(options)
  const partitions = partitionColumns(listed)
  const matcher = rowMatcher(options.filters ?? [], options.where)
  const matching = listed.filter((file) => mayMatch(file, partitions, matcher))
  // Without any, the first still says which columns there are.
  const kept = matching.length > 0 ? matching : listed.slice(0, 1)
  const partitioned = new Set(partitions.map(({ name }) => name))
  const request = { options, matcher, partitioned, wanted: wantedOf(options, partitioned), signal }
  const readers: DataFileReader[] = []
  const scanned: Scanned[] = []
  for (const file of kept) {
    throwIfCancelled(signal)
    const limit = limitLeft(request, scanned, kept.length)
    const reader = readerOf(await stampedFile(file, signal), { ...options, limit })
    refuseTooMany(await reader.open(), file.name, options)
    readers.push(reader)
    scanned.push(await scanRows({ ...request, reader }))
  }
  const drawn = matching.length > 0 ? drawnRows(readers, scanned, options) : [new Uint32Array(0)]
  const files = readers.map((reader, index) => settled(reader, scanned[index], drawn[index]))
  const mixed = mixedOf(files, scanned)
  const columns = await joinedColumns(files, partitions, options)
  return createDataSet(
    { options, files, columns, partitions, nested: await nestedOf(readers, scanned), mixed },
    await hasText(readers),
  )
}

/** Each column is compared, written and shown by itself: a table of more is one that lies on its side, or is no table. */
const MOST_COLUMNS = 100_000

function refuseTooMany(
  { table: { schema } }: OpenedFile,
  shownAs: string,
  { columns }: DataSetOptions,
): void {
  const { length } = schema.columns
  if (columns !== undefined || length <= MOST_COLUMNS) return
  throw new UserError({
    code: 'MW-DATA-029',
    where: shownAs,
    what: `there are ${length} columns, and ${MOST_COLUMNS} can be compared at most.`,
    fix: 'Write files with the columns that matter, or with a row where there is a column now.',
  })
}

/** What the files before have left of what may be held. Several are held beside the table that is made of them. */
function limitLeft(
  { options, matcher }: Pick<ScanRequest, 'options' | 'matcher'>,
  scanned: readonly Scanned[],
  files: number,
): DataSetOptions['limit'] {
  const { limit, hold, time } = options
  if (limit === undefined) return undefined
  const held = scanned.reduce(
    (sum, { table, rows }) => sum + (table === undefined ? 0 : weightOf(table) + rows * limit.aRow),
    0,
  )
  const isChosen = matcher.columns.length > 0 || limitsTime(time)
  const unheld = isChosen ? BYTES_OF_CHOICE : 0
  const aRow = hold === false ? unheld : limit.aRow
  return { ...limit, aRow, held: limit.held / (files > 1 ? 2 : 1) - held }
}

/** Whether rows of a file may match, by the values in the names of its folders. */
function mayMatch(
  file: DataFile,
  partitions: readonly ColumnSchema[],
  matcher: RowMatcher,
): boolean {
  const columns = partitions.flatMap((schema) => partitionColumn(file, schema, 1) ?? [])
  const keep = Uint8Array.of(1)
  matcher.apply({ rows: 1, columns }, keep)
  return keep[0] === 1
}

/** What is read of files of text that are held. */
function wantedOf(
  { columns, time, vectors }: DataSetOptions,
  partitioned: ReadonlySet<string>,
): readonly string[] | undefined {
  if (columns === undefined) return undefined
  const others = [...(time === undefined ? [] : [time.column]), ...(vectors ?? [])]
  return [...new Set([...columns, ...others])].filter((name) => !partitioned.has(name))
}

function drawnRows(
  readers: readonly DataFileReader[],
  scanned: readonly Scanned[],
  { sample }: DataSetOptions,
): readonly (Uint32Array | undefined)[] {
  if (sample === undefined) return scanned.map(({ selected }) => selected)
  const files = readers.map(({ file }, index) => ({
    sha256: file.sha256,
    rows: scanned[index]?.rows ?? 0,
    selected: scanned[index]?.selected,
  }))
  return sampleRows(files, sample.rows, sample.seed)
}

function settled(
  reader: DataFileReader,
  { rows, table }: Scanned = { rows: 0, selected: undefined, table: undefined },
  selected: Uint32Array | undefined,
): SetFile {
  const { path, name, partition, stamp, sha256 } = reader.file
  const held = table && selected ? takePacked(table, selected) : table
  return { facts: { path, name, partition, stamp, sha256, rows, selected }, reader, held }
}

function mixedOf(files: readonly SetFile[], scanned: readonly Scanned[]): SetState['mixed'] {
  const mixed: SetState['mixed'] = []
  for (const [index, file] of files.entries()) {
    const table = scanned[index]?.table
    if (table !== undefined) noteMixed({ mixed }, file, table)
  }
  return mixed
}

/** Of what was read already, what it has shown; else what the schemas say. */
async function nestedOf(
  readers: readonly DataFileReader[],
  scanned: readonly Scanned[],
): Promise<readonly NestedInFile[]> {
  const found = new Map<string, NestedInFile>()
  for (const [index, reader] of readers.entries()) {
    const { nested = [] } = scanned[index]?.table ?? (await reader.open()).table.schema
    for (const one of nested) {
      if (!found.has(one.name)) found.set(one.name, { ...one, file: reader.file.name })
    }
  }
  return [...found.values()]
}

async function hasText(readers: readonly DataFileReader[]): Promise<boolean> {
  for (const reader of readers) if ((await reader.open()).isText) return true
  return false
}
