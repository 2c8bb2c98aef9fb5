import type { DeploySection } from '../../config/deploy.js'
import type { DeploymentState } from '../../ports/host.js'
import type { JobContext } from '../../runtime/job.js'

/** The forge's record of this deployment; without a forge, one that says nothing. */
export interface DeploymentRecord {
  readonly id: string | undefined
  update(state: DeploymentState, description: string): Promise<void>
}

interface Deployed {
  readonly version: string
  readonly previousVersion: string | null
  readonly digest: string
}

/** Opens the record before anything changes: where the forge refuses it, there is no deployment. */
export async function openDeployment(
  context: JobContext<DeploySection>,
  deployed: Deployed,
): Promise<DeploymentRecord> {
  const { deployments, run, settings, log, project } = context
  const ref = run.headSha ?? run.sha
  if (deployments === undefined || ref === undefined)
    return { id: undefined, update: async () => undefined }
  const { id } = await deployments.create({
    environment: settings.environment,
    ref,
    description: `${project}: ${deployed.version}`,
    payload: { modelway: 1, mode: settings.mode, ...deployed },
  })
  return {
    id,
    update: async (state, description) => {
      // Traffic decides, not its description: what the forge shows is mended by the next update.
      await deployments.update(id, { state, description }).catch((error: unknown) => {
        log.warn(`The deployment record could not be updated: ${String(error)}`)
      })
    },
  }
}
