import { UserError } from '../../../errors.js'
import type { TrackedFile } from '../../../ports/repository-writer.js'
import { ifThere } from './answers.js'
import type { GitHubClient } from './client.js'

const NEEDS = 'contents: read'
const MOST_BYTES = 2 ** 20
/** Git's mode of a file that is a program, or none. */
const REGULAR = /^100(644|664|755)$/

interface Entry {
  readonly path: string
  readonly mode: string
  readonly type: string
  readonly sha: string
  readonly size?: number | undefined
}

/**
 * A file by git's trees, one level after the other: the contents API follows links without a word, and what is written by that
 * would replace the link. Undefined where there is none.
 */
export async function readTracked(
  client: GitHubClient,
  commit: string,
  path: string,
): Promise<TrackedFile | undefined> {
  const { owner, repo } = client
  const found = await client.call(NEEDS, (rest) =>
    rest.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
      ...{ owner, repo, commit_sha: commit },
    }),
  )
  const parts = path.split('/')
  let tree = found.data.tree.sha
  for (const [index, part] of parts.entries()) {
    const entry = (await entriesOf(client, tree)).find((one) => one.path === part)
    if (entry === undefined) return undefined
    if (index === parts.length - 1) return fileOf(client, entry, path)
    if (entry.type !== 'tree') return undefined
    tree = entry.sha
  }
  return undefined
}

async function entriesOf(client: GitHubClient, sha: string): Promise<readonly Entry[]> {
  const { owner, repo } = client
  const answer = await ifThere(() =>
    client.call(NEEDS, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
        ...{ owner, repo, tree_sha: sha },
      }),
    ),
  )
  return (answer?.data.tree ?? []) as readonly Entry[]
}

async function fileOf(
  client: GitHubClient,
  { mode, sha, size = 0 }: Entry,
  path: string,
): Promise<TrackedFile> {
  const { owner, repo } = client
  if (!REGULAR.test(mode)) throw notPlain(path, 'it is a link, a folder or a submodule')
  if (size > MOST_BYTES) throw notPlain(path, `it has ${size} bytes, and ${MOST_BYTES} are read`)
  const answer = await client.call(NEEDS, (rest) =>
    rest.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', {
      ...{ owner, repo, file_sha: sha },
    }),
  )
  const { content, encoding } = answer.data
  const bytes = Buffer.from(content, encoding === 'base64' ? 'base64' : 'utf8')
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), mode }
  } catch {
    throw notPlain(path, 'it is no text in UTF-8')
  }
}

function notPlain(path: string, why: string): UserError {
  return new UserError({
    code: 'MW-HOST-041',
    where: path,
    what: `this file cannot be edited: ${why}.`,
    fix: 'Name the text file itself.',
  })
}
