/** Protobuf's wire format: as much of it as messages written by hand need. */

const VARINT = 0
const FIXED_64 = 1
const LENGTH_DELIMITED = 2
const FIXED_32 = 5
/** 64 bits in pieces of seven. */
const MOST_VARINT_BYTES = 10

/** A whole number from 0 as a varint; negative ones as protobuf writes int32 and int64, in ten bytes. */
export function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(rest)])
}

/** A field of text, of bytes, of a message, or of numbers packed one after the other. */
export function field(number: number, content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  return Buffer.concat([varint(number * 8 + LENGTH_DELIMITED), varint(bytes.length), bytes])
}

/** A field of one whole number, boolean or enumeration. */
export function numberField(number: number, value: number | bigint): Buffer {
  return Buffer.concat([varint(number * 8 + VARINT), varint(value)])
}

export type Field =
  | { readonly number: number; readonly wire: 'varint'; readonly value: bigint }
  | {
      readonly number: number
      readonly wire: 'bytes' | 'fixed32' | 'fixed64'
      readonly value: Buffer
    }

/** The fields of a message, in order. Throws RangeError for what is cut off or is no message. */
export function* fields(message: Buffer): Generator<Field> {
  let at = 0
  while (at < message.length) {
    const key = readVarint(message, at)
    const number = Number(key.value >> 3n)
    at = key.end
    const kind = Number(key.value & 7n)
    if (kind === VARINT) {
      const { value, end } = readVarint(message, at)
      at = end
      yield { number, wire: 'varint', value }
    } else if (kind === FIXED_64 || kind === FIXED_32) {
      const width = kind === FIXED_64 ? 8 : 4
      const wire = kind === FIXED_64 ? 'fixed64' : 'fixed32'
      yield { number, wire, value: slice(message, at, width) }
      at += width
    } else if (kind === LENGTH_DELIMITED) {
      const length = readVarint(message, at)
      const value = slice(message, length.end, Number(length.value))
      at = length.end + value.length
      yield { number, wire: 'bytes', value }
    } else {
      throw new RangeError(`No field of a message is of kind ${kind}.`)
    }
  }
}

/** The varints that a packed field holds, as numbers without a sign of 64 bits. */
export function* varints(packed: Buffer): Generator<bigint> {
  for (let at = 0; at < packed.length; ) {
    const { value, end } = readVarint(packed, at)
    at = end
    yield value
  }
}

function readVarint(message: Buffer, start: number): { value: bigint; end: number } {
  let value = 0n
  for (let i = 0; i < MOST_VARINT_BYTES; i++) {
    const byte = message[start + i]
    if (byte === undefined) throw new RangeError('A message is cut off.')
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) return { value: BigInt.asUintN(64, value), end: start + i + 1 }
  }
  throw new RangeError('A number is longer than 64 bits.')
}

function slice(message: Buffer, start: number, length: number): Buffer {
  if (start + length > message.length) throw new RangeError('A message is cut off.')
  return message.subarray(start, start + length)
}
