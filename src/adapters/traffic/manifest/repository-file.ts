import { ExternalError, UserError } from '../../../errors.js'
import type { RepositoryWriter } from '../../../ports/repository-writer.js'
import { trafficProblems } from '../problems.js'
import type { ManifestFile } from './splitter.js'

export interface RepositoryFileOptions {
  readonly writer: RepositoryWriter
  readonly branch: string
  /** From the root of the repository. */
  readonly path: string
  /** The setting that names it. */
  readonly where: string
}

/** Others may push to the branch all the time; so often it is tried to be the next one. */
const TRIES = 6

const PLAIN_FILE = '100644'

/**
 * A file at the tip of a branch. A write is a commit on what was read last: what others push to other files meanwhile is kept, and where they
 * have changed this one, it is refused (MW-DEPLOY-004).
 */
export function createRepositoryFile(options: RepositoryFileOptions): ManifestFile {
  const { writer, branch, path } = options
  const name = `${path} on branch ${branch} of ${writer.repository}`
  let last: string | undefined
  const look = async () => {
    const commit = await writer.headOf(branch)
    if (commit === undefined) throw noBranch(options)
    return { commit, file: await writer.read(commit, path) }
  }
  return {
    path: name,
    read: async () => {
      last = (await look()).file?.text ?? ''
      return last
    },
    write: async (text, why) => {
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        const { commit, file } = await look()
        const now = file?.text ?? ''
        if (now === text) return
        if (last !== undefined && now !== last) throw trafficProblems(name).changed({ weight: 0 })
        const files = new Map([[path, { text, mode: file?.mode ?? PLAIN_FILE }]])
        const next = await writer.commit({ parent: commit, message: why, files })
        if (await writer.advance(branch, next)) {
          last = text
          return
        }
      }
      throw overrun(name)
    },
  }
}

function noBranch({ writer, branch, where }: RepositoryFileOptions): UserError {
  return new UserError({
    code: 'MW-DEPLOY-462',
    where: `${where}.branch`,
    what: `${writer.repository} has no branch ${JSON.stringify(branch)}.`,
    fix: 'Name the branch that readers take the manifest from; it must have a commit.',
  })
}

function overrun(name: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-463',
    service: name,
    what: `was pushed to by others ${TRIES} times while a commit was made.`,
    retryable: true,
  })
}
