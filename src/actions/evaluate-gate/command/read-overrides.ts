import type { GateOverrides } from '../../../config/gate-overrides.js'
import type { Override } from '../../../domain/gate/verdict.js'
import { ExternalError } from '../../../errors.js'
import type { Forge, PersonComment, PullRequestFacts } from '../../../ports/forge.js'
import { commentProblem } from '../../../runtime/person-comment.js'
import { headProblem } from './head-guard.js'
import { parseCommand } from './parse.js'
import { overrideProblem } from './permission.js'

/** The commit status in which overrides are kept: `target_url` is the comment. */
export const OVERRIDE_CONTEXT = 'modelway/override'

/** So many comments are looked up; a commit that has more statuses than this was flooded. */
const MOST = 50

/** What of the forge reading needs: `statuses: read`, `pull-requests: read` and `actions: read`. */
export type OverrideForge = Pick<Forge, 'pulls' | 'runs' | 'people' | 'conversation' | 'statuses'>

export interface OverrideQuestion {
  readonly sha: string
  readonly pullRequest: number
  /** From the base branch: see readOverridePolicy. */
  readonly policy: GateOverrides | undefined
}

export interface FoundOverrides {
  /** Those that count, one a person, oldest first; empty until as many as the policy requires agree. */
  readonly overrides: readonly Override[]
  /** People who may override and did, whether or not they are enough. */
  readonly people: readonly string[]
  /** What was recorded and does not count, or could not be read, each with the reason. */
  readonly refused: readonly string[]
}

/**
 * The overrides of a commit that count now. Whoever may write a commit status can write this one, so that a status is only a
 * pointer: each comment is fetched again, and author, permission, policy, text, and the commit it was about are checked again.
 */
export async function readOverrides(
  forge: OverrideForge,
  question: OverrideQuestion,
): Promise<FoundOverrides> {
  const { policy } = question
  if (policy === undefined || policy.allow.length === 0) return NONE
  try {
    return await read(forge, { ...question, policy })
  } catch (error) {
    // Without an answer nothing is overridden; the decision stands.
    if (!(error instanceof ExternalError)) throw error
    return { ...NONE, refused: [`Overrides could not be read: ${error.message}`] }
  }
}

const NONE: FoundOverrides = { overrides: [], people: [], refused: [] }

async function read(
  forge: OverrideForge,
  question: OverrideQuestion & { readonly policy: GateOverrides },
): Promise<FoundOverrides> {
  const ids = await recordedComments(forge, question.sha)
  const pull = ids.length === 0 ? undefined : await forge.pulls.get(question.pullRequest)
  if (pull === undefined) return NONE
  const byPerson = new Map<string, Override>()
  const refused: string[] = []
  for (const id of ids) {
    const comment = await forge.conversation.comment(id)
    const checked = await check(forge, { comment, pull, question })
    if (typeof checked === 'string') refused.push(`Comment ${id}: ${checked}`)
    else if (!byPerson.has(checked.by.toLowerCase()))
      byPerson.set(checked.by.toLowerCase(), checked)
  }
  const counted = [...byPerson.values()]
  return {
    overrides: counted.length >= question.policy.require ? counted : [],
    people: counted.map(({ by }) => by),
    refused,
  }
}

/** The ids of the comments that statuses of the commit point to, oldest first. */
async function recordedComments(forge: OverrideForge, sha: string): Promise<readonly number[]> {
  const ids = (await forge.statuses.list(sha))
    .filter(({ context }) => context === OVERRIDE_CONTEXT)
    .map(({ targetUrl }) => Number(/#issuecomment-(\d{1,15})$/.exec(targetUrl ?? '')?.[1] ?? 0))
    .filter((id) => id > 0)
  return [...new Set(ids)].sort((a, b) => a - b).slice(0, MOST)
}

interface Recorded {
  readonly comment: PersonComment | undefined
  readonly pull: PullRequestFacts
  readonly question: OverrideQuestion
}

/** The override that a comment is, or why it is none. */
async function check(
  forge: OverrideForge,
  { comment, pull, question: { sha, policy } }: Recorded,
): Promise<Override | string> {
  if (comment === undefined) return 'The comment was deleted.'
  const command = parseCommand(comment.body)
  if (command?.name !== 'override') return 'The comment is no override.'
  const { author: login, createdAt, url } = comment
  const problem =
    commentProblem(comment, pull.number) ??
    (await overrideProblem({ login, pull, policy }, forge.people)) ??
    (await headProblem({ pull, sha, commentedAt: createdAt, named: command.commit }, forge))
  if (problem !== undefined) return problem
  return { by: login, reason: command.reason, at: createdAt, url, commit: sha }
}
