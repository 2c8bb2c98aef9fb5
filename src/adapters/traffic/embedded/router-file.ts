import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { UserError } from '../../../errors.js'
import { hasCode } from '../../../files/errno.js'
import { type RouterFile, RouterFileSchema } from './protocol.js'

/** The router's state file, or undefined where there is none. Throws UserError where it cannot be understood. */
export function readRouterFile(path: string): RouterFile | undefined {
  const text = readIfThere(path)
  if (text === undefined) return undefined
  try {
    return RouterFileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new UserError(
      {
        code: 'MW-DEPLOY-003',
        where: path,
        what: "the router's state file cannot be understood",
        fix: 'Stop the router, delete the file, and deploy the stable version again.',
      },
      { cause },
    )
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** Replaces the file in one step; only its owner may read it, since it holds the control token. */
export function writeRouterFile(path: string, file: RouterFile): void {
  const temporary = `${path}.${process.pid}.tmp`
  writeFileSync(temporary, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 })
  renameSync(temporary, path)
}
