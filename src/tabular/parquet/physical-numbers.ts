import { parseFloat16 } from 'hyparquet/src/convert.js'
import { NeedsText } from '../needs-text.js'
import type { Physical } from './column-pages.js'
import type { Meaning } from './leaf-column.js'

const twoTo32 = 4294967296
const nanosecondsADay = 86_400_000_000_000n
/** Julian day of 1970-01-01, from which INT96 timestamps count. */
const epochJulianDay = 2_440_588n

/** Stored values as doubles in the unit of the table: milliseconds for times. Throws NeedsText. */
export function toNumbers(stored: Physical, meaning: Meaning): Float64Array<ArrayBuffer> {
  switch (meaning.kind) {
    case 'uint32':
      return Float64Array.from(stored as Int32Array, (value) => value >>> 0)
    case 'int64':
    case 'uint64':
      return wideIntegers(stored as BigInt64Array, meaning.kind === 'uint64')
    case 'float16':
      return Float64Array.from(
        stored as readonly Uint8Array[],
        (bytes) => parseFloat16(bytes) ?? NaN,
      )
    case 'int96':
      return Float64Array.from(stored as readonly bigint[], int96Milliseconds)
    case 'decimal':
    case 'timestamp':
      return scaled(stored, meaning)
    default:
      return stored instanceof Float64Array
        ? (stored as Float64Array<ArrayBuffer>)
        : Float64Array.from(stored as Int32Array)
  }
}

/** Through 32-bit halves: making a BigInt of each value would cost more than everything else together. */
function wideIntegers(stored: BigInt64Array | readonly [], unsigned: boolean) {
  const output = new Float64Array(stored.length)
  if (!(stored instanceof BigInt64Array)) return output
  const halves = new Int32Array(stored.buffer, stored.byteOffset, stored.length * 2)
  for (let i = 0; i < output.length; i++) {
    const high = halves[i * 2 + 1] as number
    const value = (unsigned ? high >>> 0 : high) * twoTo32 + ((halves[i * 2] as number) >>> 0)
    if (!Number.isSafeInteger(value)) throw new NeedsText()
    output[i] = value
  }
  return output
}

type Scaled = Extract<Meaning, { divisor: number }>

/** One division of exact operands, so that 115 with two decimals is 1.15 and not 1.1500000000000001. */
function scaled(stored: Physical, meaning: Scaled): Float64Array<ArrayBuffer> {
  const { divisor, factor } = meaning
  const isDecimal = meaning.kind === 'decimal'
  const output = new Float64Array(stored.length)
  for (let i = 0; i < output.length; i++) {
    const value = stored[i] as number | bigint | Uint8Array
    const unscaled = value instanceof Uint8Array ? bigEndian(value) : value
    const number = Number(unscaled)
    // Without decimals it is an integer, and may be an identifier.
    if (isDecimal && divisor === 1 && !Number.isSafeInteger(number)) throw new NeedsText()
    output[i] =
      isDecimal && !Number.isSafeInteger(number)
        ? Number(`${unscaled}e-${Math.round(Math.log10(divisor))}`)
        : (number * factor) / divisor
  }
  return output
}

/** A two's complement integer of any length. */
export function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes) value = value * 256n + BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, value)
}

function int96Milliseconds(value: bigint): number {
  const nanoseconds = BigInt.asUintN(64, value)
  const days = (value >> 64n) - epochJulianDay
  return Number(days * nanosecondsADay + nanoseconds) / 1e6
}
