import type {
  EnvironmentFacts,
  EnvironmentReview,
  EnvironmentRules,
  Forge,
} from '../../../ports/forge.js'
import { sameLogin } from '../../../runtime/person-comment.js'
import type { ApprovalRecord } from './record.js'

export interface EnvironmentQuestion {
  readonly forge: Pick<Forge, 'environments'>
  readonly environment: string
  readonly runId: number
  /** From the second on, a rejection may be an earlier attempt's. */
  readonly attempt: number
  readonly commit: string | undefined
  /** Who made the change or started the run, where they may not approve. */
  readonly excluded: readonly string[]
  readonly now: () => Date
}

/** What the environment of the forge says about this run. */
export type EnvironmentAnswer =
  | { readonly kind: 'approved'; readonly approvals: readonly ApprovalRecord[] }
  | { readonly kind: 'denied'; readonly by: string; readonly reason: string }
  /** It has nobody who could be asked. */
  | { readonly kind: 'no-reviewers'; readonly why: string }
  /** It has, and none of them approved this run. */
  | { readonly kind: 'not-reviewed'; readonly rules: EnvironmentRules }
  /** Only people who may not approved it. */
  | { readonly kind: 'self-approved'; readonly by: string }

/** Asks the forge for the environment's rules and for the run's reviews. Throws ExternalError where it does not answer. */
export async function askEnvironment(question: EnvironmentQuestion): Promise<EnvironmentAnswer> {
  const { forge, environment, runId, attempt, excluded } = question
  const facts = await forge.environments.rulesOf(environment)
  if (facts.kind !== 'known' || facts.rules.reviewers.length === 0) {
    return { kind: 'no-reviewers', why: whyNone(facts) }
  }
  const reviews = await forge.environments.reviewsOf(runId, environment)
  const rejected = reviews.find(({ state }) => state === 'rejected')
  const approved = reviews.filter(({ state }) => state === 'approved')
  if (rejected !== undefined && (attempt <= 1 || approved.length === 0)) {
    return { kind: 'denied', by: rejected.by, reason: rejected.comment }
  }
  const [first] = approved
  if (first === undefined) return { kind: 'not-reviewed', rules: facts.rules }
  const counted = approved.filter(({ by }) => !excluded.some((login) => sameLogin(login, by)))
  if (counted.length === 0) return { kind: 'self-approved', by: first.by }
  return { kind: 'approved', approvals: counted.map((one) => toRecord(question, facts.rules, one)) }
}

function whyNone(facts: EnvironmentFacts): string {
  switch (facts.kind) {
    case 'absent':
      return 'there is no such environment in the repository'
    case 'unavailable':
      return `this repository's plan has no such rules (${facts.why})`
    case 'known':
      return 'it has no required reviewers'
  }
}

function toRecord(
  { environment, commit, now }: EnvironmentQuestion,
  rules: EnvironmentRules,
  { by, comment }: EnvironmentReview,
): ApprovalRecord {
  return {
    environment,
    by,
    at: now().toISOString(),
    via: 'environment',
    rule: ruleWords(rules),
    ...(comment === '' ? {} : { comment }),
    url: rules.url,
    ...(commit === undefined ? {} : { commit }),
  }
}

/** The environment's rules in a sentence. */
function ruleWords({
  reviewers,
  preventsSelfReview,
  waitMinutes,
  branches,
  others,
}: EnvironmentRules): string {
  const names = reviewers.map(({ kind, name }) => (kind === 'team' ? `team ${name}` : name))
  return [
    `required reviewers: ${names.join(', ')}`,
    preventsSelfReview === true ? 'no self-review' : '',
    waitMinutes > 0 ? `wait of ${waitMinutes} minutes` : '',
    branches === 'all' ? '' : `branches: ${branches}`,
    ...others,
  ]
    .filter((part) => part !== '')
    .join('; ')
}
