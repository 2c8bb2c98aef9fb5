import { ExternalError } from '../../../errors.js'
import type { RepositoryWriter, WrittenPull } from '../../../ports/repository-writer.js'
import type { GitHubClient } from './client.js'

const READS = 'pull-requests: read'
const WRITES = 'pull-requests: write'

type BranchPulls = Pick<RepositoryWriter, 'openPull' | 'findPull' | 'pull' | 'closePull' | 'merge'>

/** Pull requests between two branches of one repository. */
export function createBranchPulls(client: GitHubClient): BranchPulls {
  const { owner, repo } = client
  const pull = async (number: number): Promise<WrittenPull> => {
    const answer = await client.call(READS, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
        ...{ owner, repo, pull_number: number },
      }),
    )
    return writtenOf(answer.data)
  }
  const findPull: BranchPulls['findPull'] = async (from, into) => {
    const answer = await client.call(READS, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/pulls', {
        ...{ owner, repo, state: 'open', head: `${owner}:${from}`, base: into, per_page: 100 },
      }),
    )
    const found = answer.data.find(({ head, base }) => head.ref === from && base.ref === into)
    return found && pull(found.number)
  }
  return {
    pull,
    findPull,
    openPull: async ({ from, into, title, body }) => {
      try {
        const answer = await client.call(WRITES, (rest) =>
          rest.request('POST /repos/{owner}/{repo}/pulls', {
            ...{ owner, repo, head: from, base: into, title, body },
          }),
        )
        return writtenOf(answer.data)
      } catch (error) {
        // An attempt whose answer was lost has opened it.
        const there = hasStatus(error, [422]) ? await findPull(from, into) : undefined
        if (there === undefined) throw error
        return there
      }
    },
    closePull: async (number) => {
      await client.call(WRITES, (rest) =>
        rest.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
          ...{ owner, repo, pull_number: number, state: 'closed' },
        }),
      )
    },
    merge: async ({ number, headSha }, method) => {
      try {
        const answer = await client.call('contents: write', (rest) =>
          rest.request('PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge', {
            ...{ owner, repo, pull_number: number, sha: headSha, merge_method: method },
          }),
        )
        return { is: 'merged', commit: answer.data.sha }
      } catch (error) {
        if (!hasStatus(error, [405, 409])) throw error
        const { mergedAs } = await pull(number)
        if (mergedAs !== undefined) return { is: 'merged', commit: mergedAs }
        return { is: 'refused', because: (error as ExternalError).details.what }
      }
    },
  }
}

function hasStatus(error: unknown, statuses: readonly number[]): boolean {
  return error instanceof ExternalError && statuses.includes(error.details.status ?? 0)
}

interface PullAnswer {
  readonly number: number
  readonly html_url: string
  readonly state: string
  readonly merged: boolean
  readonly mergeable: boolean | null
  readonly merge_commit_sha: string | null
  readonly head: { readonly sha: string }
}

/** `mergeable` is null until GitHub has tried it. */
function writtenOf(pull: PullAnswer): WrittenPull {
  const closed = pull.merged ? 'merged' : 'closed'
  return {
    number: pull.number,
    url: pull.html_url,
    state: pull.state === 'open' ? 'open' : closed,
    headSha: pull.head.sha,
    mergedAs: pull.merged ? (pull.merge_commit_sha ?? undefined) : undefined,
    mergeable: pull.mergeable !== false,
  }
}
