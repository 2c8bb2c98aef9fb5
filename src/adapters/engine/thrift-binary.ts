/** Thrift's strict binary protocol: as much of it as the calls of HiveServer2 need. */

const TYPE = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const

const VERSION = 0x8001_0000
const KIND = { call: 1, reply: 2, exception: 3 } as const
/** Deeper than any message of HiveServer2. */
const MOST_DEPTH = 32

/** A value that is sent. */
export type ThriftOut =
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'i32'; readonly value: number }
  | { readonly type: 'i64'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'map'; readonly value: Readonly<Record<string, string>> }
  | { readonly type: 'struct'; readonly value: ThriftOutFields }
  /** A struct as it came. */
  | { readonly type: 'again'; readonly value: Buffer }

/** By the numbers of the fields. */
export type ThriftOutFields = Readonly<Record<number, ThriftOut | undefined>>

/** What came: numbers of 64 bits as bigint, texts and bytes as bytes. */
export type ThriftValue = boolean | number | bigint | Buffer | ThriftStruct | readonly ThriftValue[]

export interface ThriftStruct {
  readonly fields: ReadonlyMap<number, ThriftValue>
  /** As it came, to be sent again. */
  readonly bytes: Buffer
}

/** What came is not as Thrift has it. */
export class ThriftError extends Error {
  override readonly name = 'ThriftError'
}

/** A call of a method whose one parameter is a struct. */
export function callMessage(method: string, sequence: number, request: ThriftOutFields): Buffer {
  const version = i32((VERSION | KIND.call) >>> 0)
  return Buffer.concat([
    version,
    text(method),
    i32(sequence),
    structBytes({ 1: { type: 'struct', value: request } }),
  ])
}

/** The struct that a method returned. Throws ThriftError for what is no such answer. */
export function replyOf(message: Buffer, method: string, sequence: number): ThriftStruct {
  try {
    return readReply(message, method, sequence)
  } catch (error) {
    if (error instanceof RangeError) throw new ThriftError('a message is cut off')
    throw error
  }
}

function readReply(message: Buffer, method: string, sequence: number): ThriftStruct {
  const cursor = { bytes: message, at: 0 }
  const head = takeI32(cursor) >>> 0
  if ((head & 0xffff_0000) >>> 0 !== VERSION) {
    throw new ThriftError("it is no message of Thrift's binary protocol")
  }
  const name = takeBytes(cursor).toString('utf8')
  const number = takeI32(cursor)
  const body = takeStruct(cursor, 0)
  if ((head & 0xff) === KIND.exception) {
    const words = body.fields.get(1)
    throw new ThriftError(Buffer.isBuffer(words) ? words.toString('utf8') : 'the call failed')
  }
  const result = body.fields.get(0)
  const isAnswer = (head & 0xff) === KIND.reply && name === method && number === sequence
  if (!isAnswer || cursor.at !== message.length || !isStruct(result)) {
    throw new ThriftError(`it is no answer to ${method}`)
  }
  return result
}

export function isStruct(value: ThriftValue | undefined): value is ThriftStruct {
  return typeof value === 'object' && 'fields' in value
}

function i32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([i32(bytes.length), bytes])
}

const WIRE = {
  bool: TYPE.bool,
  i32: TYPE.i32,
  i64: TYPE.i64,
  string: TYPE.string,
  map: TYPE.map,
  struct: TYPE.struct,
  again: TYPE.struct,
} as const

function structBytes(fields: ThriftOutFields): Buffer {
  const parts: Buffer[] = []
  for (const [id, out] of Object.entries(fields)) {
    if (out === undefined) continue
    const head = Buffer.alloc(3)
    head.writeUInt8(WIRE[out.type])
    head.writeInt16BE(Number(id), 1)
    parts.push(head, valueBytes(out))
  }
  return Buffer.concat([...parts, Buffer.of(TYPE.stop)])
}

function valueBytes(out: ThriftOut): Buffer {
  switch (out.type) {
    case 'bool':
      return Buffer.of(out.value ? 1 : 0)
    case 'i32':
      return i32(out.value)
    case 'i64': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(BigInt(out.value))
      return bytes
    }
    case 'string':
      return text(out.value)
    case 'map': {
      const entries = Object.entries(out.value)
      const pairs = entries.flatMap(([key, value]) => [text(key), text(value)])
      return Buffer.concat([Buffer.of(TYPE.string, TYPE.string), i32(entries.length), ...pairs])
    }
    case 'struct':
      return structBytes(out.value)
    case 'again':
      return out.value
  }
}

interface Cursor {
  readonly bytes: Buffer
  at: number
}

function takeI32(cursor: Cursor): number {
  cursor.at += 4
  return cursor.bytes.readInt32BE(cursor.at - 4)
}

function takeBytes(cursor: Cursor): Buffer {
  const length = takeI32(cursor)
  const start = cursor.at
  if (length < 0 || start + length > cursor.bytes.length) throw new RangeError('cut off')
  cursor.at += length
  return cursor.bytes.subarray(start, cursor.at)
}

function takeStruct(cursor: Cursor, depth: number): ThriftStruct {
  const start = cursor.at
  const fields = new Map<number, ThriftValue>()
  for (;;) {
    const type = cursor.bytes.readUInt8(cursor.at)
    if (type === TYPE.stop) break
    const id = cursor.bytes.readInt16BE(cursor.at + 1)
    cursor.at += 3
    fields.set(id, take(cursor, type, depth + 1))
  }
  cursor.at++
  return { fields, bytes: cursor.bytes.subarray(start, cursor.at) }
}

function take(cursor: Cursor, type: number, depth: number): ThriftValue {
  if (depth > MOST_DEPTH) throw new ThriftError('it goes too deep')
  const { bytes, at } = cursor
  const fixed = takeFixed(bytes, type, at)
  if (fixed !== undefined) {
    cursor.at += fixed.size
    return fixed.value
  }
  if (type === TYPE.string) return takeBytes(cursor)
  if (type === TYPE.struct) return takeStruct(cursor, depth)
  if (type === TYPE.list || type === TYPE.set) {
    cursor.at += 1
    return takeMany(cursor, [bytes.readUInt8(at)], depth)
  }
  if (type === TYPE.map) {
    cursor.at += 2
    return takeMany(cursor, [bytes.readUInt8(at), bytes.readUInt8(at + 1)], depth)
  }
  throw new ThriftError(`there is no type ${type}`)
}

function takeFixed(
  bytes: Buffer,
  type: number,
  at: number,
): { readonly value: ThriftValue; readonly size: number } | undefined {
  if (type === TYPE.bool) return { value: bytes.readUInt8(at) !== 0, size: 1 }
  if (type === TYPE.byte) return { value: bytes.readInt8(at), size: 1 }
  if (type === TYPE.i16) return { value: bytes.readInt16BE(at), size: 2 }
  if (type === TYPE.i32) return { value: bytes.readInt32BE(at), size: 4 }
  if (type === TYPE.i64) return { value: bytes.readBigInt64BE(at), size: 8 }
  return type === TYPE.double ? { value: bytes.readDoubleBE(at), size: 8 } : undefined
}

/** A list, or a map as keys and values in turn. */
function takeMany(cursor: Cursor, types: readonly number[], depth: number): readonly ThriftValue[] {
  const count = takeI32(cursor)
  // Each value takes a byte or more: a count beyond what came is no count.
  if (count < 0 || count * types.length > cursor.bytes.length - cursor.at) {
    throw new RangeError('cut off')
  }
  const values: ThriftValue[] = []
  for (let i = 0; i < count; i++) {
    for (const type of types) values.push(take(cursor, type, depth + 1))
  }
  return values
}
