import type { CategoricalColumn, Column, NumericColumn } from '../../table/column.js'
import { numberBins } from './number-bins.js'

/** A column as the search sees it. */
export interface Feature {
  readonly name: string
  /** A code from 1 on for each value that enough rows hold, 0 for the others; in the order of the harms' rows. */
  readonly codes: Uint8Array
  /** Values by code; null is "no value", and the entry of code 0 is never read. */
  readonly values: readonly (string | null)[]
}

export type SkipReason = 'too-many-values' | 'too-many-columns'

export interface SkippedColumn {
  readonly column: string
  readonly reason: SkipReason
}

export interface Features {
  readonly features: readonly Feature[]
  readonly skipped: readonly SkippedColumn[]
}

/** More distinct texts than this are names or ids, not slices. Codes fit a byte. */
const MOST_VALUES = 200
/** A bound on time: pairs grow with the square. */
const MOST_COLUMNS = 50

export interface Encoding {
  /** Which rows, in which order. */
  readonly rows: Uint32Array
  readonly minSize: number
}

/**
 * The columns as codes. A missing cell is a value of its own. A categorical column of more than 200 distinct values is
 * skipped, and so is what goes beyond 50 columns: both are named.
 */
export function encodeColumns(columns: readonly Column[], encoding: Encoding): Features {
  const features: Feature[] = []
  const skipped: SkippedColumn[] = []
  for (const column of columns) {
    if (features.length === MOST_COLUMNS) {
      skipped.push({ column: column.name, reason: 'too-many-columns' })
      continue
    }
    const feature =
      column.kind === 'numeric' ? encodeNumbers(column, encoding) : encodeTexts(column, encoding)
    if (feature === undefined) skipped.push({ column: column.name, reason: 'too-many-values' })
    else features.push(feature)
  }
  return { features, skipped }
}

function encodeNumbers(column: NumericColumn, { rows, minSize }: Encoding): Feature {
  const values = new Float64Array(rows.length)
  for (let i = 0; i < rows.length; i++) values[i] = column.values[rows[i] ?? 0] ?? Number.NaN
  const bins = numberBins(values, column.type)
  const raw = new Uint8Array(rows.length)
  const missing = bins.names.length
  for (let i = 0; i < raw.length; i++) {
    const bin = bins.binOf(values[i] ?? Number.NaN)
    raw[i] = bin < 0 ? missing : bin
  }
  return frequentOnly({ name: column.name, raw, values: [...bins.names, null] }, minSize)
}

function encodeTexts(column: CategoricalColumn, { rows, minSize }: Encoding): Feature | undefined {
  const present = new Uint8Array(column.categories.length)
  for (let i = 0; i < rows.length; i++) {
    const code = column.codes[rows[i] ?? 0] ?? -1
    if (code >= 0) present[code] = 1
  }
  const used = column.categories.flatMap((text, code) =>
    present[code] === 1 ? [{ text, code }] : [],
  )
  if (used.length > MOST_VALUES) return undefined
  // Categories come in order of appearance; slices must not depend on it.
  used.sort((a, b) => (a.text < b.text ? -1 : 1))
  const places = new Uint8Array(column.categories.length)
  used.forEach(({ code }, place) => {
    places[code] = place
  })
  const raw = new Uint8Array(rows.length)
  for (let i = 0; i < raw.length; i++) {
    const code = column.codes[rows[i] ?? 0] ?? -1
    raw[i] = code < 0 ? used.length : (places[code] ?? 0)
  }
  const values = [...used.map(({ text }) => text), null]
  return frequentOnly({ name: column.name, raw, values }, minSize)
}

interface RawFeature {
  readonly name: string
  readonly raw: Uint8Array
  readonly values: readonly (string | null)[]
}

/** A value of too few rows can be in no slice that is large enough: SliceLine's pruning by size, at level one. */
function frequentOnly({ name, raw, values }: RawFeature, minSize: number): Feature {
  const sizes = new Uint32Array(values.length)
  for (let i = 0; i < raw.length; i++) {
    const code = raw[i] ?? 0
    sizes[code] = (sizes[code] ?? 0) + 1
  }
  const kept: (string | null)[] = [null]
  const codes = new Uint8Array(values.length)
  values.forEach((value, code) => {
    if ((sizes[code] ?? 0) >= minSize) codes[code] = kept.push(value) - 1
  })
  return { name, codes: raw.map((code) => codes[code] ?? 0), values: kept }
}
