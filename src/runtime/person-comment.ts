import type { PersonComment } from '../ports/forge.js'

/** A clock may tick between the two dates of a comment that nobody has touched. */
const TICK = 1000

/** Why a comment is not taken at all; undefined when it is: a person's, on this thread, as it was first written. */
export function commentProblem(
  comment: PersonComment | undefined,
  thread: number,
): string | undefined {
  if (comment === undefined) return 'The comment was deleted.'
  if (comment.issue !== thread) return 'The comment is on another pull request.'
  if (comment.isBot) return 'The comment was written by a bot.'
  return isEdited(comment)
    ? 'The comment was edited after it was written. Write a new one.'
    : undefined
}

/** Whether somebody changed a comment: whoever may write in the repository can change everybody's, ours too. */
export function isEdited({
  createdAt,
  updatedAt,
}: Pick<PersonComment, 'createdAt' | 'updatedAt'>): boolean {
  return Date.parse(updatedAt) - Date.parse(createdAt) > TICK
}

/** Logins are compared without their case, as GitHub does. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
