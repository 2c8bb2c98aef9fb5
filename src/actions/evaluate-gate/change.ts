import type { GateSection } from '../../config/gate.js'
import type { History } from '../../ports/source-code.js'
import type { JobContext } from '../../runtime/job.js'

/** The change that is judged: of a pull request its head and base, else the run's own commit. */
export interface Change {
  readonly commit: string | undefined
  readonly pullRequest: number | undefined
  /** The base branch, and its commit; undefined without a pull request. */
  readonly baseRef: string | undefined
  readonly baseSha: string | undefined
}

/**
 * What this run judges. A run for a comment (`/evaluate`) is on the default branch, whatever it checked out: its change is the
 * commit that is checked out, for the pull request that the comment is on.
 */
export async function changeOf(
  { run, forge, workspace }: JobContext<GateSection>,
  history: History,
): Promise<Change> {
  const { pullRequest } = run
  if (run.event !== 'issue_comment' || pullRequest === undefined) {
    const { baseRef, baseSha } = run
    return { commit: run.headSha ?? run.sha, pullRequest, baseRef, baseSha }
  }
  const pull = await forge?.pulls.get(pullRequest)
  return {
    commit: await history.resolve(workspace.root, 'HEAD'),
    pullRequest,
    baseRef: pull?.baseRef,
    baseSha: pull?.baseSha,
  }
}
