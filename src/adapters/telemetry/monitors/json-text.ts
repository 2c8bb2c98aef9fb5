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

/** Words within texts are passed over. */
function withoutBareWords(text: string): { readonly value: unknown } | undefined {
  const mended = text
    .replace(/^\uFEFF/, '')
    .replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, (part) =>
      part.startsWith('"') ? part : 'null',
    )
  try {
    return { value: JSON.parse(mended) }
  } catch {
    // Something else is wrong with it, which the first attempt has said.
    return undefined
  }
}

export function problem(file: string, { code, what, fix }: Omit<Problem, 'where'>): UserError {
  return new UserError({ code, where: file, what, fix })
}
