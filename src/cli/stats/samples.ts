import * as z from 'zod'
import { UserError } from '../../errors.js'

/** A number a row; JSON knows no NaN, and infinities are refused. */
export const Numbers = z.array(z.number()).min(1)

/** Right or wrong, a row. */
export const Outcomes = z.array(z.union([z.literal(0), z.literal(1), z.boolean()])).min(1)

export const Level = z.number().gt(0).lt(1).default(0.95)

export const Weights = z.array(z.number().min(0)).optional()

export const Clusters = z.array(z.union([z.string(), z.number()])).optional()

/** Codes for the names of clusters, in order of their first appearance. */
export function clusterCodes(
  names: readonly (string | number)[] | undefined,
): Int32Array | undefined {
  if (names === undefined) return undefined
  const codes = new Map<string, number>()
  return Int32Array.from(names, (name) => {
    const text = String(name)
    const code = codes.get(text) ?? codes.size
    codes.set(text, code)
    return code
  })
}

/** Refuses lists that have not as many entries as the first one, and weights that are all 0. */
export function checkRows(
  of: { readonly name: string; readonly length: number },
  lists: Readonly<Record<string, readonly unknown[] | undefined>>,
): void {
  for (const [where, list] of Object.entries(lists)) {
    if (list === undefined) continue
    if (list.length !== of.length) {
      throw new UserError({
        code: 'MW-STATS-131',
        where,
        what: `has ${list.length} entries, and ${of.name} has ${of.length}.`,
        fix: 'Give one entry for each row, in the same order.',
      })
    }
    if (/weights$/i.test(where) && list.every((weight) => weight === 0)) {
      throw new UserError({
        code: 'MW-STATS-132',
        where,
        what: 'are all 0.',
        fix: 'Give at least two rows a weight above 0.',
      })
    }
  }
}

/** The error for numbers that a method cannot do anything with. */
export function noResult(where: string, what: string, fix: string): UserError {
  return new UserError({ code: 'MW-STATS-133', where, what, fix })
}

/** JSON has no infinity: null stands for it. */
export function finiteOrNull(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null
}
