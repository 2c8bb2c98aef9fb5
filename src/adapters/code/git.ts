import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { SourceCode } from '../../ports/source-code.js'

const run = promisify(execFile)

/** git, as it is installed on the runner; where it is not, nothing is tracked. */
export function createGitCode(): SourceCode {
  return {
    trackedFiles: async (folder) => {
      const output = await git(folder, ['ls-files', '-z', '--recurse-submodules'])
      const paths = output?.split('\0').filter((path) => path !== '') ?? []
      // A folder that the repository around it ignores is not under its control.
      return paths.length === 0 ? undefined : paths.map((path) => resolve(folder, path))
    },
    commit: async (folder) => (await git(folder, ['rev-parse', '--verify', '-q', 'HEAD']))?.trim(),
  }
}

async function git(folder: string, command: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout } = await run('git', ['-C', folder, ...command], { maxBuffer: 1 << 28 })
    return stdout
  } catch {
    // No git, no repository, or no commit yet: there is nothing to learn.
    return undefined
  }
}
