import { ExternalError } from '../../../errors.js'
import type { CommentAuthor } from './author.js'
import type { GitHubClient, Rest } from './client.js'

export interface IssueComment {
  readonly id: number
  readonly body: string
  readonly url: string
  readonly updatedAt: string
  readonly author: CommentAuthor
}

/** The comments of one pull request. */
export interface IssueComments {
  list(): Promise<readonly IssueComment[]>
  create(body: string): Promise<IssueComment>
  /** False where the comment is there no more. */
  update(id: number, body: string): Promise<boolean>
  remove(id: number): Promise<void>
}

const NEEDS = 'pull-requests: write'
const PER_PAGE = 100

export function createIssueComments(client: GitHubClient, pullRequest: number): IssueComments {
  const { owner, repo } = client
  const issue = { owner, repo, issue_number: pullRequest }
  const page = (number: number) => (rest: Rest) =>
    rest.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...issue,
      per_page: PER_PAGE,
      page: number,
    })
  return {
    async list() {
      const all: IssueComment[] = []
      for (let number = 1; ; number++) {
        const answer = await client.call(NEEDS, page(number))
        all.push(...answer.data.map(fromAnswer))
        const isLast = !/rel="?next"?/.test(answer.headers.link ?? '')
        if (isLast || answer.data.length === 0) return all
      }
    },
    async create(body) {
      const answer = await client.call(NEEDS, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...issue,
          body,
        }),
      )
      return fromAnswer(answer.data)
    },
    update: (id, body) =>
      unlessGone(async () => {
        await client.call(NEEDS, (rest) =>
          rest.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            owner,
            repo,
            comment_id: id,
            body,
          }),
        )
      }),
    async remove(id) {
      await unlessGone(async () => {
        await client.call(NEEDS, (rest) =>
          rest.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            owner,
            repo,
            comment_id: id,
          }),
        )
      })
    },
  }
}

async function unlessGone(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof ExternalError && error.details.status === 404) return false
    throw error
  }
}

interface CommentAnswer {
  readonly id: number | bigint
  readonly body?: string | undefined
  readonly html_url: string
  readonly updated_at: string
  readonly user: { readonly login: string; readonly type: string } | null
  readonly performed_via_github_app?: object | null | undefined
}

function fromAnswer(answer: CommentAnswer): IssueComment {
  return {
    id: Number(answer.id),
    body: answer.body ?? '',
    url: answer.html_url,
    updatedAt: answer.updated_at,
    author: {
      login: answer.user?.login ?? '',
      type: answer.user?.type ?? '',
      viaApp: (answer.performed_via_github_app ?? null) !== null,
    },
  }
}
