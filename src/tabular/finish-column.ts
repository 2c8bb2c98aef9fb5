import { Buffer } from 'node:buffer'
import type { CategoricalColumn } from '../domain/table/column.js'

/** Dictionaries may hold values that no row has, in any order: what counts is the first appearance in a row. Renumbers `codes` in place. */
export function usedCategories(codes: Int32Array, strings: readonly string[]): string[] {
  const place = new Int32Array(strings.length).fill(-1)
  const categories: string[] = []
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number
    if (code < 0) continue
    if ((place[code] as number) < 0) place[code] = categories.push(strings[code] as string) - 1
    codes[i] = place[code] as number
  }
  return categories
}

export function categoricalColumn(
  name: string,
  codes: Int32Array,
  content: { type: 'string' | 'boolean'; categories: readonly string[] },
): CategoricalColumn {
  let missing = 0
  for (let i = 0; i < codes.length; i++) if ((codes[i] as number) < 0) missing++
  return { kind: 'categorical', name, codes, missing, ...content }
}

export function countNaN(values: Float64Array): number {
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    // biome-ignore lint/suspicious/noSelfCompare: NaN alone is not itself; a call for each cell costs more than the reading of it
    if (value !== value) count++
  }
  return count
}

/** Sixteen bytes as `00112233-4455-6677-8899-aabbccddeeff`. */
export function uuidText(value: unknown): Uint8Array {
  const hex = Buffer.from(value as Uint8Array).toString('hex')
  return Buffer.from(hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))
}
