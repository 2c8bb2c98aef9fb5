import type { Speaker } from '../../domain/permission.js'
import type { Conversation, People, PersonComment } from '../../ports/forge.js'
import { commentProblem } from '../../runtime/person-comment.js'

/** What the forge says of a person now; it is never remembered, since permissions are taken away, too. */
export async function speakerOf(
  people: People,
  login: string,
  team: string | undefined,
): Promise<Speaker> {
  const permission = await people.permissionOf(login)
  const inTeam = team === undefined ? undefined : await people.isMember(team, login)
  return { permission, inTeam }
}

/**
 * Why a comment that was read in a list is not taken any more: it is read again after everything else about it was found out,
 * so that an edit meanwhile is not overlooked.
 */
export async function changedSince(
  conversation: Pick<Conversation, 'comment'>,
  seen: PersonComment,
): Promise<string | undefined> {
  const now: PersonComment | undefined = await conversation.comment(seen.id)
  const problem = commentProblem(now, seen.issue)
  if (problem !== undefined) return problem
  return now?.body === seen.body && now.author === seen.author
    ? undefined
    : 'The comment was edited after it was written. Write a new one.'
}
