import type { DeploySection } from '../../config/deploy.js'
import type { Backend } from '../../ports/traffic.js'
import type { JobContext } from '../../runtime/job.js'
import type { RolloutPredicate } from '../../statements/schemas/rollout.js'
import type { DeploymentRecord } from './deployment-record.js'
import type { DeployPorts } from './ports.js'
import type { Probing } from './probe/probing.js'
import type { Registered } from './registered.js'

/** All that a deployment knows before it changes anything. */
export interface Deploy {
  readonly context: JobContext<DeploySection>
  readonly ports: DeployPorts
  readonly registered: Registered
  readonly stateDir: string
  readonly known: Backend | undefined
  readonly deployment: DeploymentRecord
  readonly probing: Probing
  /** Of this run, or of the one that began what goes on. */
  readonly approvals: RolloutPredicate['approvals']
}

/** What the new version is called in the traffic. */
export function versionOf({ context, registered }: Pick<Deploy, 'context' | 'registered'>): string {
  return context.settings.backends.canary?.version ?? registered.label
}

/** The commit that is deployed: the one that the rollout began with, else this run's. */
export function commitOf({
  context: { run },
  registered,
}: Pick<Deploy, 'context' | 'registered'>): string | undefined {
  return registered.facts.commit ?? run.headSha ?? run.sha
}

/** Who drives a rollout, for people who find it. */
export function ownerOf({ run }: JobContext<DeploySection>): string {
  return run.runUrl ?? run.actor ?? 'a terminal'
}
