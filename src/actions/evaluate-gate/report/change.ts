import type { PullRequestFacts, PullRequests } from '../../../ports/forge.js'
import type { TriggeringRun } from '../../../ports/host.js'

/** The pull request that a run was for, or why there is none to report to. */
export type Change =
  | { readonly pull: PullRequestFacts; readonly why?: undefined }
  | { readonly pull?: undefined; readonly why: string }

/**
 * Finds the one open pull request whose head is the run's commit, from the run's repository and branch. It is asked of the
 * forge: the event names none for a fork, and what the run uploaded could name any.
 */
export async function findChange(
  triggering: TriggeringRun,
  pulls: Pick<PullRequests, 'ofBranch'>,
): Promise<Change> {
  const { event, headRepository, headRef, headSha } = triggering
  if (event !== 'pull_request') {
    return { why: `The run was for ${event ?? 'an unknown event'}, not for a pull request.` }
  }
  if (headRepository === undefined || headRef === undefined) {
    return { why: "The pull request's repository or branch is there no more." }
  }
  const found = await pulls.ofBranch(headRepository, headRef)
  const exact = found.filter((pull) => pull.open && pull.headSha === headSha)
  const [pull, ...others] = exact
  if (pull !== undefined && others.length === 0) return { pull }
  if (pull !== undefined) {
    const numbers = exact.map(({ number }) => `#${number}`).join(', ')
    return {
      why: `The commit is the head of several pull requests (${numbers}): whose verdict it is cannot be told.`,
    }
  }
  return found.length > 0
    ? { why: `The verdict is older than the pull request's head: it is for ${headSha}.` }
    : { why: 'No open pull request has this branch.' }
}
