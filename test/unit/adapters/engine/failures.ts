import { ExternalError, UserError } from '../../../../src/errors.js'

export const NEVER = new AbortController().signal

/** The code and the words of what a promise is refused with. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error: unknown = await work.then(
    () => new Error('nothing was refused'),
    (caught: unknown) => caught,
  )
  const text = error instanceof Error ? error.message : String(error)
  if (error instanceof ExternalError) return { code: error.details.code, text }
  if (error instanceof UserError) return { code: error.problems[0]?.code ?? '', text }
  return { code: error instanceof Error ? error.name : '', text }
}
