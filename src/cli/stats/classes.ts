import { canonicalOrder } from '../../domain/gate/codes.js'
import type { GroupColumn } from '../../domain/metrics/data.js'

/** A class or a group as JSON writes it. */
export type Value = number | string | boolean

export interface ClassCodes {
  /** In canonical order: a code is a position here. */
  readonly names: readonly string[]
  readonly positive: number | undefined
  encode(values: readonly Value[]): Float64Array
}

/** Codes for the classes of all lists together; `positive` is the class 1, or true, unless it is given. */
export function classCodes(
  lists: readonly (readonly Value[] | undefined)[],
  positive: Value | undefined,
): ClassCodes {
  const names = canonicalOrder(new Set(lists.flatMap((list) => list ?? []).map(String)))
  const codes = new Map(names.map((name, code) => [name, code]))
  return {
    names,
    positive: codes.get(String(positive ?? (codes.has('1') ? 1 : true))),
    encode: (values) => Float64Array.from(values, (value) => codes.get(String(value)) ?? 0),
  }
}

/** Group codes; null has none. */
export function groupCodes(values: readonly (Value | null)[]): GroupColumn {
  const texts = values.map((value) => (value === null ? undefined : String(value)))
  const names = canonicalOrder(new Set(texts.filter((text) => text !== undefined)))
  const codes = new Map<string | undefined, number>(names.map((name, code) => [name, code]))
  return { names, codes: Int32Array.from(texts, (text) => codes.get(text) ?? -1) }
}
