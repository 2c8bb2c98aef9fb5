import type { ExternalError, UserError } from '../../../../src/errors.js'

export const NEVER = new AbortController().signal

/** The code and the words of what a promise is refused with. */
export async function refusal(work: Promise<unknown>): Promise<{ code: string; text: string }> {
  const error = (await work.then(
    () => new Error('nothing was refused'),
    (caught: unknown) => caught,
  )) as Partial<ExternalError & UserError> & Error
  const code = error.details?.code ?? error.problems?.[0]?.code ?? error.name
  return { code, text: error.message }
}
