/** Some rows of a packed column. All memory can be shared between threads. */
export type Segment =
  | { readonly kind: 'blank'; readonly rows: number }
  | { readonly kind: 'floats'; readonly values: Float64Array }
  | {
      readonly kind: 'decimals'
      /** A value is `(digits + base) / 10^scale`; the least number of the array's type is a missing cell. */
      readonly digits: Int16Array | Int32Array
      readonly base: number
      readonly scale: number
    }
  | {
      readonly kind: 'codes'
      /** One more than the code; 0 is a missing cell. */
      readonly places: Uint8Array | Uint16Array | Uint32Array
    }

/** A power of ten beyond which 32 bits hold little more than the decimals. */
const MOST_DECIMALS = 9
const MISSING_16 = -(2 ** 15)
const MISSING_32 = -(2 ** 31)

interface Digits {
  readonly digits: Int32Array
  readonly base: number
  /** Whether 16 bits are enough. */
  readonly isNarrow: boolean
}

/**
 * Numbers as the decimals that they were written as, where 32 bits hold those of all of them and give the same doubles back, bit for
 * bit; as they are elsewhere. `least` is the scale to begin with.
 */
export function packNumbers(values: Float64Array, least: number): Segment {
  const scratch = new Int32Array(values.length)
  for (let scale = least; scale <= MOST_DECIMALS; scale++) {
    const found = decimalsOf(values, scale, scratch)
    if (found === 'too wide') break
    if (found === 'not enough') continue
    const { base, isNarrow } = found
    return { kind: 'decimals', digits: isNarrow ? narrow(scratch) : shared32(scratch), base, scale }
  }
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return { kind: 'floats', values: copy }
}

function decimalsOf(
  values: Float64Array,
  scale: number,
  digits: Int32Array,
): Digits | 'too wide' | 'not enough' {
  const power = 10 ** scale
  const base = baseOf(values, power)
  let most = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    // biome-ignore lint/suspicious/noSelfCompare: NaN alone is not itself; a call for each cell costs more than the rest
    if (value !== value) {
      digits[i] = MISSING_32
      continue
    }
    const digit = Math.round(value * power) - base
    if (!(digit > MISSING_32 && digit < -MISSING_32)) return 'too wide'
    if ((digit + base) / power !== value) return 'not enough'
    // Whole numbers of 32 bits have no negative zero.
    if (value === 0 && 1 / value < 0) return 'too wide'
    digits[i] = digit
    const size = digit < 0 ? -digit : digit
    if (size > most) most = size
  }
  return { digits, base, isNarrow: most < -MISSING_16 }
}

/** What large numbers that lie together, as times do, have in common; 0 for others. */
function baseOf(values: Float64Array, power: number): number {
  for (let i = 0; i < values.length; i++) {
    const first = Math.round((values[i] as number) * power)
    if (Number.isNaN(first)) continue
    return Math.abs(first) < 2 ** 30 || !Number.isSafeInteger(first) ? 0 : first
  }
  return 0
}

function shared32(digits: Int32Array): Int32Array {
  const copy = new Int32Array(new SharedArrayBuffer(digits.byteLength))
  copy.set(digits)
  return copy
}

function narrow(digits: Int32Array): Int16Array {
  const copy = new Int16Array(new SharedArrayBuffer(digits.length * 2))
  for (let i = 0; i < digits.length; i++) {
    const digit = digits[i] as number
    copy[i] = digit === MISSING_32 ? MISSING_16 : digit
  }
  return copy
}

/** Codes below `size` in as few bytes as hold them; -1 is a missing cell. */
export function packCodes(codes: Int32Array, size: number): Segment {
  const places = roomFor(codes.length, size)
  for (let i = 0; i < codes.length; i++) places[i] = (codes[i] as number) + 1
  return { kind: 'codes', places }
}

function roomFor(length: number, size: number): Uint8Array | Uint16Array | Uint32Array {
  if (size < 2 ** 8) return new Uint8Array(new SharedArrayBuffer(length))
  if (size < 2 ** 16) return new Uint16Array(new SharedArrayBuffer(length * 2))
  return new Uint32Array(new SharedArrayBuffer(length * 4))
}

export function rowsOf(segment: Segment): number {
  if (segment.kind === 'blank') return segment.rows
  if (segment.kind === 'floats') return segment.values.length
  return (segment.kind === 'decimals' ? segment.digits : segment.places).length
}

/** An object of a segment, in bytes. */
const OVERHEAD = 200

export function bytesOf(segment: Segment): number {
  if (segment.kind === 'blank') return OVERHEAD
  if (segment.kind === 'floats') return OVERHEAD + segment.values.byteLength
  return OVERHEAD + (segment.kind === 'decimals' ? segment.digits : segment.places).byteLength
}

/** Writes the numbers of a segment to `values` from its beginning; NaN for missing cells. */
export function unpackNumbers(segment: Segment, values: Float64Array): void {
  if (segment.kind === 'floats') values.set(segment.values)
  else if (segment.kind === 'decimals') unpackDecimals(segment, values)
  else values.fill(Number.NaN, 0, rowsOf(segment))
}

function unpackDecimals(
  { digits, base, scale }: Extract<Segment, { kind: 'decimals' }>,
  values: Float64Array,
): void {
  const power = 10 ** scale
  const missing = digits instanceof Int16Array ? MISSING_16 : MISSING_32
  for (let i = 0; i < digits.length; i++) {
    const digit = digits[i] as number
    values[i] = digit === missing ? Number.NaN : (digit + base) / power
  }
}

/** Writes the codes of a segment to `codes` from its beginning; -1 for missing cells. */
export function unpackCodes(segment: Segment, codes: Int32Array): void {
  if (segment.kind !== 'codes') {
    codes.fill(-1, 0, rowsOf(segment))
    return
  }
  const { places } = segment
  for (let i = 0; i < places.length; i++) codes[i] = (places[i] as number) - 1
}
