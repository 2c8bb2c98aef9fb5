import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ExternalError, UserError } from '../../../errors.js'
import { hasCode } from '../../../files/errno.js'
import { changedOnTheWay, type Store, type StoreFile } from './store.js'

const ATTEMPTS = 8
/** Variables that would lead git to another repository or index, or let it wait for a person. */
const SURROUNDINGS = {
  GIT_DIR: undefined,
  GIT_WORK_TREE: undefined,
  GIT_INDEX_FILE: undefined,
  GIT_OBJECT_DIRECTORY: undefined,
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
}
const AUTHOR = {
  GIT_AUTHOR_NAME: 'Modelway',
  GIT_AUTHOR_EMAIL: 'modelway@users.noreply.github.com',
  GIT_COMMITTER_NAME: 'Modelway',
  GIT_COMMITTER_EMAIL: 'modelway@users.noreply.github.com',
}

interface BranchOptions {
  readonly repository: string
  readonly branch: string
  /** Pushed to; where the repository has no such remote, the local branch is the store. */
  readonly remote?: string
  /** The environment that git runs in. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * A store on a branch that shares no file with the working directory: commits are made with git's plumbing,
 * without a checkout, and pushed only onto the commit that was read, so that no concurrent change is lost.
 */
export function createBranchStore(options: BranchOptions): Store {
  const { repository, branch, remote = 'origin' } = options
  const git: Target['git'] = (args, { input, env } = {}) =>
    runGit(['-C', repository, ...args], { input, env: { ...options.env, ...SURROUNDINGS, ...env } })
  const target: Target = { git, branch, remote }
  return {
    read: async (path) => {
      await checkBranch(target)
      const tip = await fetchTip(target)
      return tip === undefined ? undefined : readAt(git, tip, path)
    },
    update: async (change) => {
      await checkBranch(target)
      for (let attempt = 1; ; attempt++) {
        const tip = await fetchTip(target)
        const { result, files, message } = await change(async (path) =>
          tip === undefined ? undefined : readAt(git, tip, path),
        )
        if (files.length === 0) return result
        const commit = await commitFiles(target, tip, { files, message })
        if (await publish(target, tip, commit)) return result
        if (attempt >= ATTEMPTS) throw conflict(branch)
        await sleep(Math.random() * 50 * attempt)
      }
    },
  }
}

interface Target {
  readonly git: (args: readonly string[], options?: GitOptions) => Promise<Buffer>
  readonly branch: string
  readonly remote: string
}

async function checkBranch({ git, branch }: Target): Promise<void> {
  await checkRepository(git)
  try {
    await git(['check-ref-format', `refs/heads/${branch}`])
  } catch (error) {
    throw new UserError(
      {
        code: 'MW-REGISTRY-006',
        where: 'registry.location',
        what: `${JSON.stringify(branch)} is not the name of a branch.`,
        fix: 'Write for example branch:models.',
      },
      { cause: error },
    )
  }
}

async function checkRepository(git: Target['git']): Promise<void> {
  try {
    await git(['rev-parse', '--git-dir'])
  } catch (error) {
    if (error instanceof UserError) throw error
    const what = error instanceof ExternalError ? error.details.what : String(error)
    throw new UserError(
      {
        code: 'MW-REGISTRY-015',
        where: 'registry.location',
        what: `the working directory is in no git repository that can be used: ${what}`,
        fix: 'Check the repository out first, or keep the registry in a folder.',
      },
      { cause: error },
    )
  }
}

async function hasRemote({ git, remote }: Target): Promise<boolean> {
  return (await git(['remote'])).toString().split('\n').includes(remote)
}

/** The commit that the branch is at now; undefined when there is no such branch yet. */
async function fetchTip(target: Target): Promise<string | undefined> {
  const { git, branch, remote } = target
  const ref = `refs/heads/${branch}`
  if (!(await hasRemote(target))) {
    return (
      (await git(['for-each-ref', '--format=%(objectname)', ref])).toString().trim() || undefined
    )
  }
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const listed = (await git(['ls-remote', remote, ref])).toString()
    const tip = /^([0-9a-f]{40,64})\t/.exec(listed)?.[1]
    if (tip === undefined || (await hasCommit(git, tip))) return tip
    await fetchBranch(target)
    // It moves while we look when what was fetched is newer still.
    if (await hasCommit(git, tip)) return tip
  }
  throw conflict(branch)
}

async function hasCommit(git: Target['git'], commit: string): Promise<boolean> {
  const answer = await git(['cat-file', '--batch-check'], { input: Buffer.from(`${commit}\n`) })
  return answer.includes(' commit ')
}

/** A repository that has its whole history keeps it: `--depth` would make it a shallow one. */
async function fetchBranch({ git, branch, remote }: Target): Promise<void> {
  const shallow = (await git(['rev-parse', '--is-shallow-repository'])).toString().trim() === 'true'
  const depth = shallow ? ['--depth=1'] : []
  await git(['fetch', '--quiet', '--no-tags', ...depth, remote, `refs/heads/${branch}`])
}

async function readAt(
  git: Target['git'],
  tip: string,
  path: string,
): Promise<Uint8Array | undefined> {
  // Paths are those of the tree, whatever folder of the repository we are in.
  const entry = (await git(['ls-tree', '-z', '--full-tree', tip, '--', path])).toString()
  const object = /^\d+ blob ([0-9a-f]+)\t/.exec(entry)?.[1]
  return object === undefined ? undefined : git(['cat-file', 'blob', object])
}

async function commitFiles(
  { git }: Target,
  tip: string | undefined,
  { files, message }: { readonly files: readonly StoreFile[]; readonly message: string },
): Promise<string> {
  const index = join(tmpdir(), `modelway-index-${randomUUID()}`)
  const env = { ...AUTHOR, GIT_INDEX_FILE: index }
  try {
    await git(tip === undefined ? ['read-tree', '--empty'] : ['read-tree', tip], { env })
    for (const { path, content } of files) {
      const object = await writeObject(git, content)
      await git(['update-index', '--add', '--cacheinfo', `100644,${object},${path}`], { env })
    }
    const tree = (await git(['write-tree'], { env })).toString().trim()
    const parents = tip === undefined ? [] : ['-p', tip]
    // Two writers of the same in one second would make the same commit, and both would think that it is theirs.
    const text = `${message}\n\nModelway-Write: ${randomUUID()}`
    return (await git(['commit-tree', tree, ...parents, '-m', text], { env })).toString().trim()
  } finally {
    await rm(index, { force: true })
  }
}

async function writeObject(git: Target['git'], content: StoreFile['content']): Promise<string> {
  if (content instanceof Uint8Array) {
    const object = await git(['hash-object', '-w', '--stdin'], { input: content })
    return object.toString().trim()
  }
  const written = await git(['hash-object', '-w', '--no-filters', '--', content.file])
  const object = written.toString().trim()
  const stored = await git(['cat-file', 'blob', object])
  const found = createHash('sha256').update(stored).digest('hex')
  if (found !== content.sha256) throw changedOnTheWay(content, found)
  return object
}

/** False when the branch has moved since it was read. */
async function publish(target: Target, tip: string | undefined, commit: string): Promise<boolean> {
  const { git, branch, remote } = target
  const ref = `refs/heads/${branch}`
  try {
    if (await hasRemote(target)) {
      await git([
        'push',
        '--quiet',
        `--force-with-lease=${ref}:${tip ?? ''}`,
        remote,
        `${commit}:${ref}`,
      ])
    } else {
      await git(['update-ref', ref, commit, tip ?? '0'.repeat(commit.length)])
    }
    return true
  } catch (error) {
    // Another one that is just being written holds git's own lock, which says nothing of the tip yet.
    if (/cannot lock ref|\.lock'?: File exists/.test(String(error))) return false
    if ((await fetchTip(target)) !== tip) return false
    throw error
  }
}

function conflict(branch: string): ExternalError {
  return new ExternalError({
    code: 'MW-REGISTRY-007',
    service: 'git',
    what: `the branch ${branch} was changed by others ${ATTEMPTS} times in a row.`,
    retryable: true,
  })
}

interface GitOptions {
  readonly input?: Uint8Array | undefined
  readonly env?: Readonly<Record<string, string | undefined>>
}

function runGit(args: readonly string[], { input, env }: GitOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { env: { ...env }, stdio: 'pipe' })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
    child.once('error', (error) =>
      reject(hasCode(error, 'ENOENT') ? noGit(error) : gitFailed(error.message, error)),
    )
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output))
      else reject(gitFailed(Buffer.concat(errors).toString().trim().slice(0, 500)))
    })
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

function noGit(cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-REGISTRY-014',
      where: 'registry.location',
      what: 'a registry on a branch needs git, which is not installed.',
      fix: 'Install git on the runner, or keep the registry in a folder.',
    },
    { cause },
  )
}

function gitFailed(what: string, cause?: unknown): ExternalError {
  return new ExternalError(
    { code: 'MW-REGISTRY-008', service: 'git', what, retryable: false },
    { cause },
  )
}
