import type { DeploySection } from '../../config/deploy.js'
import type { DeploymentState, Deployments, Log } from '../../ports/host.js'
import type { JobContext } from '../../runtime/job.js'
import { isBegun } from './found.js'

/** The forge's record of this deployment; without a forge, one that says nothing. */
export interface DeploymentRecord {
  readonly id: string | undefined
  /** Whether an earlier run opened it, for the rollout that is under way. */
  readonly isEarlier?: boolean | undefined
  /** Never throws. `url` is where users send their requests; one that only this machine can reach is not shown. */
  update(state: DeploymentState, description: string, url?: string): Promise<void>
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
  const about = { environment: settings.environment, facts, log }
  if (deployments !== undefined && begun !== undefined) {
    return { ...recordIn(deployments, begun, about), isEarlier: true }
  }
  const ref = run.headSha ?? run.sha
  if (deployments === undefined || ref === undefined) return SILENT
  const request = {
    environment: settings.environment,
    ref,
    description: `${project}: ${facts.version}`,
    payload: {
      ...{ modelway: 1, mode: settings.mode, weights: settings.steps, commit: ref },
      ...facts,
    },
  }
  const created = await deployments.create(request).catch((error: unknown) => {
    // The way back must not depend on the forge.
    if (!isBegun(settings.mode)) throw error
    log.warn(`There is no deployment record of this ${settings.mode}: ${String(error)}`)
    return undefined
  })
  return created === undefined ? SILENT : recordIn(deployments, created.id, about)
}

interface About {
  readonly environment: string
  readonly facts: Omit<Deployed, 'id'>
  readonly log: Log
}

function recordIn(deployments: Deployments, id: string, about: About): DeploymentRecord {
  const { environment, facts, log } = about
  // One after the other: a late "in progress" must not be the last word.
  let last = Promise.resolve()
  return {
    id,
    update: (state, text, url) => {
      const description = `${factWords(facts)}: ${text}`
      const environmentUrl = publicAddress(url)
      // Traffic decides, not its description: what the forge shows is mended by the next update.
      last = last
        .then(async () => {
          await deployments.update(id, { state, description, environmentUrl })
          if (state === 'success') await deployments.retireBefore(id, environment, isOurs)
        })
        .catch((error: unknown) => {
          log.warn(`The deployment record could not be updated: ${String(error)}`)
        })
      return last
    },
  }
}

/** Which model this is, in the few characters that a status has. */
function factWords({ version, previousVersion, digest }: Omit<Deployed, 'id'>): string {
  const beside = previousVersion === null ? '' : `, before ${previousVersion}`
  return `${version} (${digest.replace('sha256:', '').slice(0, 12)})${beside}`
}

function isOurs(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && 'modelway' in payload
}

/** An address that others than this machine can open; undefined where there is none. */
function publicAddress(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  const isLoopback = /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|\[::1?\])$/.test(hostname)
  return isLoopback ? undefined : url
}
