import { UserError } from '../../../../errors.js'
import type { KubernetesClient } from '../client/index.js'
import { REPLICA_SET, type ResourceRef, refTo, titleOf } from '../client/resource.js'
import { at, type Json, textAt } from '../json.js'
import { requireVersionPlace, type VersionField, versionPlace } from '../template-version.js'
import type { Seen } from './status.js'

export interface Eyes {
  readonly client: KubernetesClient
  readonly ref: ResourceRef
  readonly field: VersionField
}

/** What a Rollout says. Throws UserError where it is of no use here. */
export type Look = (rollout?: Json) => Promise<Seen>

/** Looks at a Rollout, and once at each ReplicaSet that becomes its newest one. */
export function createLook({ client, ref, field }: Eyes): Look {
  const where = titleOf(ref)
  const values = new Map<string, string>()
  const valueIn = async (hash: string | undefined): Promise<string | undefined> => {
    if (hash === undefined || hash === '') return undefined
    const known = values.get(hash)
    if (known !== undefined) return known
    const set = await client.find(refTo(REPLICA_SET, ref.namespace, `${ref.name}-${hash}`))
    const value = set === undefined ? undefined : versionPlace(set, field)?.value
    if (value !== undefined) values.set(hash, value)
    return value
  }
  return async (given) => {
    const rollout = given ?? (await client.get(ref))
    refuseOtherStrategies(rollout, where)
    const { value } = requireVersionPlace(rollout, field, where)
    const newest = await valueIn(textAt(rollout, 'status', 'currentPodHash'))
    return { rollout, value, newest }
  }
}

function refuseOtherStrategies(rollout: Json, where: string): void {
  if (at(rollout, 'spec', 'workloadRef') !== undefined) {
    throw otherStrategy(where, 'its pod template is kept elsewhere (spec.workloadRef).')
  }
  if (at(rollout, 'spec', 'strategy', 'canary') === undefined) {
    throw otherStrategy(where, 'its strategy is no canary, and divides no traffic by weights.')
  }
}

function otherStrategy(where: string, what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-202',
    where,
    what,
    fix: 'Use a Rollout with spec.strategy.canary and a pod template of its own.',
  })
}
