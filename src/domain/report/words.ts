import type { Decision } from '../decision.js'

const MARKS: Readonly<Record<Decision | 'skipped', string>> = {
  pass: '✅ pass',
  warn: '⚠️ warn',
  fail: '❌ fail',
  inconclusive: '❔ inconclusive',
  skipped: '➖ skipped',
}

/** A status as a mark and a word: never by colour or picture alone. */
export function mark(status: Decision | 'skipped'): string {
  return MARKS[status]
}

/**
 * A count with a comma between thousands. By hand: the first number that the system's own tables of languages write costs as much
 * time as the rest of a summary.
 */
export function grouped(count: number): string {
  if (!Number.isSafeInteger(count)) return count.toLocaleString('en-US')
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** The beginning of a sentence. */
export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

/** `1 row`, `2 rows`. */
export function countOf(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** A number for people: four significant digits, no trailing zeros, exponents only far from 1. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value)
  const magnitude = Math.abs(value)
  if (magnitude < 1e-4 || magnitude >= 1e9) return value.toExponential(2)
  return String(Number(value.toPrecision(4)))
}

/** The same for the scale of a picture or a table of its numbers: commas between thousands, and a minus that is as wide as a digit. */
export function scaleNumber(value: number): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(formatNumber(value)) ?? []
  return `${sign === '' ? '' : '−'}${grouped(Number(whole))}${rest}`
}

/** A p-value for people; never 0. */
export function formatPValue(value: number): string {
  return value < 0.0001 ? '< 0.0001' : formatNumber(Number(value.toFixed(4)))
}
