import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { UserError } from '../errors.js'
import { errorWords } from '../files/errno.js'
import type { Surroundings } from './surroundings.js'

/** Where a command writes to, as the user wrote it. */
export interface OutFile {
  readonly out: string
  readonly force?: boolean | undefined
}

/** What is there may have been edited since it was written. */
export function refuseExisting({ out, force }: OutFile, { cwd }: Pick<Surroundings, 'cwd'>): void {
  const path = resolve(cwd, out)
  if (force === true || !existsSync(path) || !statSync(path).isFile()) return
  throw new UserError({
    code: 'MW-DATA-120',
    where: '--out',
    what: `${JSON.stringify(out)} is there already.`,
    fix: 'Name another file, or add --force to replace it.',
  })
}

/** Writes it; what the file system refuses is the user's to mend, under the code given. */
export function writeOut(
  write: () => void,
  { out, code }: OutFile & { readonly code: string },
): void {
  try {
    write()
  } catch (error) {
    const reason = errorWords(error)
    if (reason === undefined) throw error
    throw new UserError(
      {
        code,
        where: '--out',
        what: `${JSON.stringify(out)} cannot be written: ${reason}.`,
        fix: 'Name a file in a folder that you may write to.',
      },
      { cause: error },
    )
  }
}

/** Tells what the user can mend, as the actions tell it, and gives the exit code for it. */
export function tellUserError(error: unknown, { stderr }: Pick<Surroundings, 'stderr'>): number {
  if (!(error instanceof UserError)) throw error
  stderr.write(`error: ${error.message}\n`)
  return 2
}
