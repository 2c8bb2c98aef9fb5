import type { GateOverrides } from '../../../config/gate-overrides.js'
import type { Forge, People, PersonComment, PullRequestFacts } from '../../../ports/forge.js'

const WRITERS: readonly string[] = ['admin', 'maintain', 'write']

/** A clock may tick between the two dates of a comment that nobody has touched. */
const TICK = 1000

/** Why a comment is not taken at all; undefined when it is: a person's, on this pull request, as it was first written. */
export function commentProblem(
  comment: PersonComment | undefined,
  pullRequest: number,
): string | undefined {
  if (comment === undefined) return 'The comment was deleted.'
  if (comment.issue !== pullRequest) return 'The comment is on another pull request.'
  if (comment.isBot) return 'The comment was written by a bot.'
  return Date.parse(comment.updatedAt) - Date.parse(comment.createdAt) > TICK
    ? 'The comment was edited after it was written. Write a new one.'
    : undefined
}

/** Why somebody may not start an evaluation; undefined when they may. */
export async function evaluateProblem(
  login: string,
  people: Pick<People, 'permissionOf'>,
): Promise<string | undefined> {
  const permission = await people.permissionOf(login)
  return WRITERS.includes(permission)
    ? undefined
    : 'Only people with write permission in this repository may do this.'
}

export interface Overriding {
  readonly login: string
  readonly pull: PullRequestFacts
  readonly policy: GateOverrides | undefined
}

/** Why somebody may not override the gate; undefined when they may. */
export async function overrideProblem(
  { login, pull, policy }: Overriding,
  people: Forge['people'],
): Promise<string | undefined> {
  if (policy === undefined || policy.allow.length === 0) {
    return 'The gate cannot be overridden: gate.overrides.allow on the base branch names nobody.'
  }
  if (!policy.author && same(login, pull.author)) {
    return 'The author of a pull request may not override its gate.'
  }
  const missing = await evaluateProblem(login, people)
  if (missing !== undefined) return missing
  return isAllowed(login, policy.allow, people)
}

async function isAllowed(
  login: string,
  allow: readonly string[],
  people: Pick<People, 'isMember'>,
): Promise<string | undefined> {
  const logins = allow.filter((name) => !name.includes('/'))
  if (logins.some((name) => same(name.replace(/^@/, ''), login))) return undefined
  let unknown = false
  for (const team of allow.filter((name) => name.includes('/'))) {
    const member = await people.isMember(team.replace(/^@/, ''), login)
    if (member === true) return undefined
    unknown ||= member === undefined
  }
  const hint = unknown
    ? ' A team could not be looked up: the token needs `members: read` of the organisation.'
    : ''
  return `gate.overrides.allow on the base branch does not name this person.${hint}`
}

/** Logins are compared without their case, as GitHub does. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}
