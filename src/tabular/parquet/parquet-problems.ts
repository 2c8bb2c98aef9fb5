import { UserError } from '../../errors.js'

/** The file is not what it should be: truncated, overwritten, or written wrongly. */
export function damaged(shownAs: string, what: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DATA-014',
      where: shownAs,
      what: `the Parquet file is damaged: ${what}.`,
      fix: 'Write or fetch the file again.',
    },
    { cause },
  )
}

export function notParquet(shownAs: string): UserError {
  return new UserError({
    code: 'MW-DATA-015',
    where: shownAs,
    what: 'the name says Parquet but the file does not begin with PAR1.',
    fix: 'Give the file the extension of its format, or write it as Parquet.',
  })
}
