import { Buffer } from 'node:buffer'
import type { Column } from '../../domain/table/column.js'
import { categoricalColumn, countNaN, usedCategories } from '../finish-column.js'
import { StringPool } from '../string-pool.js'
import type { Page, PageSink, Physical } from './column-pages.js'
import type { Meaning } from './leaf-column.js'
import { bigEndian, toNumbers } from './physical-numbers.js'

/** Collects the pages of one column over all row groups. */
export interface ColumnSink extends PageSink {
  readonly finish: () => Column
}

/** Spreads the present values over the rows of a page; `missing` stands at the others. */
function spread(
  output: Float64Array | Int32Array,
  page: { start: number; rows: number; present: Uint8Array | undefined; missing: number },
  values: Float64Array | Int32Array,
): void {
  const { start, rows, present, missing } = page
  if (start + rows > output.length) throw new Error('the pages hold more rows than the footer says')
  if (present === undefined) {
    output.set(values.length === rows ? values : values.subarray(0, rows), start)
    return
  }
  let next = 0
  for (let i = 0; i < rows; i++) {
    output[start + i] = present[i] === 1 ? (values[next++] as number) : missing
  }
}

/** `lookup[index]` for each index; an index beyond the dictionary means a damaged page. */
export function dereference<T extends Float64Array | Int32Array>(
  indices: Int32Array,
  lookup: T,
): T {
  const output = (
    lookup instanceof Float64Array
      ? new Float64Array(indices.length)
      : new Int32Array(indices.length)
  ) as T
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number
    if (index >= lookup.length) throw new Error('a value is not in the dictionary')
    output[i] = lookup[index] as number
  }
  return output
}

/** `dereference`, straight into the rows of a page without a null. */
function dereferenceInto<T extends Float64Array | Int32Array>(
  output: T,
  { start, indices }: { readonly start: number; readonly indices: Int32Array },
  lookup: T,
): void {
  if (start + indices.length > output.length) {
    throw new Error('the pages hold more rows than the footer says')
  }
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i] as number
    if (index >= lookup.length) throw new Error('a value is not in the dictionary')
    output[start + i] = lookup[index] as number
  }
}

/** Takes the content of a page into the output. */
function takePage<T extends Float64Array | Int32Array>(
  output: T,
  place: { readonly start: number; readonly missing: number },
  { page, lookup, read }: { page: Page; lookup: T; read: (stored: Physical) => T },
): void {
  const { rows, present, content } = page
  const { start } = place
  if (!('indices' in content)) {
    spread(output, { ...place, rows, present }, read(content.values))
  } else if (present === undefined) {
    dereferenceInto(output, { start, indices: content.indices }, lookup)
  } else {
    spread(output, { ...place, rows, present }, dereference(content.indices, lookup))
  }
}

/** Numbers and times. NaN counts as missing. */
export function numericSink(name: string, meaning: Meaning, rows: number): ColumnSink {
  const values: Float64Array = new Float64Array(rows)
  let dictionary: Float64Array = new Float64Array(0)
  let start = 0
  return {
    dictionary: (stored) => {
      dictionary = toNumbers(stored, meaning)
    },
    page: (page) => {
      const place = { start, missing: Number.NaN }
      takePage(values, place, {
        page,
        lookup: dictionary,
        read: (stored) => toNumbers(stored, meaning),
      })
      start += page.rows
    },
    finish: () => {
      return {
        kind: 'numeric',
        name,
        type: numericType(meaning),
        values,
        missing: countNaN(values),
      }
    },
  }
}

function numericType(meaning: Meaning): 'integer' | 'number' | 'timestamp' {
  if (meaning.kind === 'timestamp' || meaning.kind === 'int96') return 'timestamp'
  return ['integer', 'uint32', 'int64', 'uint64'].includes(meaning.kind) ? 'integer' : 'number'
}

/** Takes pages of codes, or of indices into a dictionary of codes, into `codes`, one after the other. */
function codedPages(
  codes: Int32Array,
  codesOf: (stored: Physical) => Int32Array,
): Pick<ColumnSink, 'dictionary' | 'page'> {
  let dictionary: Int32Array = new Int32Array(0)
  let start = 0
  return {
    dictionary: (stored) => {
      dictionary = codesOf(stored)
    },
    page: (page) => {
      takePage(codes, { start, missing: -1 }, { page, lookup: dictionary, read: codesOf })
      start += page.rows
    },
  }
}

export function booleanSink(name: string, rows: number): ColumnSink {
  const codes: Int32Array = new Int32Array(rows)
  const codesOf = (stored: Physical) => Int32Array.from(stored as readonly boolean[], Number)
  return {
    ...codedPages(codes, codesOf),
    finish: () =>
      categoricalColumn(name, codes, { type: 'boolean', categories: ['false', 'true'] }),
  }
}

/** Text, and whatever is kept as text: `bytesOf` writes a stored value as UTF-8. */
export function textSink(
  name: string,
  rows: number,
  options: { bytesOf: (value: unknown) => Uint8Array; onInvalid: () => Error },
): ColumnSink {
  const codes: Int32Array = new Int32Array(rows)
  const pool = new StringPool()
  const codesOf = (stored: Physical) => {
    const found = new Int32Array(stored.length)
    for (let i = 0; i < stored.length; i++) {
      const bytes = options.bytesOf(stored[i])
      found[i] = pool.code(bytes, 0, bytes.length)
    }
    return found
  }
  return {
    ...codedPages(codes, codesOf),
    finish: () => {
      const { strings, invalid } = pool.strings()
      if (invalid !== undefined) throw options.onInvalid()
      return categoricalColumn(name, codes, {
        type: 'string',
        categories: usedCategories(codes, strings),
      })
    },
  }
}

/** The decimal digits of an integer of any size. */
export function integerText(unsigned: boolean): (value: unknown) => Uint8Array {
  return (value) => {
    const integer =
      value instanceof Uint8Array ? bigEndian(value) : BigInt(value as bigint | number)
    return Buffer.from(String(unsigned ? BigInt.asUintN(64, integer) : integer))
  }
}
