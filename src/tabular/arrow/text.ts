import { Buffer } from 'node:buffer'
import { uuidText } from '../finish-column.js'
import type { StringPool } from '../string-pool.js'
import type { Meaning } from './arrow-types.js'
import type { Cells } from './layout.js'
import { blank, integerDigits, isPresent, words } from './numbers.js'

const twoTo32 = 4294967296
/** Texts of up to so many bytes stand in the view itself. */
const INLINE = 12

/** The numbers in `pool` of the texts of a batch; -1 where missing. Integers become their digits. */
export function fillTexts(
  codes: Int32Array,
  cells: Cells,
  { meaning, pool }: { meaning: Meaning; pool: StringPool },
): void {
  if (meaning.kind === 'text') fillOffsets(codes, cells, { bits: meaning.offsetBits, pool })
  else if (meaning.kind === 'view') fillViews(codes, cells, pool)
  else fillWritten(codes, cells, { writer: writerOf(cells, meaning), pool })
}

function fillOffsets(
  codes: Int32Array,
  { buffers: [offsets, bytes = new Uint8Array(0)], present, rows }: Cells,
  { bits, pool }: { bits: 32 | 64; pool: StringPool },
): void {
  // A batch of no rows may leave out the offset that begins it.
  if (rows === 0) return
  const ends =
    bits === 32 ? words(Int32Array, offsets, { count: rows + 1, bits }) : wide(offsets, rows)
  let start = ends[0] as number
  for (let row = 0; row < rows; row++) {
    const end = ends[row + 1] as number
    if (!(start >= 0 && start <= end && end <= bytes.length)) throw outside()
    codes[row] = isPresent(present, row) ? pool.code(bytes, start, end) : -1
    start = end
  }
}

function wide(offsets: Uint8Array | undefined, rows: number): Float64Array {
  const halves = words(Int32Array, offsets, { count: (rows + 1) * 2, bits: 32 })
  const ends = new Float64Array(rows + 1)
  for (let i = 0; i <= rows; i++) {
    ends[i] = (halves[i * 2 + 1] as number) * twoTo32 + ((halves[i * 2] as number) >>> 0)
  }
  return ends
}

/** Views are 16 bytes: the length, then the text, or its first 4 bytes, the number of a buffer and where in it. */
function fillViews(codes: Int32Array, { buffers, present, rows }: Cells, pool: StringPool): void {
  const [views, ...data] = buffers
  const numbers = words(Int32Array, views, { count: rows * 4, bits: 32 })
  const inline = new Uint8Array(numbers.buffer, numbers.byteOffset, rows * 16)
  for (let row = 0; row < rows; row++) {
    if (!isPresent(present, row)) {
      codes[row] = -1
      continue
    }
    const length = numbers[row * 4] as number
    const isInline = length <= INLINE
    const bytes = isInline ? inline : data[numbers[row * 4 + 2] as number]
    const start = isInline ? row * 16 + 4 : (numbers[row * 4 + 3] as number)
    if (bytes === undefined || !(length >= 0 && start >= 0 && start + length <= bytes.length)) {
      throw outside()
    }
    codes[row] = pool.code(bytes, start, start + length)
  }
}

function writerOf(cells: Cells, meaning: Meaning): (row: number) => Uint8Array {
  if (meaning.kind === 'uuid') {
    const bytes = words(Uint8Array, cells.buffers[0], { count: cells.rows * 16, bits: 8 })
    return (row) => uuidText(bytes.subarray(row * 16, row * 16 + 16))
  }
  const digits = integerDigits(cells, meaning)
  return (row) => Buffer.from(digits(row))
}

function fillWritten(
  codes: Int32Array,
  { present, rows }: Cells,
  { writer, pool }: { writer: (row: number) => Uint8Array; pool: StringPool },
): void {
  for (let row = 0; row < rows; row++) {
    if (!isPresent(present, row)) continue
    const bytes = writer(row)
    codes[row] = pool.code(bytes, 0, bytes.length)
  }
  blank(codes, present, -1)
}

function outside(): Error {
  return new Error('a text lies outside of its buffer')
}
