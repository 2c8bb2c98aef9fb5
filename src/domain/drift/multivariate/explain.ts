import { percent } from '../wording.js'
import type { Explanation } from './result.js'

const MOST_NAMED = 3

/** The columns behind a result, in words: `mostly "age" (61%), "city" (20%)`; nothing where none is known. */
export function mostly(explains: readonly Explanation[]): string {
  if (explains.length === 0) return ''
  const named = explains.slice(0, MOST_NAMED).map(({ columns, share }) => {
    const part = share === null ? '' : ` (${percent(share)})`
    return `${namesOf(columns)}${part}`
  })
  return `mostly ${named.join(', ')}`
}

/** Quoted, so that a line break in a name stays in its line. */
export function namesOf(columns: readonly string[]): string {
  return columns.map((name) => JSON.stringify(name)).join(' and ')
}
