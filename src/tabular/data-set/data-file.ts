import { formatOf } from '../formats.js'
import { hashFile } from '../hash-file.js'
import type { OpenTable, PartRequest, ReadRequest } from '../table-format.js'
import type { DataSetOptions, FileFacts } from './data-set-options.js'
import { refuseChanged, stampOf, whileUnchanged } from './file-stamp.js'
import type { DataFile } from './list-files.js'

/** A file with how it is read; opened when it is first asked for, and once. */
export interface DataFileReader {
  readonly file: DataFile & Pick<FileFacts, 'stamp' | 'sha256'>
  readonly open: () => Promise<OpenedFile>
}

export interface OpenedFile {
  readonly table: OpenTable
  /** Formats of text are read as a whole, whatever is wanted of them. */
  readonly isText: boolean
}

/** Takes the stamp of a file and hashes it. Throws MW-DATA-001, and MW-DATA-302 where it changes meanwhile. */
export async function stampedFile(
  file: DataFile,
  signal: AbortSignal | undefined,
): Promise<DataFileReader['file']> {
  const stamp = (await stampOf(file.path)) ?? { size: 0, modified: '', inode: '' }
  const { sha256 } = await hashFile(file.path, signal, file.name)
  await refuseChanged({ ...file, stamp })
  return { ...file, stamp, sha256 }
}

export function readerOf(file: DataFileReader['file'], options: DataSetOptions): DataFileReader {
  let opened: Promise<OpenedFile> | undefined
  return {
    file,
    open: () => {
      opened ??= whileUnchanged(file, () => openFile(file, options))
      return opened
    },
  }
}

/** What is held of a byte of text that is not packed as it is read. */
const UNPACKED_COST = 3

async function openFile(file: DataFile, options: DataSetOptions): Promise<OpenedFile> {
  const { types, delimiter, limit, vectors: lists } = options
  const request = { path: file.path, shownAs: file.name, types, delimiter, limit }
  const format = await formatOf(request)
  if (format.open !== undefined) return { isText: false, table: await format.open(request) }
  const whole = { ...request, lists }
  const { readBatches, readPacked } = format
  const isCounted = readPacked !== undefined || options.hold === false
  const mostUnpacked = isCounted ? undefined : limit && limit.held / UNPACKED_COST
  const full = ({ columns, types: stated, signal }: PartRequest): ReadRequest => ({
    ...whole,
    columns,
    types: { ...types, ...stated },
    skipNested: columns === undefined,
    nestedAsText: true,
    signal,
  })
  const table: OpenTable = {
    schema: await format.readSchema({ ...whole, skipNested: true }),
    parts: [],
    read: (part) => format.readTable({ ...full(part), mostUnpacked }),
    readPacked: readPacked && ((part) => readPacked(full(part))),
    readBatches: readBatches && ((part, most) => readBatches(full(part), most)),
  }
  return { isText: true, table }
}
