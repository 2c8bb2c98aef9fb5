import { createContext, Script } from 'node:vm'
import type { TextPattern } from '../domain/quality/check.js'
import { UserError } from '../errors.js'
import { hasCode } from '../files/errno.js'

/** A good pattern takes microseconds for a value; a million values have this long together. */
const LIMIT_MS = 20_000

const MATCH_ALL = new Script('texts.map((text) => pattern.test(text))')

/**
 * A regular expression that must match a text in full. Some take time exponential in the length of the text, and
 * the text comes from outside: one that does is stopped, as MW-DATA-117. Throws SyntaxError for a bad pattern.
 */
export function createPattern(
  source: string,
  at: { readonly name: string; readonly path: string },
  limitMs = LIMIT_MS,
): TextPattern {
  // Alone first: inside the group `a)|(b` would be a pattern.
  new RegExp(source, 'u')
  const pattern = new RegExp(`^(?:${source})$`, 'u')
  return {
    source,
    matchAll: (texts) => {
      try {
        const result: unknown = MATCH_ALL.runInContext(createContext({ texts, pattern }), {
          timeout: limitMs,
        })
        return Array.isArray(result) ? result.map(Boolean) : []
      } catch (error) {
        if (hasCode(error, 'ERR_SCRIPT_EXECUTION_TIMEOUT')) throw tooSlow(at, limitMs, error)
        throw error
      }
    },
  }
}

function tooSlow(
  { name, path }: { readonly name: string; readonly path: string },
  limitMs: number,
  cause: unknown,
): UserError {
  return new UserError(
    {
      code: 'MW-DATA-117',
      where: path,
      what: `columns.${name}.matches took over ${limitMs / 1000} s for the values of the column.`,
      fix: 'Avoid repetition inside repetition, such as (a+)+.',
    },
    { cause },
  )
}
