import { ExternalError } from '../../../errors.js'
import type { GitHubClient } from './client.js'

export interface CommentAuthor {
  readonly login: string
  readonly type: string
  /** The comment was written by a GitHub App. */
  readonly viaApp: boolean
}

/**
 * Tells our own comments from those in which somebody else copied the marker. A person's token
 * says its login. An installation's token (GITHUB_TOKEN, a GitHub App) gets 403 from GET /user and
 * cannot ask for its name, so that every comment of github-actions[bot] or of another App's bot
 * counts as ours: a bot that writes our marker at the start of its comment is us, and a person can
 * never be a bot.
 */
export async function createIsOurs(
  client: GitHubClient,
): Promise<(author: CommentAuthor) => boolean> {
  const login = await loginOf(client)
  if (login === undefined) {
    return ({ type, login: author, viaApp }) =>
      type === 'Bot' && (author === 'github-actions[bot]' || viaApp)
  }
  return (author) => author.login.toLowerCase() === login.toLowerCase()
}

async function loginOf(client: GitHubClient): Promise<string | undefined> {
  try {
    const answer = await client.call('metadata: read', (rest) => rest.request('GET /user'))
    return answer.data.login
  } catch (error) {
    if (error instanceof ExternalError && error.details.status === 403) return undefined
    throw error
  }
}
