import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { CancelledError, ExternalError, UserError } from '../../../../errors.js'
import { type FileKind, isTable } from '../format.js'
import type { Sink } from '../source.js'
import { readTableFile } from '../table-file.js'
import { decoderOf, feeder, type TextFormat } from '../text/decoder.js'
import type { StoredObject } from './object-store.js'
import type { ObjectState, ObjectsLook } from './objects-source.js'

export interface ObjectReading {
  readonly object: StoredObject
  readonly kind: FileKind
  readonly state: ObjectState
  readonly sink: Sink
}

type Content = AsyncIterable<Uint8Array>

/** Reads an object, from where it was left if that was in the middle. An object that is gone meanwhile is nothing. */
export async function readObject(look: ObjectsLook, reading: ObjectReading): Promise<void> {
  const { object, kind, state } = reading
  const { format, isPacked } = kind
  // Of CSV the first line is needed; what is packed, whole or a table cannot be begun in the middle.
  const from = format === 'json-lines' && !isPacked ? state.done : 0
  const content = await look.store.content(object.key, from)
  if (content === undefined) return
  try {
    if (isTable(format)) await readAsFile(look, reading, content.body)
    else await readText(look, { ...reading, format }, content)
    state.isOver = true
  } catch (error) {
    if (!isBrokenPack(error)) throw asLost(error, look, object)
    look.warnings.push(`${JSON.stringify(object.key)} cannot be unpacked.`)
    reading.sink.bad()
    state.isOver = true
  }
}

async function readText(
  { readers, signal }: ObjectsLook,
  { kind, state, sink, format }: ObjectReading & { readonly format: TextFormat },
  content: { readonly body: Content; readonly from: number },
): Promise<void> {
  const began = format === 'csv' ? 0 : state.done
  // The rows of CSV that were given before are decoded again, and passed over.
  const counted = format === 'csv' ? skipping(sink, state) : sink
  const feed = feeder(decoderOf(format, counted, { readRecord: readers.csvRecord }))
  let skip = began - content.from
  for await (const bytes of kind.isPacked ? unpacked(content.body) : content.body) {
    if (signal.aborted) throw new CancelledError('Reading the log was cancelled.')
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const past = Math.min(skip, chunk.length)
    skip -= past
    if (past < chunk.length) feed.push(chunk.subarray(past))
    if (format === 'json-lines') state.done = began + feed.done
  }
  feed.push(Buffer.alloc(0), true)
  if (format === 'json-lines') state.done = began + feed.done
}

function isBrokenPack(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}

function skipping(sink: Sink, state: ObjectState): Sink {
  let skip = state.done
  const once = (give: () => void): void => {
    if (skip > 0) {
      skip -= 1
      return
    }
    state.done += 1
    give()
  }
  return {
    record: (fields) => once(() => sink.record(fields)),
    bad: () => once(() => sink.bad()),
  }
}

function unpacked(body: Content): Content {
  const source = Readable.from(body)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  return source.pipe(gunzip)
}

/** Parquet and Arrow are read from a file, since their end says where what is. */
async function readAsFile(
  { readers, columns, signal, warnings }: ObjectsLook,
  { object, state, sink }: ObjectReading,
  body: Content,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'modelway-log-'))
  const path = join(folder, basename(object.key).replace(/[^\w.-]/g, '_') || 'object')
  try {
    await pipeline(Readable.from(body), createWriteStream(path, { mode: 0o600 }), { signal })
    const file = { path, shownAs: object.key, columns, signal, given: state.done }
    const onRow = () => {
      state.done += 1
    }
    await readTableFile(readers, file, { sink, onRow })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    warnings.push(`An object cannot be read: ${error.message}`)
    sink.bad()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A connection that breaks off is met again at the next look, which goes on where this one was. */
function asLost(error: unknown, { store, signal }: ObjectsLook, { key }: StoredObject): unknown {
  if (signal.aborted) return new CancelledError('Reading the log was cancelled.', { cause: error })
  if (error instanceof CancelledError || error instanceof UserError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ExternalError(
    {
      code: 'MW-DEPLOY-320',
      service: store.name,
      what: `${JSON.stringify(key)} could not be read to its end: ${reason.slice(0, 200)}.`,
      retryable: true,
    },
    { cause: error },
  )
}
