import type { CommitStatus, CommitStatuses } from '../../../ports/forge.js'
import { PER_PAGE, readPages } from './answers.js'
import type { GitHubClient } from './client.js'

/** GitHub refuses a longer description. */
const LONGEST = 140
const STATES = ['error', 'failure', 'pending', 'success'] as const

/** Statuses of commits. `hide` takes secrets out of what is written. */
export function createCommitStatuses(
  client: GitHubClient,
  hide: (text: string) => string,
): CommitStatuses {
  const { owner, repo } = client
  return {
    async list(sha) {
      const all = await readPages((page) =>
        client.call('statuses: read', (rest) =>
          rest.request('GET /repos/{owner}/{repo}/commits/{ref}/statuses', {
            ...{ owner, repo, ref: sha, per_page: PER_PAGE, page },
          }),
        ),
      )
      return all.map(fromAnswer)
    },
    async create(sha, { state, context, description, targetUrl }) {
      await client.call('statuses: write', (rest) =>
        rest.request('POST /repos/{owner}/{repo}/statuses/{sha}', {
          ...{ owner, repo, sha, state, context, description: cut(hide(description)) },
          ...(targetUrl === undefined ? {} : { target_url: targetUrl }),
        }),
      )
    },
  }
}

function cut(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ').trim()]
  return characters.length <= LONGEST
    ? characters.join('')
    : `${characters.slice(0, LONGEST - 1).join('')}…`
}

interface StatusAnswer {
  readonly state: string
  readonly context: string
  readonly description: string | null
  readonly target_url: string | null
  readonly created_at: string
}

function fromAnswer(answer: StatusAnswer): CommitStatus {
  return {
    state: STATES.find((one) => one === answer.state) ?? 'error',
    context: answer.context,
    description: answer.description ?? '',
    targetUrl: answer.target_url ?? undefined,
    createdAt: answer.created_at,
  }
}
