import type { DeploySection } from '../../config/deploy.js'
import type { Backend } from '../../ports/traffic.js'
import type { JobContext } from '../../runtime/job.js'
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
}

/** What the new version is called in the traffic. */
export function versionOf({ context, registered }: Pick<Deploy, 'context' | 'registered'>): string {
  return context.settings.backends.canary?.version ?? registered.label
}

/** Who drives a rollout, for people who find it. */
export function ownerOf({ run }: JobContext<DeploySection>): string {
  return run.runUrl ?? run.actor ?? 'a terminal'
}
