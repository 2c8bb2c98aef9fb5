import { Buffer, isUtf8 } from 'node:buffer'
import { readChunks, readCompression } from '../byte-source.js'
import { selectColumns } from '../column-names.js'
import type {
  ColumnType,
  NestedColumn,
  ReadRequest,
  ReadTable,
  TableFormat,
  TableSchema,
} from '../table-format.js'
import {
  doesNotFit,
  emptyFile,
  LONGEST_TEXT,
  nestedValue,
  notAnObject,
  notUtf8,
  textTooLong,
} from '../text-problems.js'
import { JsonColumn, type Scalar } from './json-column.js'

const lineFeed = 10
const schemaRows = 1000

/**
 * JSON Lines: one object a line, blank lines passed over. The columns are all keys in order of first appearance;
 * null and an absent key are missing. Types: integer, number, boolean, timestamp (ISO 8601 in every text),
 * else text; a column of more than one type is text, its numbers written as JavaScript writes them. Integers
 * beyond 2^53 make the column text with the exact digits. Lists and objects are refused in wanted columns, unless they are few and
 * the request says that a text may stand for them.
 */
export const jsonLinesFormat: TableFormat = {
  readTable: readJsonLines,
  readSchema: schemaOf,
  readBatches: readJsonBatches,
}

async function readJsonLines(request: ReadRequest): Promise<ReadTable> {
  const { rows, columns: found } = await collect(request, Number.POSITIVE_INFINITY)
  if (request.skipNested !== true) refuseNested(request, found)
  const columns = found.filter(({ isNested }) => !isNested)
  const names = columns.map((column) => column.name)
  // Without rows there are no keys, so that no column can be said to be absent.
  const order = rows === 0 ? [] : selectColumns(names, request.columns, request.shownAs)
  const finished = order.flatMap((index) => columns[index]?.finish(rows) ?? [])
  return { rows, columns: finished, ...nestedOf(found) }
}

function nestedOf(columns: readonly JsonColumn[]): { nested?: readonly NestedColumn[] } {
  const nested = columns.filter(({ isNested }) => isNested)
  if (nested.length === 0) return {}
  return { nested: nested.map(({ name, nestedRow }) => ({ name, row: nestedRow + 1 })) }
}

/** Of wanted columns. */
function refuseNested({ shownAs }: ReadRequest, columns: readonly JsonColumn[]): void {
  const nested = columns.find(({ isNested }) => isNested)
  if (nested !== undefined) throw nestedValue({ shownAs, line: nested.nestedRow + 1 }, nested.name)
}

async function schemaOf(request: ReadRequest): Promise<TableSchema> {
  const { rows, columns, isWhole } = await collect(request, schemaRows)
  return {
    rows: isWhole ? rows : undefined,
    ...(isWhole ? {} : { mayGrow: true }),
    columns: columns.filter(({ isNested }) => !isNested).map(({ name, type }) => ({ name, type })),
    ...nestedOf(columns),
  }
}

async function collect(request: ReadRequest, limit: number) {
  const context = contextOf(request)
  const { columns } = context
  let rows = 0
  let line = 0
  for await (const bytes of lines(request)) {
    line++
    if (rows === limit) return { rows, columns: [...columns.values()], isWhole: false }
    if (isBlank(bytes)) continue
    putRow(parseLine(bytes, request.shownAs, line), { row: rows++, line }, context)
  }
  if (line === 0) throw emptyFile({ shownAs: request.shownAs }, 'the file is empty.', 'objects')
  return { rows, columns: [...columns.values()], isWhole: true }
}

function contextOf(request: ReadRequest): RowContext {
  return {
    request,
    columns: new Map(),
    wanted: request.columns === undefined ? undefined : new Set(request.columns),
    stated: new Map(Object.entries(request.types ?? {})),
    lists: new Set(request.lists),
  }
}

/** Types are those of the rows at hand alone; a wanted column that none of these has is missing in all of them. */
async function* readJsonBatches(request: ReadRequest, most: number): AsyncGenerator<ReadTable> {
  let context = contextOf(request)
  let rows = 0
  let line = 0
  for await (const bytes of lines(request)) {
    line++
    if (isBlank(bytes)) continue
    putRow(parseLine(bytes, request.shownAs, line), { row: rows++, line }, context)
    if (rows < most) continue
    yield batchOf(context, rows)
    context = contextOf(request)
    rows = 0
  }
  if (line === 0) throw emptyFile({ shownAs: request.shownAs }, 'the file is empty.', 'objects')
  if (rows > 0) yield batchOf(context, rows)
}

function batchOf({ request, columns, stated }: RowContext, rows: number): ReadTable {
  const names = request.columns ?? [...columns.keys()]
  const known = names.map((name) => columns.get(name) ?? new JsonColumn(name, stated.get(name)))
  // Of a wanted column other rows may have other values.
  const flat = known.filter(({ isNested }) => request.columns !== undefined || !isNested)
  return { rows, columns: flat.map((column) => column.finish(rows)) }
}

interface RowContext {
  readonly request: ReadRequest
  readonly columns: Map<string, JsonColumn>
  readonly wanted: ReadonlySet<string> | undefined
  readonly stated: ReadonlyMap<string, ColumnType>
  readonly lists: ReadonlySet<string>
}

interface Place {
  /** Counted from 0, of the rows that are read together. */
  readonly row: number
  /** Counted from 1, in the file. */
  readonly line: number
}

function putRow(object: object, place: Place, context: RowContext): void {
  const { columns, wanted, stated, lists } = context
  for (const [name, found] of Object.entries(object)) {
    const value = lists.has(name) ? listText(found) : found
    let column = columns.get(name)
    if (column === undefined) {
      column = new JsonColumn(name, stated.get(name))
      columns.set(name, column)
    }
    if (wanted?.has(name) !== false) putValue(column, value, place, context)
  }
}

// biome-ignore lint/complexity/useMaxParams: what is put where, and how
function putValue(
  column: JsonColumn,
  value: unknown,
  { row, line }: Place,
  { request }: RowContext,
): void {
  const place = { shownAs: request.shownAs, line }
  if (typeof value === 'object' && value !== null) {
    const isRead = request.skipNested === true || request.nestedAsText === true
    if (!isRead || !column.putNested(value, row)) throw nestedValue(place, column.name)
  } else if (!column.put(value as Scalar, row)) throw doesNotFit(place, column.name, column.type)
}

function listText(value: unknown): unknown {
  return Array.isArray(value) ? JSON.stringify(value) : value
}

/** A text, or an integer of 16 digits and more, which a double may not hold. */
const textOrLongInteger = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g

function parseLine(bytes: Buffer, shownAs: string, line: number): object {
  if (!isUtf8(bytes)) throw notUtf8({ shownAs, line })
  const text = bytes.toString('utf8')
  const exact = /\d{16}/.test(text) ? text.replace(textOrLongInteger, keepDigits) : text
  let value: unknown
  try {
    value = JSON.parse(exact)
  } catch (cause) {
    throw notAnObject({ shownAs, line }, cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw notAnObject({ shownAs, line })
  }
  return value
}

function keepDigits(token: string, offset: number, text: string): string {
  // Digits behind a point belong to a decimal number.
  const isInteger = !token.startsWith('"') && !/[\d.eE+]/.test(text[offset - 1] ?? '')
  return isInteger && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 32 || byte === 9 || byte === 13)
}

/** The lines of the file without their line feed; a byte order mark is left out. */
async function* lines(request: ReadRequest): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let waiting = 0
  let line = 1
  let isFirst = true
  for await (const chunk of readChunks(request, await readCompression(request))) {
    let start = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
    isFirst = false
    for (let end = chunk.indexOf(lineFeed, start); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const piece = chunk.subarray(start, end)
      yield parts.length === 0 ? piece : Buffer.concat([...parts, piece])
      parts = []
      waiting = 0
      line++
      start = end + 1
    }
    // The chunk is reused for the next one, so what is kept must be a copy.
    if (start < chunk.length) parts.push(Buffer.from(chunk.subarray(start)))
    waiting += chunk.length - start
    if (waiting > LONGEST_TEXT) throw textTooLong({ shownAs: request.shownAs, line }, 'line')
  }
  if (parts.length > 0) yield Buffer.concat(parts)
}
