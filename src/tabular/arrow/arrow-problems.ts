import { UserError } from '../../errors.js'

/** The file is not what it should be: truncated, overwritten, or written wrongly. */
export function damaged(shownAs: string, what: string, cause?: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DATA-024',
      where: shownAs,
      what: `the Arrow file is damaged: ${what}.`,
      fix: 'Write or fetch the file again.',
    },
    { cause },
  )
}

export function notArrow(shownAs: string): UserError {
  return new UserError({
    code: 'MW-DATA-025',
    where: shownAs,
    what: 'the name says Arrow but the file does not begin as an Arrow file or stream does.',
    fix: 'Give the file the extension of its format, or write it as Arrow IPC.',
  })
}
