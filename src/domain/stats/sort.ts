/** A column's finite values in ascending order, and how many cells were something else. */
export interface SortedValues {
  readonly sorted: Float64Array
  /** NaN cells. */
  readonly missing: number
  readonly positiveInfinities: number
  readonly negativeInfinities: number
}

/** Below this the engine's own sort is as fast. */
const RADIX_FROM = 2048
/** Runs of values that a word does not tell apart: below this by insertion. */
const INSERTION_BELOW = 64

const BUCKETS = 2048
const MASK = BUCKETS - 1
/** A word is read from the right: ten bits, eleven and eleven. */
const SHIFTS = [0, 10, 21] as const
const FIRST_MASK = 1023

/** Of the two words of a double: every platform that runs Node is little-endian. */
const LOW = 0
const HIGH = 1
type Word = typeof LOW | typeof HIGH

/** All ones: NaN or an infinity. */
const EXPONENT = 0x7ff00000
const SIGN = 0x80000000

/** What a sort may do with its input. */
export interface SortOptions {
  /** Nobody asks for the input again: its memory may be used, and the sorted values may lie in it. */
  readonly overwrite?: boolean | undefined
  /** Gives memory for so many numbers in place of new memory; the sorted values may lie in it. */
  readonly room?: ((length: number) => Float64Array) | undefined
}

function newRoom(length: number): Float64Array {
  return new Float64Array(length)
}

/**
 * The finite values of a column, sorted; the input is left alone unless it may be overwritten. The order is that of TypedArray.sort, bit
 * for bit: -0 before 0, which all our statistics treat as equal. An empty column gives an empty array.
 */
export function sortFinite(
  values: Float64Array,
  { overwrite = false, room = newRoom }: SortOptions = {},
): SortedValues {
  if (values.length < RADIX_FROM) {
    const others = countOthers(values)
    return { sorted: finiteOf(values, values.length - sumOf(others)).sort(), ...others }
  }
  const counts = countDigits(values, HIGH)
  const count = sumOfDigit(counts)
  const others = count === values.length ? NO_OTHERS : countOthers(values)
  return { sorted: radixSort(values, { counts, count, overwrite, room }), ...others }
}

type Others = Omit<SortedValues, 'sorted'>

const NO_OTHERS: Others = { missing: 0, positiveInfinities: 0, negativeInfinities: 0 }

function sumOf({ missing, positiveInfinities, negativeInfinities }: Others): number {
  return missing + positiveInfinities + negativeInfinities
}

function finiteOf(values: Float64Array, count: number): Float64Array {
  if (count === values.length) return values.slice()
  const finite = new Float64Array(count)
  let place = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (value - value === 0) finite[place++] = value
  }
  return finite
}

function countOthers(values: Float64Array): Others {
  let missing = 0
  let positiveInfinities = 0
  let negativeInfinities = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    // Of what is finite, and of nothing else, the difference with itself is 0.
    if (value - value === 0) continue
    if (value > 0) positiveInfinities++
    else if (value < 0) negativeInfinities++
    else missing++
  }
  return { missing, positiveInfinities, negativeInfinities }
}

/**
 * By the upper word first, which tells nearly all measured values apart: half of the passes of a sort by all bits. Where
 * it does not, as among times of one day, the runs of equal upper words are sorted by the lower one.
 */
function radixSort(values: Float64Array, digits: Digits): Float64Array {
  const sorted = sortByWord(values, HIGH, digits)
  const { count } = digits
  let place = 1
  while (place < count) {
    if ((sorted[place] ?? 0) >= (sorted[place - 1] ?? 0)) place++
    else place = sortRunAt(sorted, place)
  }
  return sorted
}

/** Sorts the values around a place that have its upper word; returns where they end. */
function sortRunAt(sorted: Float64Array, place: number): number {
  const words = wordsOf(sorted)
  const word = words[2 * place + 1]
  let start = place
  let end = place + 1
  while (start > 0 && words[2 * start - 1] === word) start--
  while (end < sorted.length && words[2 * end + 1] === word) end++
  const run = sorted.subarray(start, end)
  if (run.length < INSERTION_BELOW) insertionSort(run)
  else if (run.length < RADIX_FROM) run.sort()
  else
    run.set(
      sortByWord(run, LOW, {
        counts: countDigits(run, LOW),
        count: run.length,
        overwrite: false,
        room: newRoom,
      }),
    )
  return end
}

function insertionSort(values: Float64Array): void {
  for (let i = 1; i < values.length; i++) {
    const value = values[i] ?? 0
    let place = i
    while (place > 0 && (values[place - 1] ?? 0) > value) {
      values[place] = values[place - 1] ?? 0
      place--
    }
    values[place] = value
  }
}

interface Digits {
  /** How often each value of each of the three digits occurs among the finite values; used up by the sort. */
  readonly counts: Uint32Array
  /** Finite values. */
  readonly count: number
  /** Whether the values' own memory may be used. */
  readonly overwrite: boolean
  readonly room: (length: number) => Float64Array
}

/** The finite values by one of their words, stable: least significant digit first, digits that all share skipped. */
function sortByWord(values: Float64Array, word: Word, digits: Digits): Float64Array {
  const { counts, count, overwrite, room } = digits
  let from = values
  let spare: Float64Array | undefined
  for (const [digit, shift] of SHIFTS.entries()) {
    const offsets = counts.subarray(digit * BUCKETS, (digit + 1) * BUCKETS)
    if (!toOffsets(offsets, count)) continue
    const to = spare ?? room(count)
    scatter({ from, to, word, shift, offsets })
    spare = from !== values ? from : overwrite ? values.subarray(0, count) : undefined
    from = to
  }
  return from === values ? finiteOf(values, count) : from
}

/** How often each value of each of the three digits occurs among finite values. */
function countDigits(values: Float64Array, word: Word): Uint32Array {
  const counts = new Uint32Array(3 * BUCKETS)
  const words = wordsOf(values)
  for (let at = 0; at < words.length; at += 2) {
    const top = words[at + 1] ?? 0
    if ((top & EXPONENT) === EXPONENT) continue
    const key = keyOf(top, words[at] ?? 0, word)
    const first = key & FIRST_MASK
    const second = BUCKETS + ((key >>> 10) & MASK)
    const third = 2 * BUCKETS + (key >>> 21)
    counts[first] = (counts[first] ?? 0) + 1
    counts[second] = (counts[second] ?? 0) + 1
    counts[third] = (counts[third] ?? 0) + 1
  }
  return counts
}

function sumOfDigit(counts: Uint32Array): number {
  let sum = 0
  for (let bucket = 0; bucket <= FIRST_MASK; bucket++) sum += counts[bucket] ?? 0
  return sum
}

/** A word as a number that orders as the doubles do: all bits of negative ones are turned, of others the sign alone. */
function keyOf(top: number, low: number, word: Word): number {
  const negative = top >> 31
  return word === HIGH ? top ^ (negative | SIGN) : low ^ negative
}

function wordsOf(values: Float64Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
}

/** Turns counts into start offsets; false when one bucket holds everything, so that there is nothing to move. */
function toOffsets(counts: Uint32Array, total: number): boolean {
  let start = 0
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const count = counts[bucket] ?? 0
    if (count === total) return false
    counts[bucket] = start
    start += count
  }
  return true
}

interface Scatter {
  readonly from: Float64Array
  readonly to: Float64Array
  readonly word: Word
  readonly shift: number
  readonly offsets: Uint32Array
}

/** Moves each finite value to the next free place of its bucket. */
function scatter({ from, to, word, shift, offsets }: Scatter): void {
  const words = wordsOf(from)
  const mask = shift === 0 ? FIRST_MASK : MASK
  for (let i = 0; i < from.length; i++) {
    const top = words[2 * i + 1] ?? 0
    if ((top & EXPONENT) === EXPONENT) continue
    const bucket = (keyOf(top, words[2 * i] ?? 0, word) >>> shift) & mask
    const place = offsets[bucket] ?? 0
    offsets[bucket] = place + 1
    to[place] = from[i] ?? 0
  }
}
