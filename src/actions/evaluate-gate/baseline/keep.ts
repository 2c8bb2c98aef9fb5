import type { GateSection } from '../../../config/gate.js'
import { keptBaselineName } from '../../../domain/lineage/kept-baseline.js'
import type { RunFacts } from '../../../ports/host.js'
import type { JobContext, Keep } from '../../../runtime/job.js'
import type { Candidate } from '../candidate.js'

/** Events whose runs are of code that is on a branch here: a fork's pull request can keep nothing for us. */
export const TRUSTED_EVENTS: ReadonlySet<string> = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'merge_group',
])

/** Whether a run is one whose predictions later changes are compared with. */
export function keepsBaselines({ event, pullRequest }: RunFacts): boolean {
  return pullRequest === undefined && event !== undefined && TRUSTED_EVENTS.has(event)
}

/** What a run on a branch keeps for the changes that begin there, where the baseline is a reference. */
export function keptBaseline(
  { settings, run, project }: JobContext<GateSection>,
  { file }: Candidate,
): Keep | undefined {
  if (file?.kind !== 'predictions' || !settings.baseline.startsWith('ref:') || !keepsBaselines(run))
    return undefined
  return { name: keptBaselineName(project), files: [file.path] }
}
