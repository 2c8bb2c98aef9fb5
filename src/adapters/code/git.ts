import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { History, SourceCode } from '../../ports/source-code.js'

const run = promisify(execFile)

/** git, as it is installed on the runner; where it is not, nothing is tracked. */
export function createGitCode(): SourceCode & History {
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
    commit: (folder) => commitOf(folder, 'HEAD'),
    resolve: async (folder, reference) =>
      // A pull request's checkout has the other branches as the remote's only. The remote's own HEAD is its default branch.
      (reference === 'HEAD'
        ? undefined
        : await commitOf(folder, `refs/remotes/origin/${reference}`)) ??
      (await commitOf(folder, reference)),
    mergeBase: async (folder, a, b) =>
      (await git(folder, ['merge-base', '--end-of-options', a, b]))?.trim() || undefined,
    fileAt: (folder, commit, path) => show(folder, `${commit}:./${path.replaceAll('\\', '/')}`),
    fileAtTop: (folder, commit, path) => show(folder, `${commit}:${path.replaceAll('\\', '/')}`),
    committedAt: async (folder, commit) => {
      const seconds = await git(folder, ['show', '-s', '--format=%ct', '--end-of-options', commit])
      return seconds === undefined ? undefined : new Date(Number(seconds.trim()) * 1000)
    },
  }
}

function show(folder: string, object: string): Promise<Buffer | undefined> {
  return gitBytes(folder, ['show', '--no-textconv', '--end-of-options', object])
}

async function commitOf(folder: string, reference: string): Promise<string | undefined> {
  const options = ['--verify', '-q', '--end-of-options', `${reference}^{commit}`]
  return (await git(folder, ['rev-parse', ...options]))?.trim() || undefined
}

async function git(folder: string, command: readonly string[]): Promise<string | undefined> {
  return (await gitBytes(folder, command))?.toString('utf8')
}

/**
 * A change can write a folder that looks like a repository of its own (HEAD, objects, refs, config), and what it built may have
 * written to `.git`: no program that some configuration names is started, no other commit is shown in place of one, and nothing
 * is fetched (a partial clone lacks what it lacks).
 */
const GUARDED = [
  '--no-replace-objects',
  ...[
    'safe.bareRepository=explicit',
    'core.fsmonitor=false',
    'log.showSignature=false',
    ...['protocol', 'protocol.ext', 'protocol.file', 'protocol.git'].map(
      (key) => `${key}.allow=never`,
    ),
    ...['protocol.http', 'protocol.https', 'protocol.ssh'].map((key) => `${key}.allow=never`),
  ].flatMap((setting) => ['-c', setting]),
]

async function gitBytes(folder: string, command: readonly string[]): Promise<Buffer | undefined> {
  try {
    const options = { maxBuffer: 1 << 28, encoding: 'buffer' as const }
    const { stdout } = await run('git', ['-C', folder, ...GUARDED, ...command], options)
    return stdout
  } catch {
    // No git, no repository, no such commit or file: there is nothing to learn.
    return undefined
  }
}
