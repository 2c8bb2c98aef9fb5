import { type Problem, UserError } from '../../../errors.js'

/** Results are a few hundred bytes a column; more than this is something else. */
const MOST_CHARACTERS = 64 * 1024 * 1024

/**
 * The JSON that Python's json module writes, which holds NaN and Infinity as bare words: they are read as null, which is
 * what a score without a value is.
 */
export function parsePythonJson(text: string, file: string): unknown {
  if (text.length > MOST_CHARACTERS) {
    throw problem(file, {
      code: 'MW-DRIFT-600',
      what: `the file is over ${MOST_CHARACTERS / 1024 / 1024} MiB, which no result of drift is.`,
      fix: 'Name the file that the monitor saved its results to.',
    })
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const mended = withoutBareWords(text)
    if (mended !== undefined) return mended.value
    throw problem(file, {
      code: 'MW-DRIFT-601',
      what: `it is no JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read'}.`,
      fix: 'Save the results as JSON.',
    })
  }
}

function withoutBareWords(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(wordsToNull(text.replace(/^\uFEFF/, ''))) }
  } catch {
    // Something else is wrong with it, which the first attempt has said.
    return undefined
  }
}

/** Passes over what is in quotes; by hand, since no regular expression bears texts of any length. */
function wordsToNull(text: string): string {
  const parts: string[] = []
  let start = 0
  while (start < text.length) {
    const quote = text.indexOf('"', start)
    const outside = text.slice(start, quote < 0 ? text.length : quote)
    parts.push(outside.replace(/-?\b(?:NaN|Infinity)\b/g, 'null'))
    if (quote < 0) break
    start = afterText(text, quote)
    parts.push(text.slice(quote, start))
  }
  return parts.join('')
}

const BACKSLASH = 92
const QUOTE = 34

function afterText(text: string, quote: number): number {
  let i = quote + 1
  while (i < text.length && text.charCodeAt(i) !== QUOTE) {
    i += text.charCodeAt(i) === BACKSLASH ? 2 : 1
  }
  return Math.min(i + 1, text.length)
}

export function problem(file: string, { code, what, fix }: Omit<Problem, 'where'>): UserError {
  return new UserError({ code, where: file, what, fix })
}
