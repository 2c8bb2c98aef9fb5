const DIGIT_BITS = 16
const BUCKETS = 1 << DIGIT_BITS
/** Below this many values the counting tables cost more than a comparison sort. */
const RADIX_FROM = 4096

/** The values as 64-bit whole numbers in the same order (the usual turn of the sign bit), as pairs of 32-bit words. */
function sortableWords(values: Float64Array): Uint32Array {
  const words = new Uint32Array(values.length * 2)
  const doubles = new Float64Array(words.buffer)
  // + 0 makes one zero of two.
  for (let i = 0; i < values.length; i++) doubles[i] = (values[i] ?? 0) + 0
  const high = isLittleEndian() ? 1 : 0
  for (let i = 0; i < words.length; i += 2) {
    const top = words[i + high] ?? 0
    const low = words[i + 1 - high] ?? 0
    const negative = top >>> 31 === 1
    words[i + high] = negative ? ~top : top ^ 0x80000000
    words[i + 1 - high] = negative ? ~low : low
  }
  return words
}

function isLittleEndian(): boolean {
  return new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
}

interface Pass {
  readonly words: Uint32Array
  /** Which of the two words of a value. */
  readonly offset: number
  readonly shift: number
}

/** One counting pass over 16 bits; undefined where all values share them, so that nothing would move. */
function sortByDigit(order: Uint32Array, { words, offset, shift }: Pass): Uint32Array | undefined {
  const n = order.length
  const starts = new Uint32Array(BUCKETS)
  for (let i = offset; i < words.length; i += 2) {
    const digit = ((words[i] ?? 0) >>> shift) & (BUCKETS - 1)
    starts[digit] = (starts[digit] ?? 0) + 1
  }
  const first = ((words[offset] ?? 0) >>> shift) & (BUCKETS - 1)
  if (starts[first] === n) return undefined
  let before = 0
  for (let digit = 0; digit < BUCKETS; digit++) {
    const count = starts[digit] ?? 0
    starts[digit] = before
    before += count
  }
  const sorted = new Uint32Array(n)
  for (let i = 0; i < n; i++) {
    const index = order[i] ?? 0
    const digit = ((words[2 * index + offset] ?? 0) >>> shift) & (BUCKETS - 1)
    const place = starts[digit] ?? 0
    starts[digit] = place + 1
    sorted[place] = index
  }
  return sorted
}

function identity(n: number): Uint32Array {
  const order = new Uint32Array(n)
  for (let i = 0; i < n; i++) order[i] = i
  return order
}

/**
 * The indexes of the values from the smallest to the largest, equal values in their own order; infinities are values,
 * -0 equals 0, NaN is not allowed. Radix sort by 16 bits at a time for long arrays: linear, and stable.
 */
export function sortOrder(values: Float64Array): Uint32Array {
  let order = identity(values.length)
  if (values.length < RADIX_FROM) {
    return order.sort((a, b) => compare(values[a] ?? 0, values[b] ?? 0) || a - b)
  }
  const words = sortableWords(values)
  const high = isLittleEndian() ? 1 : 0
  for (const offset of [1 - high, high]) {
    for (const shift of [0, DIGIT_BITS]) {
      order = sortByDigit(order, { words, offset, shift }) ?? order
    }
  }
  return order
}

const ORDERS = new WeakMap<Float64Array, Uint32Array>()

/**
 * `sortOrder`, kept for as long as the values are: an area, its interval and its curve are read off the same order. Neither the
 * values nor the order may be changed afterwards.
 */
export function keptOrder(values: Float64Array): Uint32Array {
  const known = ORDERS.get(values)
  if (known !== undefined) return known
  const order = sortOrder(values)
  ORDERS.set(values, order)
  return order
}

/** Subtraction would make NaN of two equal infinities. */
function compare(a: number, b: number): number {
  if (a < b) return -1
  return a > b ? 1 : 0
}
