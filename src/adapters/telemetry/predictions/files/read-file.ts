import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { CancelledError, UserError } from '../../../../errors.js'
import type { Sink } from '../source.js'
import { readTableFile } from '../table-file.js'
import { decoderOf, feeder, type TextFormat } from '../text/decoder.js'
import { chunksFrom, type FileState, headOf, originalOf } from './file-state.js'
import type { Look, OpenLog } from './files-source.js'

export interface Reading {
  readonly look: Look
  readonly file: OpenLog
  readonly state: FileState
  readonly sink: Sink
}

export interface TextReading extends Reading {
  readonly format: TextFormat
  /** The first line of a CSV file that is read from further on. */
  readonly header?: Buffer | undefined
}

/** What was written to a file since the last look, but for a last line that is not complete. */
export async function readGrown(reading: TextReading): Promise<void> {
  const { look, file, state, sink, format, header } = reading
  const from = state.done
  const feed = feeder(decoderOf(format, sink, { readRecord: look.readers.csvRecord, header }))
  for await (const chunk of chunksFrom(file.handle, { from, to: file.size })) {
    if (look.signal.aborted) throw new CancelledError('Reading the log was cancelled.')
    feed.push(chunk)
    // Of JSON as a whole nothing is done before all is.
    if (format !== 'json') state.done = from + feed.done
  }
  if (format !== 'json') return
  feed.push(Buffer.alloc(0), true)
  state.isOver = true
}

/** A packed file; one that was there before it was packed goes on where that one was left. */
export async function readPacked(reading: TextReading): Promise<void> {
  const { look, file, state } = reading
  const stream = createReadStream(file.path)
  const unpacked = stream.pipe(createGunzip())
  stream.on('error', (error) => unpacked.destroy(error))
  const pass = unpackedPass(reading)
  try {
    for await (const chunk of unpacked) {
      if (look.signal.aborted) throw new CancelledError('Reading the log was cancelled.')
      pass.push(Buffer.from(chunk as Uint8Array))
    }
    pass.end()
    state.isOver = true
  } catch (error) {
    if (error instanceof CancelledError) throw error
    brokenPack(reading, error)
  } finally {
    stream.destroy()
  }
}

/** Skips what was read before; of CSV the first line is kept for its names. */
function unpackedPass({ look, state, sink, format }: TextReading) {
  const { csvRecord: readRecord } = look.readers
  let feed: ReturnType<typeof feeder> | undefined
  let start = Buffer.alloc(0)
  let skip = state.done
  let began = state.done
  const begin = (): void => {
    const original =
      state.done === 0 ? originalOf(headOf(start), otherStates(look, state)) : undefined
    began = skip = original?.done ?? state.done
    const end = start.indexOf(10)
    const header = format === 'csv' && skip > 0 && end >= 0 ? start.subarray(0, end + 1) : undefined
    feed = feeder(decoderOf(format, sink, { readRecord, header }))
    take(start)
    start = Buffer.alloc(0)
  }
  const take = (chunk: Buffer): void => {
    const from = Math.min(skip, chunk.length)
    skip -= from
    if (from === chunk.length) return
    feed?.push(chunk.subarray(from))
    if (format !== 'json') state.done = began + (feed?.done ?? 0)
  }
  return {
    push(chunk: Buffer): void {
      if (feed !== undefined) {
        take(chunk)
        return
      }
      start = Buffer.concat([start, chunk])
      if (start.length >= FIRST_BYTES) begin()
    },
    end(): void {
      if (feed === undefined) begin()
      feed?.push(Buffer.alloc(0), true)
      state.done = began + (feed?.done ?? 0)
    },
  }
}

/** Enough to know a file by its beginning, and for the header of most. */
const FIRST_BYTES = 64 * 1024

function otherStates({ known, gone }: Look, state: FileState): FileState[] {
  return [...known.values(), ...gone].filter((other) => other !== state && !other.isOver)
}

/** A file that is still being packed is whole at a later look. */
function brokenPack({ look, file, state, sink }: TextReading, error: unknown): void {
  if (isCutOff(error)) return
  look.warnings.push(`${JSON.stringify(look.shownAs(file.path))} cannot be unpacked.`)
  sink.bad()
  state.isOver = true
}

function isCutOff(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
}

/** The rows of a file of Parquet or Arrow, which is written once. */
export async function readRows({ look, file, state, sink }: Reading): Promise<void> {
  const { readers, columns, signal } = look
  const shownAs = look.shownAs(file.path)
  const table = { path: file.path, shownAs, columns, signal, given: state.done }
  try {
    await readTableFile(readers, table, {
      sink,
      onRow: () => {
        state.done += 1
      },
    })
    state.isOver = true
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    look.warnings.push(`A file cannot be read (yet): ${error.message}`)
  }
}
