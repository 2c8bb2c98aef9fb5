import * as z from 'zod'
import type { Pins } from '../../../domain/rollout/pin.js'
import type { DeploymentState, Deployments } from '../../../ports/host.js'

const Payload = z.object({
  modelway: z.number(),
  mode: z.string().optional(),
  version: z.string(),
  digest: z.string(),
  commit: z.string().optional(),
})

/** What the forge's records say of an environment: the newest deployment of ours that users meet, or begin to. */
export interface Deployed {
  readonly version: string
  readonly pins: Pins
  /** A rollout is under way; false: it has ended, and all users are on this version. */
  readonly underWay: boolean
}

/** Undefined where nothing of ours is deployed, or what was has been taken back by hand: who knows what users are on then. */
export async function deployedTo(
  deployments: Pick<Deployments, 'list'>,
  environment: string,
): Promise<Deployed | undefined> {
  for (const { state, payload } of await deployments.list(environment)) {
    const parsed = Payload.safeParse(payload)
    // A rollout that failed has left users on what was deployed before it.
    if (!parsed.success || !ENDS.some((one) => one === state)) continue
    const { mode, version, digest, commit } = parsed.data
    if (state === 'inactive' || mode === 'rollback' || mode === 'abort') return undefined
    return { version, pins: { commit, digest }, underWay: state === 'in_progress' }
  }
  return undefined
}

const ENDS: readonly DeploymentState[] = ['in_progress', 'success', 'inactive']
