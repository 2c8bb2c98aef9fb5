import { type Check, firstFew, quoted } from './check.js'
import type { Cell } from './tensor.js'

/** How far numbers may differ and still agree: by either. */
export interface Tolerance {
  /** Of the larger of the two. */
  readonly relative: number
  readonly absolute: number
}

/** A row's expected outputs, by the name of their columns, and what the model answered. */
export interface GoldenRow {
  /** From 1, as people count. */
  readonly row: number
  readonly expected: readonly { readonly column: string; readonly value: Cell }[]
  /** In the order of `expected`; undefined where the answer has no such value. */
  readonly answered: readonly unknown[]
}

/**
 * Whether an answer is the expected value. Numbers agree within the tolerance. A file of text has no types: `1` there is also
 * the answer "1", and `true` the answer true. What is missing agrees with null and with NaN.
 */
export function agrees(expected: Cell, answered: unknown, tolerance: Tolerance): boolean {
  if (expected === null || Number.isNaN(expected)) return answered === null || isNotNumber(answered)
  if (expected === answered) return true
  const [one, other] = [numberOf(expected), numberOf(answered)]
  if (one !== undefined && other !== undefined) return isNear(one, other, tolerance)
  return typeof answered !== 'object' && String(expected) === String(answered)
}

function isNotNumber(value: unknown): boolean {
  return typeof value === 'number' && Number.isNaN(value)
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const number = Number(value)
  return Number.isNaN(number) ? undefined : number
}

function isNear(one: number, other: number, { relative, absolute }: Tolerance): boolean {
  if (one === other) return true
  const distance = Math.abs(one - other)
  if (!Number.isFinite(distance)) return false
  return distance <= Math.max(absolute, relative * Math.max(Math.abs(one), Math.abs(other)))
}

/** Whether the model gives the expected answers; one that differs fails the check. No rows -> fail: nothing was shown. */
export function judgeGolden(rows: readonly GoldenRow[], tolerance: Tolerance): Check {
  if (rows.length === 0) {
    return { name: 'golden', status: 'fail', text: 'There is no example to compare with.' }
  }
  const wrong = rows.flatMap((row) => {
    const found = row.expected.flatMap(({ column, value }, i) =>
      agrees(value, row.answered[i], tolerance)
        ? []
        : [`${quoted(column)} is ${quoted(row.answered[i])}, not ${quoted(value)}`],
    )
    return found.length === 0 ? [] : [`row ${row.row}: ${firstFew(found, 5, ', ')}`]
  })
  if (wrong.length === 0) {
    return {
      name: 'golden',
      status: 'pass',
      text: `All ${rows.length} examples are answered as expected.`,
    }
  }
  const text = `${wrong.length} of ${rows.length} examples are answered otherwise than expected: ${firstFew(wrong)}.`
  return { name: 'golden', status: 'fail', text }
}
