import type { Conversation, PersonComment } from '../../../ports/forge.js'
import { ifThere, PER_PAGE, readPages } from './answers.js'
import { createIsOurs } from './author.js'
import type { GitHubClient } from './client.js'

const READ = 'pull-requests: read (issues: read for an issue)'
const WRITE = 'pull-requests: write (issues: write for an issue)'

/** People's comments, and short answers to them. `hide` takes secrets out of what is written. */
export function createConversation(
  client: GitHubClient,
  hide: (text: string) => string,
): Conversation {
  const { owner, repo } = client
  let isOurs: ReturnType<typeof createIsOurs> | undefined
  const ours = (): ReturnType<typeof createIsOurs> => {
    // A failure is asked again the next time: nothing may rest on it for a whole run.
    isOurs ??= createIsOurs(client).catch((error: unknown) => {
      isOurs = undefined
      throw error
    })
    return isOurs
  }
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
    async commentsOf(issue, since) {
      const all = await readPages((page) =>
        client.call(READ, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            ...{ owner, repo, issue_number: issue, per_page: PER_PAGE, page },
            ...(since === undefined ? {} : { since }),
          }),
        ),
      )
      if (all.length === 0) return []
      const byUs = await ours()
      return all
        .map((answer) => ({ ...fromAnswer(answer), isOurs: byUs(authorOf(answer)) }))
        .toSorted((a, b) => a.id - b.id)
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
  readonly performed_via_github_app?: object | null | undefined
}

function authorOf({ user, performed_via_github_app: app }: CommentAnswer) {
  return { login: user?.login ?? '', type: user?.type ?? '', viaApp: (app ?? null) !== null }
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
