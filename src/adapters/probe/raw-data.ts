import type { Cell } from '../../domain/probe/tensor.js'

type Read = (bytes: Buffer, at: number) => number | bigint | boolean

/** How one value of a type stands in raw contents: little-endian, row by row. */
const TYPES: Readonly<Record<string, readonly [width: number, read: Read]>> = {
  BOOL: [1, (bytes, at) => bytes.readUInt8(at) !== 0],
  INT8: [1, (bytes, at) => bytes.readInt8(at)],
  INT16: [2, (bytes, at) => bytes.readInt16LE(at)],
  INT32: [4, (bytes, at) => bytes.readInt32LE(at)],
  INT64: [8, (bytes, at) => bytes.readBigInt64LE(at)],
  UINT8: [1, (bytes, at) => bytes.readUInt8(at)],
  UINT16: [2, (bytes, at) => bytes.readUInt16LE(at)],
  UINT32: [4, (bytes, at) => bytes.readUInt32LE(at)],
  UINT64: [8, (bytes, at) => bytes.readBigUInt64LE(at)],
  FP16: [2, (bytes, at) => halfOf(bytes.readUInt16LE(at))],
  BF16: [2, (bytes, at) => bfloatOf(bytes.readUInt16LE(at))],
  FP32: [4, (bytes, at) => bytes.readFloatLE(at)],
  FP64: [8, (bytes, at) => bytes.readDoubleLE(at)],
}

/** The values of raw contents; throws RangeError for what is cut off, or is of no type that is known. */
export function rawData(datatype: string, bytes: Buffer): readonly Cell[] {
  if (datatype === 'BYTES') return texts(bytes)
  const type = TYPES[datatype]
  if (type === undefined) throw new RangeError(`Values of the type ${datatype} cannot be read.`)
  const [width, read] = type
  if (bytes.length % width !== 0)
    throw new RangeError(`Values of the type ${datatype} are cut off.`)
  return Array.from({ length: bytes.length / width }, (_, i) => {
    const value = read(bytes, i * width)
    return typeof value === 'bigint' ? cellOfWhole(value) : value
  })
}

/** Texts, each behind its length in four bytes. */
function texts(bytes: Buffer): readonly Cell[] {
  const found: Cell[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32LE(at) : Number.POSITIVE_INFINITY
    if (end > bytes.length) throw new RangeError('A text is cut off.')
    found.push(bytes.toString('utf8', at + 4, end))
    at = end
  }
  return found
}

/** IEEE 754 binary16. */
function halfOf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The upper half of binary32. */
function bfloatOf(bits: number): number {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16LE(bits, 2)
  return bytes.readFloatLE(0)
}

/** A whole number as a number where that is exact. */
export function cellOfWhole(value: bigint): Cell {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : String(value)
}
