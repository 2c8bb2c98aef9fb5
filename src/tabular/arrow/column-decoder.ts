import type { Column } from '../../domain/table/column.js'
import { categoricalColumn, countNaN, usedCategories } from '../finish-column.js'
import { StringPool } from '../string-pool.js'
import { type Meaning, typeOf } from './arrow-types.js'
import type { Cells } from './layout.js'
import { blank, fillNumbers, isPresent, words } from './numbers.js'
import { fillTexts } from './text.js'

type Values = Float64Array | Int32Array

/** Decodes the batches of a column, or of its dictionary, into what the table keeps. */
export interface Decoder<T extends Values = Values> {
  readonly make: (length: number) => T
  readonly missing: number
  readonly fill: (output: T, cells: Cells) => void
  readonly finish: (values: T) => Column
}

/** Numbers and times. NaN counts as missing. */
export function numericDecoder(name: string, meaning: Meaning): Decoder<Float64Array> {
  return {
    make: (length) => new Float64Array(length),
    missing: Number.NaN,
    fill: (output, cells) => fillNumbers(output, cells, meaning),
    finish: (values) => {
      const type = typeOf(meaning) as 'integer' | 'number' | 'timestamp'
      return { kind: 'numeric', name, type, values, missing: countNaN(values) }
    },
  }
}

export function booleanDecoder(name: string): Decoder<Int32Array> {
  return {
    make: (length) => new Int32Array(length),
    missing: -1,
    fill: (output, { buffers: [bits], present, rows }) => {
      if (bits === undefined || bits.length * 8 < rows) throw new Error('a buffer is too short')
      for (let row = 0; row < rows; row++) output[row] = isPresent(bits, row) ? 1 : 0
      blank(output, present, -1)
    },
    finish: (codes) =>
      categoricalColumn(name, codes, { type: 'boolean', categories: ['false', 'true'] }),
  }
}

/** Text, and whatever is kept as text. A string is made for each distinct value, not for each row. */
export function textDecoder(
  name: string,
  meaning: Meaning,
  onInvalid: () => Error,
): Decoder<Int32Array> {
  const pool = new StringPool()
  return {
    make: (length) => new Int32Array(length),
    missing: -1,
    fill: (output, cells) => fillTexts(output, cells, { meaning, pool }),
    finish: (codes) => {
      const { strings, invalid } = pool.strings()
      if (invalid !== undefined) throw onInvalid()
      return categoricalColumn(name, codes, {
        type: 'string',
        categories: usedCategories(codes, strings),
      })
    },
  }
}

const indexArrays = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array }

/** `lookup[index]` for each row. A negative index is, unsigned, beyond any dictionary. */
export function dereference(
  output: Values,
  cells: Cells,
  { bits, lookup, missing }: { bits: number; lookup: Values; missing: number },
): void {
  const indices = indicesOf(cells, bits)
  for (let row = 0; row < cells.rows; row++) {
    if (!isPresent(cells.present, row)) {
      output[row] = missing
      continue
    }
    const index = indices[row] as number
    if (!(index < lookup.length)) throw new Error('a value is not in the dictionary')
    output[row] = lookup[index] as number
  }
}

function indicesOf({ buffers: [bytes], rows: count }: Cells, bits: number): ArrayLike<number> {
  if (bits === 8 || bits === 16 || bits === 32) {
    return words<ArrayLike<number>>(indexArrays[bits], bytes, { count, bits })
  }
  return Float64Array.from(words(BigUint64Array, bytes, { count, bits: 64 }), Number)
}
