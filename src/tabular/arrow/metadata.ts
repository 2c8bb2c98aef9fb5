import type { Block, DictionaryBatch, RecordBatch, Schema } from '@uwdata/flechette'
import { decodeBlocks } from '@uwdata/flechette/src/decode/block.js'
import { decodeDictionaryBatch } from '@uwdata/flechette/src/decode/dictionary-batch.js'
import { decodeRecordBatch } from '@uwdata/flechette/src/decode/record-batch.js'
import { decodeSchema } from '@uwdata/flechette/src/decode/schema.js'
import {
  readInt16,
  readInt64,
  readObject,
  readOffset,
  readUint8,
} from '@uwdata/flechette/src/util/read.js'

/** What a message says before its body: where the buffers of a batch lie, or what the columns are. */
export type Head = { readonly bodyLength: number } & (
  | { readonly kind: 'schema'; readonly schema: Schema }
  | { readonly kind: 'rows'; readonly batch: RecordBatch }
  | { readonly kind: 'dictionary'; readonly dictionary: DictionaryBatch }
)

export interface Footer {
  readonly schema: Schema
  readonly dictionaries: readonly Block[]
  readonly batches: readonly Block[]
}

/** A writer shares tables of offsets among fields, so that bytes are read several times, but not this often. */
const READS_A_BYTE = 32

/**
 * Bytes that throw where they are read beyond their end, or too often. flechette takes what is not there for
 * zero, and lists as long as the file claims: without this a changed length would keep it busy for minutes.
 */
function guarded(bytes: Uint8Array): Uint8Array {
  let left = bytes.length * READS_A_BYTE
  const spend = (cost: number) => {
    left -= cost
    if (left < 0) throw new RangeError('the metadata refers to itself')
  }
  return new Proxy(bytes, {
    get: (target, key) => {
      if (key === 'subarray') {
        return (start: number, end: number) => {
          if (!(start >= 0 && start <= end && end <= target.length)) {
            throw new RangeError('a text lies outside of the metadata')
          }
          spend(end - start)
          return target.subarray(start, end)
        }
      }
      spend(1)
      const byte: unknown = Reflect.get(target, key)
      if (byte === undefined) throw new RangeError('the metadata refers to what is not there')
      return byte
    },
  })
}

/** Decodes the metadata of a message. Throws when they are none. */
export function decodeHead(bytes: Uint8Array): Head {
  const source = guarded(bytes)
  const get = readObject(source, 0)
  const version = get(4, readInt16, 0)
  const type = get(6, readUint8, 0)
  const at = get(8, readOffset, 0)
  const bodyLength = get(10, readInt64, 0)
  if (type === 1) return { kind: 'schema', bodyLength, schema: decodeSchema(source, at, version) }
  if (type === 2) {
    const dictionary = decodeDictionaryBatch(source, at, version)
    return { kind: 'dictionary', bodyLength, dictionary }
  }
  if (type === 3) return { kind: 'rows', bodyLength, batch: decodeRecordBatch(source, at, version) }
  throw new Error(`a message of kind ${type}`)
}

/** Decodes the footer of the file format. Throws when it is none. */
export function decodeFooter(bytes: Uint8Array): Footer {
  const source = guarded(bytes)
  const get = readObject(source, 0)
  const version = get(4, readInt16, 0)
  const blocks = (entry: number) => get<readonly Block[]>(entry, decodeBlocks, [])
  const schema = get<Schema | null>(6, (at, index) => decodeSchema(at, index, version), null)
  if (schema === null) throw new Error('no schema')
  return { schema, dictionaries: blocks(8), batches: blocks(10) }
}
