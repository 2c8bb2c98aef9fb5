import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../../ports/splitter.js'
import { trafficProblems } from '../../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from '../client/index.js'
import { ARGO_ROLLOUT, type ResourceRef, refTo, titleOf } from '../client/resource.js'
import { at, type Json, textAt } from '../json.js'
import { refuseFromGit } from '../owners.js'
import {
  CONTAINERS,
  refuseSameValue,
  requireVersionPlace,
  templateValue,
  type VersionField,
} from '../template-version.js'
import { type Progress, untilInForce } from '../wait.js'
import { createLook, type Look } from './look.js'
import {
  aborted,
  noFirstStop,
  noStop,
  ownRollout,
  pausedByHand,
  promotedAlready,
} from './problems.js'
import {
  failureOf,
  hashesOf,
  isAborted,
  isPromoted,
  observedProgress,
  promotedProgress,
  revisionOf,
  type Seen,
  splitOf,
  stoppedProgress,
} from './status.js'
import { type Stop, stopAt, stopsOf } from './steps.js'

export interface ArgoRolloutsOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  readonly rollout: string
  readonly field: VersionField
  /** How long a step may take: pods come up, weights are taken. Milliseconds. */
  readonly timeoutMs: number
  /** The weights that will be asked for, where that is known: each needs its stop. Percent. */
  readonly weights?: readonly number[] | undefined
}

interface Context {
  readonly client: KubernetesClient
  readonly ref: ResourceRef
  readonly field: VersionField
  readonly where: string
  readonly timeoutMs: number
  readonly look: Look
  readonly weights: readonly number[]
}

const TRIES = 10

/**
 * Drives a Rollout of Argo Rollouts by its own steps: a new version is a change of its template, and a weight is one of the places
 * where its steps wait. Weights, pods and routes stay its controller's; what is written is what `kubectl argo rollouts` writes.
 */
export function createArgoRolloutsSplitter(options: ArgoRolloutsOptions): Splitter {
  const { client, field, timeoutMs, weights = [] } = options
  const ref = refTo(ARGO_ROLLOUT, options.namespace ?? client.namespace, options.rollout)
  const look = createLook({ client, ref, field })
  const context: Context = { client, ref, field, where: titleOf(ref), timeoutMs, look, weights }
  return {
    kind: 'argo-rollouts',
    capabilities: { mirror: false, split: 'controller' },
    read: async (roles) => splitOf(await look(), roles, context.where),
    admit: (roles, guard) => admit(context, roles, guard),
    share: (roles, { weight }, guard) => share(context, roles, { weight, guard }),
    promote: (roles, guard) => promote(context, roles, guard),
    rollback: (roles) => rollback(context, roles),
  }
}

interface Written {
  readonly to: 'spec' | 'status'
  readonly operations: readonly Operation[]
}

interface Guarded {
  readonly roles: BothRoles
  readonly guard: Guard
  /** What is to be written over what was seen; undefined: nothing is missing. */
  readonly plan: (seen: Seen) => Written | undefined
}

/** Reads, checks the guard and writes, again as long as the controller writes in between. */
async function guarded(context: Context, { roles, guard, plan }: Guarded): Promise<void> {
  const { where } = context
  refuseSameValue(templateValue(roles.stable), templateValue(roles.canary), where)
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const seen = await waitFor(context, observedProgress)
    const split = splitOf(seen, roles, where)
    if (split.revision !== guard.revision) throw trafficProblems(where).changed(split)
    const written = plan(seen)
    if (written === undefined || (await write(context, seen.rollout, written)) !== UNTRUE) return
  }
  throw trafficProblems(where).changed({ weight: 0 })
}

function write(
  { client, ref }: Context,
  rollout: Json,
  { to, operations }: Written,
): Promise<Json | typeof UNTRUE> {
  const version = textAt(rollout, 'metadata', 'resourceVersion')
  const test: Operation = { op: 'test', path: '/metadata/resourceVersion', value: version }
  return client.patch(ref, [test, ...operations], to === 'status' ? 'status' : undefined)
}

async function admit(context: Context, roles: BothRoles, guard: Guard): Promise<Split> {
  const { field, where, ref, weights } = context
  const canary = templateValue(roles.canary)
  let revision = guard.revision
  const plan = (seen: Seen): Written | undefined => {
    const { rollout, value } = seen
    const [first] = stopsOf(rollout)
    if (first === undefined || first.weight !== 0) throw noFirstStop(where)
    for (const weight of weights) stopFor(rollout, weight, where)
    if (at(rollout, 'spec', 'paused') === true) throw pausedByHand(where)
    if (isPromoted(seen) === (value === canary)) {
      throw value === canary ? promotedAlready(where, canary) : ownRollout(where)
    }
    if (value === canary) return undefined
    refuseFromGit(ref, rollout, [CONTAINERS])
    revision = revisionOf(canary, first.weight)
    const { path, tests } = requireVersionPlace(rollout, field, where)
    return { to: 'spec', operations: [...tests, { op: 'replace', path, value: canary }] }
  }
  await guarded(context, { roles, guard, plan })
  return share(context, roles, { weight: 0, guard: { revision } })
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

async function share(context: Context, roles: BothRoles, change: Change): Promise<Split> {
  const { where } = context
  const { weight, guard } = change
  const stop = stopFor((await context.look()).rollout, weight, where)
  const plan = (seen: Seen): Written | undefined => {
    requireDriven(seen, where)
    const isThere = stopAt(seen.rollout)?.pause === stop.pause
    return isThere ? undefined : { to: 'status', operations: goTo(seen.rollout, stop) }
  }
  await guarded(context, { roles, guard, plan })
  return splitOf(await waitFor(context, (now) => stoppedProgress(now, stop)), roles, where)
}

function stopFor(rollout: Json, weight: number, where: string): Stop {
  const stops = stopsOf(rollout)
  const stop = stops.find((one) => one.weight === weight)
  if (stop === undefined) throw noStop(where, weight, stops)
  return stop
}

function requireDriven(seen: Seen, where: string): void {
  if (at(seen.rollout, 'spec', 'paused') === true) throw pausedByHand(where)
  if (isAborted(seen)) throw aborted(where, failureOf(seen) ?? 'by hand')
}

/** As `promote` of its plugin for kubectl, which leaves a pause, or goes on at another step. */
function goTo(rollout: Json, { first }: Stop): readonly Operation[] {
  const hasPauses = at(rollout, 'status', 'pauseConditions') !== undefined
  return [
    ...(hasPauses ? [{ op: 'remove', path: '/status/pauseConditions' } as const] : []),
    // Left true, it would say that the next pause is over already.
    { op: 'add', path: '/status/controllerPause', value: false },
    { op: 'add', path: '/status/currentStepIndex', value: first },
  ]
}

const PROMOTE_FULL: readonly Operation[] = [{ op: 'add', path: '/status/promoteFull', value: true }]

async function promote(context: Context, roles: BothRoles, guard: Guard): Promise<Split> {
  const { where } = context
  const canary = templateValue(roles.canary)
  const plan = (seen: Seen): Written | undefined => {
    if (seen.value !== canary) throw trafficProblems(where).noCanary()
    if (isPromoted(seen)) return undefined
    requireDriven(seen, where)
    return { to: 'status', operations: PROMOTE_FULL }
  }
  await guarded(context, { roles, guard, plan })
  return splitOf(await waitFor(context, promotedOrFailed), roles, where)
}

function promotedOrFailed(seen: Seen): Progress {
  const failure = failureOf(seen)
  return failure === undefined ? promotedProgress(seen) : { is: 'refused', because: failure }
}

/**
 * The template goes back to stable, which takes all traffic there at once and leaves nothing that a retry or a promotion by hand could
 * bring in again. Where the Rollout takes another version for its stable one, ours is promoted without steps.
 */
async function rollback(context: Context, roles: Roles): Promise<Split> {
  const { client, ref, where } = context
  const stable = templateValue(roles.stable)
  const before = hashesOf(await context.look(), roles)
  await restore(context, stable)
  const seen = await waitFor(context, observedProgress)
  if (!isPromoted(seen)) await client.patch(ref, PROMOTE_FULL, 'status')
  const split = splitOf(await waitFor(context, promotedProgress), roles, where)
  return { ...split, seenAs: { ...before, ...split.seenAs } }
}

async function restore(context: Context, stable: string): Promise<void> {
  const { client, ref, field, where } = context
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { rollout } = await context.look()
    const { path, value, tests } = requireVersionPlace(rollout, field, where)
    // What somebody has paused would not go back.
    const isPaused = at(rollout, 'spec', 'paused') === true
    if (value === stable && !isPaused) return
    const operations: Operation[] = [...tests, { op: 'replace', path, value: stable }]
    if (isPaused) operations.push({ op: 'add', path: '/spec/paused', value: false })
    if ((await client.patch(ref, operations)) !== UNTRUE) return
  }
}

async function waitFor(context: Context, progress: (seen: Seen) => Progress): Promise<Seen> {
  const { client, ref, timeoutMs, look } = context
  const rollout = await untilInForce({
    client,
    ref,
    limitMs: timeoutMs,
    progress: async (now) => progress(await look(now)),
  })
  return look(rollout)
}
