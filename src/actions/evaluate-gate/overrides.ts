import type { GateSection } from '../../config/gate.js'
import type { Override } from '../../domain/gate/verdict.js'
import { ExternalError } from '../../errors.js'
import type { JobContext } from '../../runtime/job.js'
import type { Change } from './change.js'
import { readOverridePolicy } from './command/override-policy.js'
import { readOverrides } from './command/read-overrides.js'

/**
 * The overrides that count for the commit that is judged. Who may override is the base branch's to say: a change could write
 * itself in. Where nothing can be known, nothing is overridden.
 */
export async function overridesOf(
  { forge, configFile, log }: JobContext<GateSection>,
  { pullRequest, commit: sha, baseRef }: Change,
): Promise<readonly Override[]> {
  if (forge === undefined || pullRequest === undefined) return []
  if (sha === undefined || baseRef === undefined) return []
  try {
    const path = configFile ?? 'modelway.yml'
    const policy = await readOverridePolicy(forge.files, { ref: `refs/heads/${baseRef}`, path })
    const { overrides, refused } = await readOverrides(forge, { sha, pullRequest, policy })
    for (const reason of refused) log.warn(`An override does not count. ${reason}`)
    return overrides
  } catch (error) {
    const denied = error instanceof ExternalError && error.details.retryable === false
    // A token that may not look is the rule where nobody overrides; anything else, somebody should know.
    log[denied ? 'debug' : 'warn'](
      `Overrides were not looked up, and none counts: ${textOf(error)}`,
    )
    return []
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
