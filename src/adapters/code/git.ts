import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { SourceCode } from '../../ports/source-code.js'

const run = promisify(execFile)

/** git, as it is installed on the runner; where it is not, nothing is tracked. */
export function createGitCode(): SourceCode {
  return {
    trackedFiles: async (folder) => {
      // A file that is new and not ignored is code like any other: it runs, committed or not.
      const lists = await Promise.all([
        git(folder, ['ls-files', '-z', '--recurse-submodules']),
        git(folder, ['ls-files', '-z', '--others', '--exclude-standard']),
      ])
      const paths = lists.flatMap((list) => list?.split('\0') ?? []).filter((path) => path !== '')
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
