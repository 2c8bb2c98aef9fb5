import { readFile } from 'node:fs/promises'
import { UserError } from '../../errors.js'
import { writeFileAtomically } from '../../files/atomic.js'
import { errorWords, hasCode } from '../../files/errno.js'

/** A file that a proxy reads and Modelway writes. Both throw UserError MW-DEPLOY-178 where the machine does not let them. */
export interface OwnFile {
  readonly path: string
  /** Empty where there is none. */
  read(): Promise<string>
  /** Replaces it whole; the same text again is not written. */
  write(text: string): Promise<void>
}

/** `where`: the setting that names it. */
export function createOwnFile(path: string, where: string): OwnFile {
  const read = async () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return ''
      throw refused(path, where, error)
    })
  return {
    path,
    read,
    write: async (text) => {
      if ((await read()) === text) return
      try {
        writeFileAtomically(path, text)
      } catch (error) {
        throw refused(path, where, error)
      }
    },
  }
}

function refused(path: string, where: string, cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DEPLOY-178',
      where,
      what: `${path} cannot be used: ${errorWords(cause) ?? String(cause)}.`,
      fix: 'Let the account that runs Modelway read and write this file and its folder, on the machine of the proxy.',
    },
    { cause },
  )
}
