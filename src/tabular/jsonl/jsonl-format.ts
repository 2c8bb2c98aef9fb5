import { Buffer, isUtf8 } from 'node:buffer'
import type { Table } from '../../domain/table/column.js'
import { readChunks, readCompression } from '../byte-source.js'
import { selectColumns } from '../column-names.js'
import type {
  ColumnType,
  ReadRequest,
  ReadTable,
  TableFormat,
  TableSchema,
} from '../table-format.js'
import { doesNotFit, emptyFile, nestedValue, notAnObject, notUtf8 } from '../text-problems.js'
import { JsonColumn, type Scalar } from './json-column.js'

const lineFeed = 10
const schemaRows = 1000

/**
 * JSON Lines: one object a line, blank lines passed over. The columns are all keys in order of first appearance;
 * null and an absent key are missing. Types: integer, number, boolean, timestamp (ISO 8601 in every text),
 * else text; a column of more than one type is text, its numbers written as JavaScript writes them. Integers
 * beyond 2^53 make the column text with the exact digits. Lists and objects are refused in wanted columns.
 */
export const jsonLinesFormat: TableFormat = {
  readTable: readJsonLines,
  readSchema: schemaOf,
  readBatches: readJsonBatches,
}

async function readJsonLines(request: ReadRequest): Promise<Table> {
  const { rows, columns: found } = await collect(request, Number.POSITIVE_INFINITY)
  const columns = found.filter(({ isNested }) => !isNested)
  const names = columns.map((column) => column.name)
  // Without rows there are no keys, so that no column can be said to be absent.
  const order = rows === 0 ? [] : selectColumns(names, request.columns, request.shownAs)
  return { rows, columns: order.flatMap((index) => columns[index]?.finish(rows) ?? []) }
}

async function schemaOf(request: ReadRequest): Promise<TableSchema> {
  const { rows, columns, isWhole } = await collect(request, schemaRows)
  return {
    rows: isWhole ? rows : undefined,
    ...(isWhole ? {} : { mayGrow: true }),
    columns: columns.filter(({ isNested }) => !isNested).map(({ name, type }) => ({ name, type })),
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
  const flat = known.filter(({ isNested }) => !isNested)
  return { rows, columns: flat.map((column) => column.finish(rows)) }
}

interface RowContext {
  readonly request: ReadRequest
  readonly columns: Map<string, JsonColumn>
  readonly wanted: ReadonlySet<string> | undefined
  readonly stated: ReadonlyMap<string, ColumnType>
  readonly lists: ReadonlySet<string>
}

function putRow(
  object: object,
  { row, line }: { row: number; line: number },
  { request, columns, wanted, stated, lists }: RowContext,
): void {
  const place = { shownAs: request.shownAs, line }
  for (const [name, found] of Object.entries(object)) {
    const value = lists.has(name) ? listText(found) : found
    let column = columns.get(name)
    if (column === undefined) {
      column = new JsonColumn(name, stated.get(name))
      columns.set(name, column)
    }
    if (wanted?.has(name) === false) continue
    if (typeof value === 'object' && value !== null) {
      if (request.skipNested !== true) throw nestedValue(place, name)
      column.isNested = true
      continue
    }
    if (!column.put(value as Scalar, row)) throw doesNotFit(place, name, column.type)
  }
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
  let isFirst = true
  for await (const chunk of readChunks(request, await readCompression(request))) {
    let start = isFirst && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0
    isFirst = false
    for (let end = chunk.indexOf(lineFeed, start); end >= 0; end = chunk.indexOf(lineFeed, start)) {
      const piece = chunk.subarray(start, end)
      yield parts.length === 0 ? piece : Buffer.concat([...parts, piece])
      parts = []
      start = end + 1
    }
    // The chunk is reused for the next one, so what is kept must be a copy.
    if (start < chunk.length) parts.push(Buffer.from(chunk.subarray(start)))
  }
  if (parts.length > 0) yield Buffer.concat(parts)
}
