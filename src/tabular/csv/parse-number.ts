import type { Buffer } from 'node:buffer'

const minus = 45
const plus = 43
const zero = 48
/** Powers of ten that a double holds exactly. */
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`))
const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const infinityPattern = /^[+-]?inf(?:inity)?$/i

/**
 * Reads a plain decimal number (`-12.5`) straight from bytes, up to the first byte that does not belong to it.
 * The bytes after the number must be readable: the caller keeps a sentinel behind the last one.
 *
 * With at most 2^53 in the digits and 22 decimals both operands of the division are exact, so the quotient is
 * rounded once and correctly (W. D. Clinger, How to read floating point numbers accurately, PLDI 1990).
 */
export class DecimalReader {
  /** Position of the first byte behind the number. */
  end = 0
  /** Decimals read; -1 when there was no decimal point. */
  scale = -1
  value = Number.NaN

  /** Whether a number was read that needs no slower way. */
  read(bytes: Uint8Array, start: number): boolean {
    let at = start
    const sign = bytes[at] as number
    if (isSign(sign)) at++
    const first = at
    let digit = (bytes[at] as number) - zero
    let mantissa = 0
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      digit = (bytes[++at] as number) - zero
    }
    const whole = at - first
    this.scale = -1
    if (digit === -2) {
      at = this.#fraction(bytes, at + 1, mantissa)
      mantissa = this.value
    }
    this.end = at
    if (whole > 1 && bytes[first] === zero) return false
    if (this.#finish(sign === minus ? -mantissa : mantissa, whole)) return true
    return this.scale > 0 && this.scale <= 22 && this.#long(bytes, first, sign === minus)
  }

  /** 16 to 21 digits with a point: what programs write that print every bit of a double. */
  #long(bytes: Uint8Array, first: number, negative: boolean): boolean {
    let high = 0
    let low = 0
    let digits = 0
    for (let i = first; i < this.end; i++) {
      const digit = (bytes[i] as number) - zero
      if (digit === -2) continue
      if (digits < 15) high = high * 10 + digit
      else low = low * 10 + digit
      if (high > 0) digits++
    }
    if (digits > 21) return false
    const value = divideLong(high, low, { low: digits - 15, scale: this.scale })
    this.value = negative ? -value : value
    return !Number.isNaN(value)
  }

  #fraction(bytes: Uint8Array, start: number, whole: number): number {
    let at = start
    let mantissa = whole
    let digit = (bytes[at] as number) - zero
    while (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      digit = (bytes[++at] as number) - zero
    }
    this.scale = at - start
    this.value = mantissa
    return at
  }

  #finish(signed: number, whole: number): boolean {
    const scale = this.scale
    if (whole + (scale > 0 ? scale : 0) === 0 || scale > 22) return false
    if (signed > Number.MAX_SAFE_INTEGER || signed < Number.MIN_SAFE_INTEGER) return false
    this.value = scale > 0 ? signed / (powersOfTen[scale] as number) : signed
    return true
  }
}

function isSign(byte: number): boolean {
  return byte === minus || byte === plus
}

/** Exactly 2^27 + 1: splits a double into two halves whose products are exact (T. J. Dekker, 1971). */
const splitter = 134217729

/**
 * Correctly rounded `(high * 10^lowDigits + low) / 10^scale` for 15 digits in `high` and at most 6 in `low`,
 * or NaN where the sum is too near to a rounding boundary to tell. The quotient q1 has an exact remainder; the
 * true correction lies within 1e-13 of q2, and rounding is monotone, so equal ends prove the result.
 */
function divideLong(high: number, low: number, powers: { low: number; scale: number }): number {
  const shift = powersOfTen[powers.low] as number
  const divisor = powersOfTen[powers.scale] as number
  const product = high * shift
  const rest = productError(high, shift, product) + low
  const top = product + rest
  const bottom = rest - (top - product)
  const q1 = top / divisor
  const back = q1 * divisor
  const q2 = (top - back - productError(q1, divisor, back) + bottom) / divisor
  const lower = q1 + q2 * (1 - 1e-13)
  return lower === q1 + q2 * (1 + 1e-13) ? lower : Number.NaN
}

function productError(a: number, b: number, product: number): number {
  const aScaled = splitter * a
  const aHigh = aScaled - (aScaled - a)
  const aLow = a - aHigh
  const bScaled = splitter * b
  const bHigh = bScaled - (bScaled - b)
  const bLow = b - bHigh
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow)
}

export interface ParsedNumber {
  readonly value: number
  readonly integer: boolean
}

/**
 * The number that the cell `[start, end)` spells, by the slow and complete way: exponents, infinities (`inf`,
 * `-inf`, `Infinity`), more than 15 digits, spaces around. Undefined for everything else, for integers with
 * leading zeros (`007` is an identifier) and for integers beyond 2^53, which a double would change.
 */
export function parseNumber(bytes: Buffer, start: number, end: number): ParsedNumber | undefined {
  if (end - start > 400) return undefined
  const text = bytes.toString('latin1', start, end).trim()
  if (infinityPattern.test(text)) {
    return { value: text.startsWith('-') ? -Infinity : Infinity, integer: false }
  }
  if (!decimalPattern.test(text) || /^[+-]?0\d/.test(text)) return undefined
  const value = Number(text)
  const integer = /^[+-]?\d+$/.test(text)
  if (integer && !Number.isSafeInteger(value)) return undefined
  return { value, integer }
}

/** The number for a column that the user said is numeric: leading zeros and rounding are then accepted. */
export function parseStatedNumber(
  bytes: Buffer,
  start: number,
  end: number,
): ParsedNumber | undefined {
  const text = bytes.toString('latin1', start, Math.min(end, start + 1000)).trim()
  if (!decimalPattern.test(text) || end - start > 1000) return parseNumber(bytes, start, end)
  const value = Number(text)
  return { value, integer: /^[+-]?\d+$/.test(text) && Number.isSafeInteger(value) }
}
