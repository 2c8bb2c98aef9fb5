import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { CancelledError, UserError } from '../../../../errors.js'
import type { LogReaders } from '../../../../ports/log-readers.js'
import { type FileKind, fileKind, isTable, type LogFormat, unknownFormat } from '../format.js'
import type { LogSource, Sink } from '../source.js'
import {
  beginsAs,
  type FileState,
  firstLine,
  lastLineEnd,
  originalOf,
  readHead,
} from './file-state.js'
import { readGrown, readPacked, readRows } from './read-file.js'

export interface FilesSourceOptions {
  /** The files by now, as absolute paths; none where there are none yet. */
  readonly list: () => Promise<readonly string[]>
  /** How a path is written in messages. */
  readonly shownAs: (path: string) => string
  readonly format: LogFormat | undefined
  readonly readers: LogReaders
  /** Columns of tables that are read. */
  readonly columns: readonly string[]
  readonly signal: AbortSignal
}

const WHERE = 'deploy.signals.predictions.files'

/** Files whose beginning is remembered after they are gone: their copies are not read again. */
const MOST_GONE = 1000

/** A log in files that grow, are rotated (renamed, copied and truncated, packed) and replaced. */
export function createFilesSource(options: FilesSourceOptions): LogSource {
  const known = new Map<string, FileState>()
  const gone: FileState[] = []
  const look: Look = { ...options, known, gone, warnings: [] }
  return {
    name: 'The log of predictions',
    mark: async () => {
      await eachFile(look, (file) => passOver(look, file))
    },
    read: async (sink) => {
      look.warnings = []
      const found = await eachFile(look, (file) => readFile(look, file, sink))
      return found || known.size > 0 ? look.warnings : undefined
    },
  }
}

export interface Look extends FilesSourceOptions {
  readonly known: Map<string, FileState>
  readonly gone: FileState[]
  warnings: string[]
}

/** A file that is open. */
export interface OpenLog {
  readonly path: string
  readonly kind: FileKind
  readonly handle: FileHandle
  readonly size: number
  /** Which file it is, whatever it is called. */
  readonly key: string
}

async function eachFile(look: Look, work: (file: OpenLog) => Promise<void>): Promise<boolean> {
  const paths = await look.list()
  for (const path of paths) {
    if (look.signal.aborted) throw new CancelledError('Reading the log was cancelled.')
    const kind = fileKind(basename(path), look.format)
    if (kind === undefined && paths.length === 1) throw unknownFormat(WHERE, look.shownAs(path))
    if (kind === undefined) continue
    const handle = await openOrGone(path, look)
    if (handle === undefined) continue
    try {
      const { size, dev, ino } = await handle.stat()
      await work({ path, kind, handle, size, key: `${dev}:${ino}` })
    } finally {
      await handle.close()
    }
  }
  return paths.length > 0
}

/** Between listing and opening a file may be rotated away: its new name is met at the next look. */
async function openOrGone(path: string, { shownAs }: Look): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ENOENT') return undefined
    throw new UserError(
      {
        code: 'MW-DEPLOY-312',
        where: WHERE,
        what: `${JSON.stringify(shownAs(path))} cannot be opened${code === '' ? '' : ` (${code})`}.`,
        fix: 'Let the account of the run read it, or leave it out of the pattern.',
      },
      { cause: error },
    )
  }
}

/** What was written before the weights were set; a line that is only half there is read as a whole later. */
async function passOver(look: Look, { kind, handle, size, key }: OpenLog): Promise<void> {
  const head = await readHead(handle)
  const isWhole = kind.isPacked || isTable(kind.format) || kind.format === 'json'
  const done = isWhole ? 0 : await lastLineEnd(handle, size)
  look.known.set(key, { head, done, isOver: isWhole, size })
}

async function readFile(look: Look, file: OpenLog, sink: Sink): Promise<void> {
  const state = await stateOf(look, file)
  if (state.isOver && state.size === file.size) return
  const { kind, size } = file
  if (isTable(kind.format)) await readRows({ look, file, state, sink })
  else if (kind.isPacked) await readPacked({ look, file, state, sink, format: kind.format })
  else if (kind.format === 'json') await readGrown({ look, file, state, sink, format: kind.format })
  else await readText(look, { file, state, sink })
  state.size = size
}

async function readText(
  look: Look,
  { file, state, sink }: { file: OpenLog; state: FileState; sink: Sink },
): Promise<void> {
  const { format } = file.kind
  if (isTable(format) || state.done >= file.size) return
  const isCsv = format === 'csv' && state.done > 0
  const header = isCsv ? await firstLine(file.handle) : undefined
  await readGrown({ look, file, state, sink, format, header })
}

/** What is known of the file; of a new one, or one that another stands in the place of, that nothing of it was read. */
async function stateOf(
  { known, gone, warnings, shownAs }: Look,
  file: OpenLog,
): Promise<FileState> {
  const { key, handle, size, kind, path } = file
  const head = await readHead(handle)
  const state = known.get(key)
  if (state !== undefined && beginsAs(head, state) && (size >= state.done || kind.isPacked)) {
    if (head.length > state.head.length) state.head = head
    return state
  }
  if (state !== undefined) {
    gone.push(state)
    if (gone.length > MOST_GONE) gone.shift()
    warnings.push(`${JSON.stringify(shownAs(path))} was begun anew: it is read from its beginning.`)
  }
  const isText = !kind.isPacked && !isTable(kind.format)
  const original =
    isText && state === undefined ? originalOf(head, [...known.values(), ...gone]) : undefined
  const fresh = {
    head,
    done: original === undefined ? 0 : Math.min(original.done, size),
    isOver: false,
    size,
  }
  known.set(key, fresh)
  return fresh
}
