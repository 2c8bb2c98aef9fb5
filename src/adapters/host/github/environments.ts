import { ExternalError } from '../../../errors.js'
import type { EnvironmentFacts, EnvironmentReviewer, Environments } from '../../../ports/forge.js'
import type { GitHubClient } from './client.js'

const NEEDS = 'actions: read'

/** Rules of environments, and the reviews of runs that asked for one. */
export function createEnvironments(client: GitHubClient): Environments {
  const { owner, repo } = client
  return {
    async rulesOf(environment) {
      try {
        const answer = await client.call(NEEDS, (rest) =>
          rest.request('GET /repos/{owner}/{repo}/environments/{environment_name}', {
            ...{ owner, repo, environment_name: environment },
          }),
        )
        return { kind: 'known', rules: fromAnswer(answer.data) }
      } catch (error) {
        return withoutRules(error)
      }
    },
    async reviewsOf(runId, environment) {
      const answer = await client.call(NEEDS, (rest) =>
        rest.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals', {
          ...{ owner, repo, run_id: runId },
        }),
      )
      return answer.data
        .filter(({ environments }) =>
          environments.some(({ name }) => sameName(name ?? '', environment)),
        )
        .map(({ state, user, comment }) => ({
          state: state === 'approved' || state === 'rejected' ? state : 'pending',
          by: user?.login ?? '',
          comment: comment ?? '',
        }))
    },
  }
}

/** GitHub keeps one environment for all spellings of a name. */
function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/**
 * Where GitHub says that there are no rules. A token that may not look is something else: its error is thrown, since it says
 * nothing about the environment.
 */
function withoutRules(error: unknown): EnvironmentFacts {
  if (!(error instanceof ExternalError)) throw error
  const { status, what } = error.details
  if (status === 404) return { kind: 'absent' }
  if (status === 422 || (status === 403 && PLAN.test(what))) {
    return { kind: 'unavailable', why: what }
  }
  throw error
}

/** GitHub's words where a plan lacks something. */
const PLAN = /\bupgrade\b|\bplan\b|make this repository public/i

interface RuleAnswer {
  readonly type: string
  readonly wait_timer?: number | undefined
  /** Older Enterprise Servers do not say it. */
  readonly prevent_self_review?: boolean | undefined
  readonly reviewers?: readonly ReviewerAnswer[] | undefined
}

interface ReviewerAnswer {
  readonly type?: string | undefined
  readonly reviewer?: { readonly login?: string; readonly slug?: string } | undefined
}

interface EnvironmentAnswer {
  readonly html_url: string
  readonly protection_rules?: readonly RuleAnswer[] | undefined
  readonly deployment_branch_policy?:
    | { readonly protected_branches: boolean; readonly custom_branch_policies: boolean }
    | null
    | undefined
}

const TOLD = ['required_reviewers', 'wait_timer', 'branch_policy']

function fromAnswer(answer: EnvironmentAnswer) {
  const rules = answer.protection_rules ?? []
  const required = rules.filter(({ type }) => type === 'required_reviewers')
  const reviewers = required.flatMap((rule) => rule.reviewers ?? []).map(toReviewer)
  return {
    reviewers: reviewers.filter(({ name }) => name !== ''),
    preventsSelfReview: required[0]?.prevent_self_review,
    waitMinutes: Math.max(0, ...rules.map((rule) => rule.wait_timer ?? 0)),
    branches: branchesOf(answer),
    others: rules.map(({ type }) => type).filter((type) => !TOLD.includes(type)),
    url: answer.html_url,
  }
}

function toReviewer({ type, reviewer }: ReviewerAnswer): EnvironmentReviewer {
  return type === 'Team'
    ? { kind: 'team', name: reviewer?.slug ?? '' }
    : { kind: 'user', name: reviewer?.login ?? '' }
}

function branchesOf({ deployment_branch_policy: policy }: EnvironmentAnswer) {
  if (policy === null || policy === undefined) return 'all' as const
  return policy.protected_branches ? ('protected' as const) : ('patterns' as const)
}
