import type { Conversation, PersonComment } from '../../../ports/forge.js'
import { ifThere, PER_PAGE, readPages } from './answers.js'
import type { GitHubClient } from './client.js'

const READ = 'pull-requests: read'
const WRITE = 'pull-requests: write'

/** People's comments, and short answers to them. `hide` takes secrets out of what is written. */
export function createConversation(
  client: GitHubClient,
  hide: (text: string) => string,
): Conversation {
  const { owner, repo } = client
  return {
    comment: (id) =>
      ifThere(async () => {
        const answer = await client.call(READ, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            ...{ owner, repo, comment_id: id },
          }),
        )
        return fromAnswer(answer.data)
      }),
    async commentsOf(issue) {
      const all = await readPages((page) =>
        client.call(READ, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            ...{ owner, repo, issue_number: issue, per_page: PER_PAGE, page },
          }),
        ),
      )
      return all.map(fromAnswer)
    },
    async reply(issue, markdown) {
      await client.call(WRITE, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
          ...{ owner, repo, issue_number: issue, body: hide(markdown) },
        }),
      )
    },
    async react(commentId, reaction) {
      await client.call(WRITE, (rest) =>
        rest.request('POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions', {
          ...{ owner, repo, comment_id: commentId, content: reaction },
        }),
      )
    },
  }
}

interface CommentAnswer {
  readonly id: number | bigint
  readonly body?: string | undefined
  readonly html_url: string
  readonly issue_url: string
  readonly created_at: string
  readonly updated_at: string
  readonly user: { readonly login: string; readonly type: string } | null
}

function fromAnswer(answer: CommentAnswer): PersonComment {
  return {
    id: Number(answer.id),
    issue: Number(/\/(\d+)$/.exec(answer.issue_url)?.[1] ?? 0),
    body: answer.body ?? '',
    author: answer.user?.login ?? '',
    isBot: answer.user?.type === 'Bot',
    createdAt: answer.created_at,
    updatedAt: answer.updated_at,
    url: answer.html_url,
  }
}
