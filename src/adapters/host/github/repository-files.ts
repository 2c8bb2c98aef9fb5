import { ExternalError, UserError } from '../../../errors.js'
import type { RepositoryFiles } from '../../../ports/forge.js'
import { ifThere } from './answers.js'
import type { GitHubClient } from './client.js'

const NEEDS = 'contents: read'
const MEBIBYTE = 2 ** 20

/** Files and history by the API, for jobs that check nothing out. */
export function createRepositoryFiles(client: GitHubClient): RepositoryFiles {
  const { owner, repo } = client
  return {
    async fileAt(ref, path, maxBytes = MEBIBYTE) {
      if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
        return undefined
      }
      const found = await ifThere(() =>
        client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/contents/{path}', { owner, repo, path, ref }),
        ),
      )
      const data: unknown = found?.data
      if (!isFile(data)) return undefined
      if (data.size > maxBytes) throw tooLarge({ path, ref, size: data.size, maxBytes })
      if (data.encoding === 'base64') return Buffer.from(data.content, 'base64')
      return readBlob(client, data.sha)
    },
    async mergeBase(base, head) {
      const found = await ifThere(() =>
        client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
            ...{ owner, repo, basehead: `${base}...${head}`, per_page: 1 },
          }),
        ),
      )
      return found?.data.merge_base_commit.sha
    },
    commitOf: async (ref) => (await readCommit(client, ref))?.sha,
    parentOf: async (commit) => (await readCommit(client, commit))?.parents[0]?.sha,
  }
}

function readCommit({ call, owner, repo }: GitHubClient, ref: string) {
  return ifThere(async () => {
    const answer = await call(NEEDS, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/commits/{ref}', { owner, repo, ref, per_page: 1 }),
    )
    return answer.data
  }).catch(unlessNoCommit)
}

/** GitHub answers 422, not 404, where a ref that looks like a SHA is none. */
function unlessNoCommit(error: unknown): undefined {
  if (error instanceof ExternalError && error.details.status === 422) return undefined
  throw error
}

interface FileAnswer {
  readonly type: 'file'
  readonly size: number
  readonly sha: string
  readonly content: string
  /** `base64`, or `none` for what is over a megabyte. */
  readonly encoding: string
}

/** A folder is a list, and a link or a submodule has another type. */
function isFile(data: unknown): data is FileAnswer {
  return (
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'file' &&
    'content' in data
  )
}

async function readBlob(client: GitHubClient, sha: string): Promise<Uint8Array> {
  const { owner, repo } = client
  const answer = await client.call(NEEDS, (rest) =>
    rest.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { owner, repo, file_sha: sha }),
  )
  const encoding = answer.data.encoding === 'base64' ? 'base64' : 'utf8'
  return Buffer.from(answer.data.content, encoding)
}

function tooLarge(file: {
  readonly path: string
  readonly ref: string
  readonly size: number
  readonly maxBytes: number
}): UserError {
  return new UserError({
    code: 'MW-HOST-010',
    where: `${file.path} at ${file.ref}`,
    what: `the file has ${file.size} bytes; at most ${file.maxBytes} are read.`,
    fix: 'Make it smaller, or keep large data out of it.',
  })
}
