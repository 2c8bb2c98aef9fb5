import type { Forge, PullRequestFacts, WorkflowRun } from '../../../ports/forge.js'

/** What of the forge the guard needs: `actions: read` and `pull-requests: read`. */
export type HeadForge = Pick<Forge, 'runs' | 'pulls'>

/** Which commit a comment was about, as far as the person who wrote it can have seen. */
export interface SeenHead {
  readonly pull: PullRequestFacts
  readonly sha: string
  /** When the comment was written: the forge's clock. */
  readonly commentedAt: string
  /** The commit that the comment itself names. */
  readonly named: string | undefined
}

/**
 * Why a comment cannot be taken for a word on this commit; undefined when it can. A comment names no commit, so that one
 * pushed between comment and answer could slip in. Commits' own dates are written by whoever makes them; the dates of runs and
 * of force-pushes are the forge's. So: a run of the branch for this commit is older than the comment, no run of the branch
 * since is for another commit, and the branch was not rewritten since. A commit that the comment names in full needs none.
 */
export async function headProblem(seen: SeenHead, forge: HeadForge): Promise<string | undefined> {
  const { pull, sha, named } = seen
  if (named !== undefined) {
    return named === sha ? undefined : `The comment names ${named}, but the head is ${sha}.`
  }
  const commented = Date.parse(seen.commentedAt)
  const before = (await forge.runs.ofCommit(sha)).filter(
    (run) => isOfHead(run, pull) && Date.parse(run.createdAt) < commented,
  )
  const [run] = before
  if (run === undefined || pull.headRepository === undefined) {
    return `No workflow run for ${sha} is older than the comment: the commit may have been pushed after it was written.`
  }
  const since = Date.parse(run.createdAt)
  const runs = await forge.runs.ofBranch(pull.headRepository, pull.headRef, run.createdAt)
  if (runs.some(({ headSha }) => headSha !== sha)) {
    return `The branch had another head than ${sha} in the meantime.`
  }
  const rewrites = await forge.pulls.headRewrites(pull.number)
  return rewrites.some((at) => Date.parse(at) > since)
    ? `The branch was force-pushed, deleted or restored since the first run for ${sha}.`
    : undefined
}

function isOfHead(run: WorkflowRun, { headRef, headRepository }: PullRequestFacts): boolean {
  return (
    run.headRef === headRef &&
    headRepository !== undefined &&
    run.headRepository?.toLowerCase() === headRepository.toLowerCase()
  )
}
