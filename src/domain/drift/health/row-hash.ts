import type { CategoricalColumn, Column } from '../../table/column.js'

/** Looked up once: globals are slow to reach where code runs in a context of its own. */
const { imul } = Math

/** Two independent words a row: 64 bits together. */
export interface RowHashes {
  readonly low: Uint32Array
  readonly high: Uint32Array
}

/** What a missing cell hashes to: the words of a NaN, so that no number has them. */
const MISSING_HIGH = 0x7ff80000

/**
 * A hash of each row's cells, column by column. Cells that are equal hash alike: 0 and -0, every NaN (a missing
 * cell), and a category that is listed twice. The words of a double are read as little-endian, as every platform of
 * Node is.
 */
export function hashRows(columns: readonly Column[], rows: number): RowHashes {
  const hashes = { low: new Uint32Array(rows), high: new Uint32Array(rows).fill(0x9e3779b9) }
  for (const column of columns) {
    if (column.kind === 'numeric') hashNumbers(hashes, column.values)
    else hashCodes(hashes, canonicalCodes(column))
  }
  for (let row = 0; row < rows; row++) {
    hashes.low[row] = finish(hashes.low[row] ?? 0)
    hashes.high[row] = finish(hashes.high[row] ?? 0)
  }
  return hashes
}

function hashNumbers({ low, high }: RowHashes, values: Float64Array): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  for (let row = 0; row < low.length; row++) {
    const value = values[row] ?? Number.NaN
    let lowWord = words[2 * row] ?? 0
    let highWord = words[2 * row + 1] ?? 0
    if (value === 0) {
      lowWord = 0
      highWord = 0
    } else if (Number.isNaN(value)) {
      lowWord = 0
      highWord = MISSING_HIGH
    }
    // Small whole numbers have a low word of zeros: both words go into both hashes.
    const cell = imul(lowWord ^ imul(highWord, 0x85ebca6b), 0xc2b2ae35) ^ highWord
    low[row] = mix(low[row] ?? 0, cell ^ (cell >>> 15))
    high[row] = mix(high[row] ?? 0, imul(highWord, 0x27d4eb2f) ^ imul(lowWord, 0x165667b1))
  }
}

function hashCodes({ low, high }: RowHashes, codes: Int32Array): void {
  for (let row = 0; row < low.length; row++) {
    const code = codes[row] ?? -1
    low[row] = mix(low[row] ?? 0, code)
    high[row] = mix(high[row] ?? 0, imul(code, 0x27d4eb2f))
  }
}

/** One round of MurmurHash3 (Appleby 2011). */
function mix(hash: number, cell: number): number {
  let k = imul(cell, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  const mixed = hash ^ imul(k, 0x1b873593)
  return imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64
}

/** MurmurHash3's finaliser: every bit of the word depends on every other. */
function finish(hash: number): number {
  let h = imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

const CODES = new WeakMap<CategoricalColumn, Int32Array>()

/** The column's codes, where a category that is listed twice has the code of the first. */
export function canonicalCodes(column: CategoricalColumn): Int32Array {
  const { categories, codes } = column
  const known = CODES.get(column)
  if (known !== undefined) return known
  const first = new Map<string, number>()
  const canonical = categories.map((category, code) => {
    const earlier = first.get(category)
    if (earlier === undefined) first.set(category, code)
    return earlier ?? code
  })
  const result =
    first.size === categories.length ? codes : codes.map((code) => canonical[code] ?? -1)
  CODES.set(column, result)
  return result
}
