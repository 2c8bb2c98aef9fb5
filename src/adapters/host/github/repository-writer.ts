import { ExternalError, UserError } from '../../../errors.js'
import type { RepositoryWriter } from '../../../ports/repository-writer.js'
import { ifThere } from './answers.js'
import { createBranchPulls } from './branch-pulls.js'
import type { GitHubClient } from './client.js'
import { createRepositoryFiles } from './repository-files.js'
import { readTracked } from './tracked-file.js'

const READS = 'contents: read'
const WRITES = 'contents: write'

/** Commits by git's own objects: one commit for all files, and a reference that moves only forward. */
export function createRepositoryWriter(client: GitHubClient): RepositoryWriter {
  const { owner, repo } = client
  const files = createRepositoryFiles(client)
  return {
    repository: `${owner}/${repo}`,
    ...createBranchPulls(client),
    async defaultBranch() {
      const answer = await client.call('metadata: read', (rest) =>
        rest.request('GET /repos/{owner}/{repo}', { owner, repo }),
      )
      return answer.data.default_branch
    },
    headOf: (branch) => headOf(client, branch),
    read: (commit, path) => readTracked(client, commit, path),
    contains: async (commit, ancestor) =>
      commit === ancestor || (await files.mergeBase(ancestor, commit)) === ancestor,
    commit: async ({ parent, message, files: changed }) => {
      const tree = [...changed].map(([path, { text, mode }]) => ({
        ...{ path, mode: mode as '100644', type: 'blob' as const, content: text },
      }))
      const base = await client.call(READS, (rest) =>
        rest.request('GET /repos/{owner}/{repo}/git/commits/{commit_sha}', {
          ...{ owner, repo, commit_sha: parent },
        }),
      )
      const made = await client.call(WRITES, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/git/trees', {
          ...{ owner, repo, tree, base_tree: base.data.tree.sha },
        }),
      )
      const commit = await client.call(WRITES, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/git/commits', {
          ...{ owner, repo, message, tree: made.data.sha, parents: [parent] },
        }),
      )
      return commit.data.sha
    },
    advance: (branch, commit) => advance(client, branch, commit),
    place: (branch, commit) => place(client, branch, commit),
    removeBranch: (branch) => removeBranch(client, branch),
  }
}

async function headOf(client: GitHubClient, branch: string): Promise<string | undefined> {
  const { owner, repo } = client
  const found = await ifThere(() =>
    client.call(READS, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/git/ref/{ref}', {
        ...{ owner, repo, ref: `heads/${branch}` },
      }),
    ),
  )
  return found?.data.object.sha
}

const NOT_FORWARD = /not a fast.?forward/i
/** What GitHub answers where a rule keeps pushes off a branch. */
const PROTECTED = /through a pull request|protected branch|rule violations|required status check/i

async function advance(client: GitHubClient, branch: string, commit: string): Promise<boolean> {
  const { owner, repo } = client
  try {
    await client.call(WRITES, (rest) =>
      rest.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
        ...{ owner, repo, ref: `heads/${branch}`, sha: commit, force: false },
      }),
    )
    return true
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    const { status, what } = error.details
    if (status === 422 && NOT_FORWARD.test(what)) return false
    if ((status === 422 || status === 403 || status === 409) && PROTECTED.test(what)) {
      throw new UserError({
        code: 'MW-HOST-040',
        where: `branch ${branch} of ${owner}/${repo}`,
        what: `a rule keeps direct pushes off it (${what})`,
        fix: 'Deliver by pull request, or let the token of the job pass the rule.',
      })
    }
    throw error
  }
}

async function place(client: GitHubClient, branch: string, commit: string): Promise<void> {
  const { owner, repo } = client
  if ((await headOf(client, branch)) === undefined) {
    try {
      await client.call(WRITES, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/git/refs', {
          ...{ owner, repo, ref: `refs/heads/${branch}`, sha: commit },
        }),
      )
      return
    } catch (error) {
      // Made by an attempt whose answer was lost, or by another run: then it is moved.
      if (!(error instanceof ExternalError) || error.details.status !== 422) throw error
      if ((await headOf(client, branch)) === undefined) throw error
    }
  }
  await client.call(WRITES, (rest) =>
    rest.request('PATCH /repos/{owner}/{repo}/git/refs/{ref}', {
      ...{ owner, repo, ref: `heads/${branch}`, sha: commit, force: true },
    }),
  )
}

async function removeBranch(client: GitHubClient, branch: string): Promise<void> {
  const { owner, repo } = client
  if ((await headOf(client, branch)) === undefined) return
  try {
    await client.call(WRITES, (rest) =>
      rest.request('DELETE /repos/{owner}/{repo}/git/refs/{ref}', {
        ...{ owner, repo, ref: `heads/${branch}` },
      }),
    )
  } catch (error) {
    if ((await headOf(client, branch)) !== undefined) throw error
  }
}
