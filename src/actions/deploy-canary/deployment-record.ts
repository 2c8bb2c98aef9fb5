import type { DeploySection } from '../../config/deploy.js'
import type { DeploymentState, Deployments, Log } from '../../ports/host.js'
import type { JobContext } from '../../runtime/job.js'
import { isBegun } from './found.js'

/** The forge's record of this deployment; without a forge, one that says nothing. */
export interface DeploymentRecord {
  readonly id: string | undefined
  update(state: DeploymentState, description: string): Promise<void>
}

interface Deployed {
  readonly version: string
  readonly previousVersion: string | null
  readonly digest: string
  /** The record of a rollout that goes on; undefined: a new one. */
  readonly id?: string | undefined
}

const SILENT: DeploymentRecord = { id: undefined, update: async () => undefined }

/**
 * Opens the record before anything changes: where the forge refuses it, there is no deployment. A rollback goes on
 * without one.
 */
export async function openDeployment(
  context: JobContext<DeploySection>,
  deployed: Deployed,
): Promise<DeploymentRecord> {
  const { deployments, run, settings, log, project } = context
  const { id: begun, ...facts } = deployed
  if (deployments !== undefined && begun !== undefined) return recordIn(deployments, log, begun)
  const ref = run.headSha ?? run.sha
  if (deployments === undefined || ref === undefined) return SILENT
  const request = {
    environment: settings.environment,
    ref,
    description: `${project}: ${facts.version}`,
    payload: { modelway: 1, mode: settings.mode, ...facts },
  }
  const created = await deployments.create(request).catch((error: unknown) => {
    // The way back must not depend on the forge.
    if (!isBegun(settings.mode)) throw error
    log.warn(`There is no deployment record of this ${settings.mode}: ${String(error)}`)
    return undefined
  })
  return created === undefined ? SILENT : recordIn(deployments, log, created.id)
}

function recordIn(deployments: Deployments, log: Log, id: string): DeploymentRecord {
  // One after the other: a late "in progress" must not be the last word.
  let last = Promise.resolve()
  return {
    id,
    update: (state, description) => {
      // Traffic decides, not its description: what the forge shows is mended by the next update.
      last = last.then(() =>
        deployments.update(id, { state, description }).catch((error: unknown) => {
          log.warn(`The deployment record could not be updated: ${String(error)}`)
        }),
      )
      return last
    },
  }
}
