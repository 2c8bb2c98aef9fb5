import type { GateOverrides } from '../../../config/gate-overrides.js'
import type { Forge, People, PullRequestFacts } from '../../../ports/forge.js'
import { sameLogin } from '../../../runtime/person-comment.js'

const WRITERS: readonly string[] = ['admin', 'maintain', 'write']

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
  if (!policy.author && sameLogin(login, pull.author)) {
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
  if (logins.some((name) => sameLogin(name.replace(/^@/, ''), login))) return undefined
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
