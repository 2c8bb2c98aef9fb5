import { fromFloat16 } from '@uwdata/flechette/src/util/numbers.js'
import { NeedsText } from '../needs-text.js'
import type { Meaning } from './arrow-types.js'
import type { Cells } from './layout.js'

const twoTo32 = 4294967296

/** A view of numbers, which throws when the bytes are too few for the rows. */
export function words<T>(
  ArrayType: new (buffer: ArrayBufferLike, offset: number, length: number) => T,
  bytes: Uint8Array | undefined,
  { count, bits }: { count: number; bits: number },
): T {
  if (bytes === undefined || bytes.length * 8 < count * bits) {
    throw new Error('a buffer is too short')
  }
  return new ArrayType(bytes.buffer, bytes.byteOffset, count)
}

export function isPresent(present: Uint8Array | undefined, row: number): boolean {
  return present === undefined || (((present[row >> 3] as number) >> (row & 7)) & 1) === 1
}

/** Puts `missing` where there is no value. */
export function blank(
  output: Float64Array | Int32Array,
  present: Uint8Array | undefined,
  missing: number,
): void {
  if (present === undefined) return
  for (let row = 0; row < output.length; row++) {
    if ((row & 7) === 0 && present[row >> 3] === 0xff) row += 7
    else if (!isPresent(present, row)) output[row] = missing
  }
}

/** Stored values as doubles in the unit of the table: milliseconds for times. NaN where missing. Throws NeedsText. */
export function fillNumbers(output: Float64Array, cells: Cells, meaning: Meaning): void {
  switch (meaning.kind) {
    case 'integer':
      fillIntegers(output, cells, meaning)
      break
    case 'float':
      fillFloats(output, cells, meaning.bits)
      break
    case 'decimal':
      fillDecimals(output, cells, meaning)
      break
    case 'timestamp':
    case 'time':
      fillTimes(output, cells, meaning)
      break
    default:
      output.fill(Number.NaN)
  }
  blank(output, cells.present, Number.NaN)
}

const signedArrays = { 8: Int8Array, 16: Int16Array, 32: Int32Array }
const unsignedArrays = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array }

export type Integers = Extract<Meaning, { kind: 'integer' }>

function fillIntegers(output: Float64Array, cells: Cells, { bits, signed }: Integers): void {
  const count = output.length
  const [bytes] = cells.buffers
  if (bits === 8 || bits === 16 || bits === 32) {
    const ArrayType = (signed ? signedArrays : unsignedArrays)[bits]
    const stored: ArrayLike<number> = words<ArrayLike<number>>(ArrayType, bytes, { count, bits })
    output.set(stored)
    return
  }
  const halves = words(Int32Array, bytes, { count: count * 2, bits: 32 })
  for (let i = 0; i < count; i++) {
    const high = halves[i * 2 + 1] as number
    const value = (signed ? high : high >>> 0) * twoTo32 + ((halves[i * 2] as number) >>> 0)
    if (!Number.isSafeInteger(value) && isPresent(cells.present, i)) throw new NeedsText()
    output[i] = value
  }
}

function fillFloats(output: Float64Array, { buffers: [bytes] }: Cells, bits: 16 | 32 | 64): void {
  const count = output.length
  if (bits === 64) output.set(words(Float64Array, bytes, { count, bits }))
  else if (bits === 32) output.set(words(Float32Array, bytes, { count, bits }))
  else output.set(Float64Array.from(words(Uint16Array, bytes, { count, bits }), fromFloat16))
}

type Times = Extract<Meaning, { kind: 'timestamp' | 'time' }>

function fillTimes(output: Float64Array, { buffers: [bytes] }: Cells, meaning: Times): void {
  const { bits, factor, divisor } = meaning
  const count = output.length
  if (bits === 32) {
    const stored = words(Int32Array, bytes, { count, bits })
    for (let i = 0; i < count; i++) output[i] = ((stored[i] as number) * factor) / divisor
    return
  }
  // Through 32-bit halves: making a BigInt of each value would cost more than everything else together.
  const halves = words(Int32Array, bytes, { count: count * 2, bits: 32 })
  for (let i = 0; i < count; i++) {
    const value = (halves[i * 2 + 1] as number) * twoTo32 + ((halves[i * 2] as number) >>> 0)
    output[i] = (value * factor) / divisor
  }
}

type Decimals = Extract<Meaning, { kind: 'decimal' }>

/** One division of exact operands, so that 115 with two decimals is 1.15 and not 1.1500000000000001. */
function fillDecimals(output: Float64Array, cells: Cells, { bits, scale }: Decimals): void {
  const size = bits / 32
  const halves = words(Int32Array, cells.buffers[0], { count: output.length * size, bits: 32 })
  const divisor = 10 ** Math.max(0, scale)
  const factor = 10 ** Math.max(0, -scale)
  for (let i = 0; i < output.length; i++) {
    const value = smallInteger(halves, i * size, size)
    if (Number.isSafeInteger(value * factor)) output[i] = (value * factor) / divisor
    else if (isPresent(cells.present, i)) {
      // Without decimals it is an integer, and may be an identifier.
      if (scale <= 0) throw new NeedsText()
      output[i] = Number(`${integerAt(halves, i * size, size)}e-${scale}`)
    }
  }
}

/** The integer where a double holds it, NaN elsewhere. */
function smallInteger(halves: Int32Array, start: number, size: number): number {
  const low = halves[start] as number
  if (size === 1) return low
  const high = halves[start + 1] as number
  const sign = high >> 31
  for (let i = 2; i < size; i++) if (halves[start + i] !== sign) return Number.NaN
  const value = high * twoTo32 + (low >>> 0)
  return Number.isSafeInteger(value) ? value : Number.NaN
}

/** A two's complement integer of any length, the lowest word first. */
function integerAt(halves: Int32Array, start: number, size: number): bigint {
  let value = BigInt(halves[start + size - 1] as number)
  for (let i = size - 2; i >= 0; i--) {
    value = (value << 32n) | BigInt((halves[start + i] as number) >>> 0)
  }
  return value
}

/** The digits of the integers of a column that NeedsText was thrown for, by row. */
export function integerDigits(cells: Cells, meaning: Meaning): (row: number) => string {
  if (meaning.kind !== 'integer' && meaning.kind !== 'decimal') throw new Error('no integers')
  const { bits } = meaning
  if (bits < 32) {
    const narrow = new Float64Array(cells.rows)
    fillNumbers(narrow, cells, meaning)
    return (row) => String(narrow[row])
  }
  const size = bits / 32
  const halves = words(Int32Array, cells.buffers[0], { count: cells.rows * size, bits: 32 })
  const unsigned = meaning.kind === 'integer' && !meaning.signed
  const factor = meaning.kind === 'decimal' ? 10n ** BigInt(Math.max(0, -meaning.scale)) : 1n
  return (row) => {
    const value = integerAt(halves, row * size, size)
    return String((unsigned ? BigInt.asUintN(bits, value) : value) * factor)
  }
}
