import type { FileHandle } from 'node:fs/promises'
import { type ColumnChunk, type FileMetaData, parquetMetadataAsync, parquetSchema } from 'hyparquet'
import { UserError } from '../../errors.js'
import { type FileToRead, readBytes, withFile } from '../byte-source.js'
import { unsupported } from '../column-problems.js'
import { damaged, notParquet } from './parquet-problems.js'

/** An open Parquet file with its footer read. */
export interface ParquetFile {
  readonly shownAs: string
  readonly metadata: FileMetaData
  readonly rows: number
  /** Bytes `[start, end)`, all of them or an error. */
  readonly read: (start: number, end: number) => Promise<ArrayBuffer>
}

/** Opens the file, checks its frame, reads the footer, runs `use`. Throws MW-DATA-014 and -015. */
export async function withParquetFile<T>(
  file: FileToRead,
  use: (parquet: ParquetFile) => Promise<T>,
): Promise<T> {
  return withFile(file, async (handle) => {
    const { size } = await handle.stat()
    const { shownAs } = file
    await checkFrame(handle, size, shownAs)
    const read = (start: number, end: number) => readExactly(handle, { start, end, size }, shownAs)
    const metadata = await readFooter(read, size, shownAs)
    const rows = metadata.row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0)
    if (rows !== Number(metadata.num_rows) || !(rows >= 0)) {
      throw damaged(shownAs, 'its footer contradicts itself about the number of rows')
    }
    return use({ shownAs, metadata, rows, read })
  })
}

async function checkFrame(handle: FileHandle, size: number, shownAs: string): Promise<void> {
  const head = (await readBytes(handle, 0, 4)).toString('latin1')
  if (head === 'PARE') throw unsupported(shownAs, 'an encrypted Parquet file')
  if (head !== 'PAR1') throw notParquet(shownAs)
  if (size < 12) throw damaged(shownAs, `it ends after ${size} bytes`)
  const tail = (await readBytes(handle, size - 4, 4)).toString('latin1')
  if (tail !== 'PAR1') throw damaged(shownAs, 'it does not end with PAR1, so its end is missing')
}

async function readExactly(
  handle: FileHandle,
  range: { start: number; end: number; size: number },
  shownAs: string,
): Promise<ArrayBuffer> {
  const { start, end, size } = range
  if (!(start >= 0 && start <= end && end <= size)) {
    throw damaged(shownAs, 'it refers to bytes that are not in the file')
  }
  const bytes = await readBytes(handle, start, end - start)
  if (bytes.length !== end - start) throw damaged(shownAs, 'it ends too early')
  // readBytes allocates outside of the pool, so the buffer behind is the bytes and nothing else.
  return bytes.buffer as ArrayBuffer
}

async function readFooter(
  read: ParquetFile['read'],
  size: number,
  shownAs: string,
): Promise<FileMetaData> {
  const file = { byteLength: size, slice: (start: number, end = size) => read(start, end) }
  try {
    const metadata = await parquetMetadataAsync(file, { geoparquet: false })
    checkFooter(metadata)
    return metadata
  } catch (cause) {
    if (cause instanceof UserError) throw cause
    throw damaged(shownAs, 'its footer cannot be read', cause)
  }
}

/** What the reader relies on; the parser of the footer takes any bytes that look like fields. */
function checkFooter(metadata: FileMetaData): void {
  const hasPath = (column: ColumnChunk) => Array.isArray(column.meta_data?.path_in_schema)
  const isWhole =
    // Throws when the elements do not make a tree.
    parquetSchema(metadata).children.every(({ element }) => typeof element.name === 'string') &&
    metadata.row_groups.every((group) => group.columns.every(hasPath))
  if (!isWhole) throw new Error('fields are missing in the footer')
}
