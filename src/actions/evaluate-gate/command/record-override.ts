import type { GateOverrides } from '../../../config/gate-overrides.js'
import { code, escapeMarkdown } from '../../../domain/report/escape.js'
import { ExternalError } from '../../../errors.js'
import type { Forge, PersonComment, PullRequestFacts, WorkflowRun } from '../../../ports/forge.js'
import { OVERRIDE_CONTEXT, type OverrideForge, readOverrides } from './read-overrides.js'

/** Besides what reading needs: `statuses: write`, `pull-requests: write`, and `actions: write` to run the gate again. */
export type RecordForge = OverrideForge & Pick<Forge, 'runArtifacts'>

export interface Overridden {
  readonly comment: PersonComment
  readonly reason: string
  readonly pull: PullRequestFacts
  readonly policy: GateOverrides
}

/** Records an override that was checked, and runs the gate again once enough people agree. Gives the answer to the comment. */
export async function recordOverride(forge: RecordForge, overridden: Overridden): Promise<string> {
  const { comment, pull, policy, reason } = overridden
  const sha = pull.headSha
  const record = (state: 'success' | 'pending') =>
    forge.statuses.create(sha, {
      state,
      context: OVERRIDE_CONTEXT,
      description: `${comment.author}: ${reason}`,
      targetUrl: comment.url,
    })
  const count = async (): Promise<number> => {
    const { people } = await readOverrides(forge, { sha, pullRequest: pull.number, policy })
    return new Set([...people, comment.author].map((login) => login.toLowerCase())).size
  }
  let people = await count()
  if (people < policy.require) {
    await record('pending')
    // Somebody may have done the same at the same time: of two who look after they wrote, one sees both.
    people = await count()
  }
  const enough = people >= policy.require
  if (enough) await record('success')
  const said = `${escapeMarkdown(comment.author)} overrides the gate for commit ${code(sha.slice(0, 12))}: ${escapeMarkdown(reason)}`
  if (!enough) {
    return `${said}\n\n${people} of ${policy.require} people agree so far; the gate still blocks.`
  }
  return `${said}\n\n${await runAgain(forge, sha)} The verdict itself stays what the numbers say; a later commit is not overridden.`
}

/** Runs the failed jobs of the gate's runs again, so that they see the override. */
async function runAgain(forge: RecordForge, sha: string): Promise<string> {
  try {
    const gates = await failedGates(forge, sha)
    if (gates.length === 0) return 'No failed run of the gate was found: run it again by hand.'
    for (const { id } of gates) await forge.runs.rerunFailed(id)
    return `The gate runs again (${gates.map(({ id }) => `run ${id}`).join(', ')}).`
  } catch (error) {
    if (!(error instanceof ExternalError)) throw error
    return 'Run the failed job of the gate again by hand: this workflow may not (it needs `actions: write`).'
  }
}

/** Names under which a job of the gate leaves its report or its verdict. */
const GATE_ARTIFACT = /^modelway-(?:evaluate-gate|verdict)(?:-|$)/

/** The newest run of each workflow for the commit, if it failed and a gate was in it: other failures are not ours to repeat. */
async function failedGates(forge: RecordForge, sha: string): Promise<readonly WorkflowRun[]> {
  const newest = new Map<string, WorkflowRun>()
  for (const run of await forge.runs.ofCommit(sha, { event: 'pull_request' })) {
    if (!newest.has(run.path)) newest.set(run.path, run)
  }
  const gates: WorkflowRun[] = []
  for (const run of newest.values()) {
    if (run.conclusion !== 'failure') continue
    const artifacts = await forge.runArtifacts.ofRun(run.id)
    if (artifacts.some(({ name }) => GATE_ARTIFACT.test(name))) gates.push(run)
  }
  return gates
}
