import * as z from 'zod'

/** The most of everything that a verdict may hold. */
export interface Limits {
  /** Characters of a metric, column, class, digest. */
  readonly name: number
  /** Characters of a reason, path, line. */
  readonly reason: number
  readonly checks: number
  /** Columns of a slice search, groups of values, bins, classes. */
  readonly columns: number
  readonly classes: number
  readonly bins: number
  readonly groups: number
  readonly found: number
  readonly ids: number
  readonly lines: number
  /** Conditions of a slice, keys of a rule, inputs. */
  readonly conditions: number
}

const ANY = Number.MAX_SAFE_INTEGER

/** Our own verdict: as large as it is. */
export const NONE: Limits = {
  name: ANY,
  reason: ANY,
  checks: ANY,
  columns: ANY,
  classes: ANY,
  bins: ANY,
  groups: ANY,
  found: ANY,
  ids: ANY,
  lines: ANY,
  conditions: ANY,
}

/** Someone else's verdict: as large as a page can show. */
export const STRICT: Limits = {
  name: 300,
  reason: 2000,
  checks: 2000,
  columns: 200,
  classes: 50,
  bins: 100,
  groups: 500,
  found: 10,
  ids: 20,
  lines: 1000,
  conditions: 20,
}

export function text(most: number) {
  return z.string().max(most)
}

export function list<Item extends z.ZodType>(item: Item, most: number) {
  return z.array(item).max(most)
}
