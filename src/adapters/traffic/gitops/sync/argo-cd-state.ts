import { at, type Json, objectsAt, textAt } from '../../kubernetes/json.js'
import type { SyncLook } from './sync.js'

/** What an Application of Argo CD (v1alpha1) says, by its API or on its cluster. */
export function lookAt(application: Json): SyncLook {
  const synced = revisionsAt(application, 'status', 'sync')
  const failure = failureOf(application)
  if (failure !== undefined) return failure
  const status = textAt(application, 'status', 'sync', 'status') ?? 'Unknown'
  const waiting = (on: string): SyncLook => ({ is: 'waiting', revisions: synced, on })
  if (status !== 'Synced') return waiting(`it is ${status}${conditionsOf(application)}`)
  const phase = textAt(application, 'status', 'operationState', 'phase')
  if (phase === 'Running' || phase === 'Terminating') {
    return waiting(`its synchronisation is ${phase}: ${messageOf(application)}`)
  }
  const health = textAt(application, 'status', 'health', 'status') ?? 'Unknown'
  // A Rollout that pauses at a step of its own says Suspended: it has done what it was told.
  if (health === 'Healthy' || health === 'Suspended') {
    return { is: 'in-force', revisions: synced, on: health }
  }
  const on = `its health is ${health}${illOf(application)}`
  return health === 'Degraded' ? { is: 'degraded', revisions: synced, on } : waiting(on)
}

/** One of a single source, or those of several. */
function revisionsAt(application: Json, ...keys: readonly string[]): readonly string[] {
  const one = textAt(application, ...keys, 'revision')
  const several = at(application, ...keys, 'revisions')
  const texts = Array.isArray(several) ? several.filter((each) => typeof each === 'string') : []
  return [...(one === undefined ? [] : [one]), ...texts].filter((each) => each !== '')
}

/** While Argo CD still tries again, the operation is running. */
function failureOf(application: Json): SyncLook | undefined {
  const phase = textAt(application, 'status', 'operationState', 'phase')
  if (phase !== 'Failed' && phase !== 'Error') return undefined
  const result = revisionsAt(application, 'status', 'operationState', 'syncResult')
  const asked = revisionsAt(application, 'status', 'operationState', 'operation', 'sync')
  const revisions = result.length > 0 ? result : asked
  const now = revisionsAt(application, 'status', 'sync')
  // An older operation that failed says nothing about what is compared now.
  if (!revisions.some((revision) => now.includes(revision))) return undefined
  if (textAt(application, 'status', 'sync', 'status') === 'Synced') return undefined
  return { is: 'failed', revisions, on: `its synchronisation ${phase}: ${messageOf(application)}` }
}

function messageOf(application: Json): string {
  return (textAt(application, 'status', 'operationState', 'message') ?? '').slice(0, 500)
}

function conditionsOf(application: Json): string {
  const errors = objectsAt(application, 'status', 'conditions').filter((one) =>
    textAt(one, 'type')?.endsWith('Error'),
  )
  const said = errors.map((one) => `${textAt(one, 'type')}: ${textAt(one, 'message')}`)
  return said.length === 0 ? '' : ` (${said.join('; ').slice(0, 500)})`
}

function illOf(application: Json): string {
  const ill = objectsAt(application, 'status', 'resources').filter(
    (one) => textAt(one, 'health', 'status') === 'Degraded',
  )
  const said = ill.map(
    (one) =>
      `${textAt(one, 'kind')} ${textAt(one, 'name')}: ${textAt(one, 'health', 'message') ?? 'Degraded'}`,
  )
  return said.length === 0 ? '' : ` (${said.join('; ').slice(0, 500)})`
}
