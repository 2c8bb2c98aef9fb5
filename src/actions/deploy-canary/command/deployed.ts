import * as z from 'zod'
import type { Pins } from '../../../domain/rollout/pin.js'
import type { Deployments } from '../../../ports/host.js'

const Payload = z.object({
  modelway: z.number(),
  version: z.string(),
  digest: z.string(),
  commit: z.string().optional(),
})

/** What the forge's records say of an environment: the newest deployment of ours that users meet, or are about to. */
export interface Deployed {
  readonly version: string
  readonly pins: Pins
  /** A rollout is under way; false: it has ended, and all users are on this version. */
  readonly underWay: boolean
}

/** Undefined where nothing of ours is deployed, or the newest was taken back already. */
export async function deployedTo(
  deployments: Pick<Deployments, 'list'>,
  environment: string,
): Promise<Deployed | undefined> {
  for (const { state, payload } of await deployments.list(environment)) {
    const parsed = Payload.safeParse(payload)
    if (!parsed.success) continue
    if (state !== 'in_progress' && state !== 'success') return undefined
    const { version, digest, commit } = parsed.data
    return { version, pins: { commit, digest }, underWay: state === 'in_progress' }
  }
  return undefined
}
