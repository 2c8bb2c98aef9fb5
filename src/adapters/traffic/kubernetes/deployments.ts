import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import { type KubernetesClient, UNTRUE } from './client/index.js'
import { DEPLOYMENT, isObjectName, type ResourceRef, refTo, titleOf } from './client/resource.js'
import { type Json, numberAt, objectsAt, textAt } from './json.js'
import { canaryName, clusterName } from './names.js'
import { ownersOf, refuseFromGit } from './owners.js'
import { generationOf, IN_FORCE, type Progress, untilInForce } from './wait.js'

export interface DeploymentsOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  /** Pods of both versions together. Default: as many as both have when the rollout begins. */
  readonly replicas?: number | undefined
  /** How long pods may take to become available. Milliseconds. */
  readonly timeoutMs: number
}

interface Pods {
  readonly stable: number
  readonly canary: number
}

/**
 * Divides by replicas: two Deployments behind one Service, whose share of users is their share of pods. Weights come in steps of one pod;
 * the share that is reported is the one that is there.
 */
export function createDeploymentsSplitter(options: DeploymentsOptions): Splitter {
  const context: Context = { ...options, space: options.namespace ?? options.client.namespace }
  return {
    kind: 'deployments',
    capabilities: { mirror: false, split: 'replicas' },
    read: (roles) => read(context, roles),
    admit: (roles, guard) => share(context, roles, { weight: 0, guard }),
    share: (roles, { weight }, guard) => share(context, roles, { weight, guard }),
    promote: (roles, guard) => share(context, roles, { weight: 100, guard }),
    rollback: (roles) => rollback(context, roles),
  }
}

interface Context extends DeploymentsOptions {
  readonly space: string
}

interface Both {
  readonly stable: Json
  readonly canary: Json | undefined
}

function refOf({ space }: Context, name: string): ResourceRef {
  return refTo(DEPLOYMENT, space, name)
}

function refsOf(context: Context, roles: Roles) {
  const canary = canaryName(roles.canary)
  return {
    stable: refOf(context, clusterName(roles.stable, 'Deployment')),
    canary: canary === undefined || !isObjectName(canary) ? undefined : refOf(context, canary),
  }
}

async function look(context: Context, roles: Roles): Promise<Both> {
  const refs = refsOf(context, roles)
  const [stable, canary] = await Promise.all([
    context.client.get(refs.stable),
    refs.canary === undefined ? undefined : context.client.find(refs.canary),
  ])
  return { stable, canary }
}

async function read(context: Context, roles: Roles): Promise<Split> {
  const now = await look(context, roles)
  const isGone = roles.canary !== undefined && now.canary === undefined
  return { ...splitOf(now), ...(isGone ? { ejected: 'its Deployment is not there' } : {}) }
}

function splitOf({ stable, canary }: Both): Split {
  const ready = { stable: readyOf(stable), canary: readyOf(canary) }
  const all = ready.stable + ready.canary
  return {
    weight: all === 0 ? 0 : (100 * ready.canary) / all,
    mirror: 0,
    revision: JSON.stringify([wantedOf(stable), canary === undefined ? null : wantedOf(canary)]),
    url: undefined,
    ejected: canary === undefined ? undefined : failureOf(canary),
  }
}

function readyOf(deployment: Json | undefined): number {
  return numberAt(deployment, 'status', 'readyReplicas') ?? 0
}

function wantedOf(deployment: Json | undefined): number {
  return deployment === undefined ? 0 : (numberAt(deployment, 'spec', 'replicas') ?? 1)
}

/** The Deployment's own word that its pods do not come up. */
function failureOf(deployment: Json): string | undefined {
  const condition = objectsAt(deployment, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'Progressing' && textAt(one, 'status') === 'False',
  )
  if (condition === undefined) return undefined
  return textAt(condition, 'message') ?? textAt(condition, 'reason') ?? 'its pods do not come up'
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

async function share(context: Context, roles: BothRoles, change: Change): Promise<Split> {
  const { client } = context
  const refs = refsOf(context, roles)
  const canaryRef = refOf(context, clusterName(roles.canary, 'Deployment'))
  const now: Both = {
    stable: await client.get(refs.stable),
    canary: await client.get(canaryRef),
  }
  // Before it is admitted the canary was not looked at, whatever its Deployment began with.
  const known = [now, { stable: now.stable, canary: undefined }].map((both) => splitOf(both))
  if (!known.some(({ revision }) => revision === change.guard.revision)) {
    throw trafficProblems(titleOf(refs.stable)).changed({ weight: known[0]?.weight ?? 0 })
  }
  const from: Pods = { stable: wantedOf(now.stable), canary: wantedOf(now.canary) }
  refuseOtherOwners(refs.stable, now.stable)
  if (now.canary !== undefined) refuseOtherOwners(canaryRef, now.canary)
  const to = podsFor(change.weight, context.replicas ?? Math.max(1, from.stable + from.canary))
  const steps = [
    { ref: refs.stable, from: from.stable, to: to.stable },
    { ref: canaryRef, from: from.canary, to: to.canary },
  ]
  // More first, and ready, before fewer: users never have fewer pods than before.
  for (const step of steps.filter((one) => one.to > one.from)) {
    await scale(client, step)
    await settled(context, step.ref)
  }
  for (const step of steps.filter((one) => one.to < one.from)) await scale(client, step)
  for (const { ref } of steps) await settled(context, ref)
  return read(context, roles)
}

/** Pods for a share, the nearest that is not zero where the share is not; throws where there are too few to divide. */
export function podsFor(weight: number, total: number): Pods {
  if (weight <= 0) return { stable: total, canary: 0 }
  if (weight >= 100) return { stable: 0, canary: total }
  if (total < 2) {
    throw new UserError({
      code: 'MW-DEPLOY-121',
      where: 'deploy.deployments.replicas',
      what: `${weight} % of ${total} pod cannot be given to the canary.`,
      fix: 'Give deploy.deployments.replicas at least 2; at 20, steps are 5 %.',
    })
  }
  const canary = Math.min(total - 1, Math.max(1, Math.round((weight / 100) * total)))
  return { stable: total - canary, canary }
}

interface Step {
  readonly ref: ResourceRef
  readonly from: number
  readonly to: number
}

async function scale(client: KubernetesClient, { ref, from, to }: Step): Promise<void> {
  const path = '/spec/replicas'
  const done = await client.patch(
    ref,
    [
      // A Scale leaves 0 out, and the API server takes null for what is not there.
      { op: 'test', path, value: from === 0 ? null : from },
      { op: 'add', path, value: to },
    ],
    'scale',
  )
  if (done !== UNTRUE) return
  // Our own write, whose answer was lost, is no other hand's.
  const now = wantedOf(await client.get(ref))
  if (now !== to) throw trafficProblems(titleOf(ref)).changed({ weight: now })
}

async function settled({ client, timeoutMs }: Context, ref: ResourceRef): Promise<void> {
  await untilInForce({ client, ref, limitMs: timeoutMs, progress: podsProgress })
}

function podsProgress(deployment: Json): Progress {
  const wanted = wantedOf(deployment)
  if ((numberAt(deployment, 'status', 'observedGeneration') ?? 0) < generationOf(deployment)) {
    return { is: 'waiting', on: 'its controller has not looked at it yet' }
  }
  const failure = failureOf(deployment)
  if (failure !== undefined) return { is: 'refused', because: failure }
  const all = numberAt(deployment, 'status', 'replicas') ?? 0
  const ready = readyOf(deployment)
  if (ready === wanted && all === wanted) return IN_FORCE
  return { is: 'waiting', on: `${ready} of ${wanted} pods are ready, and ${all} are there` }
}

/** Both are brought back even where one of them is gone, in trouble or somebody else's. */
async function rollback(context: Context, roles: Roles): Promise<Split> {
  const { client } = context
  const refs = refsOf(context, roles)
  const stable = await client.get(refs.stable)
  const canary = refs.canary === undefined ? undefined : await client.find(refs.canary)
  const all = wantedOf(stable) + wantedOf(canary)
  await force(context, refs.stable, context.replicas ?? Math.max(1, all))
  if (refs.canary !== undefined && canary !== undefined) {
    // With no stable pod there is nobody else to answer: the canary goes when the first is ready.
    await untilInForce({
      client,
      ref: refs.stable,
      limitMs: context.timeoutMs,
      progress: (now) =>
        readyOf(now) > 0 ? IN_FORCE : { is: 'waiting', on: 'no pod of stable is ready' },
    })
    await force(context, refs.canary, 0)
    await settled(context, refs.canary)
  }
  await settled(context, refs.stable)
  return splitOf({
    stable: await client.get(refs.stable),
    canary: refs.canary === undefined ? undefined : await client.find(refs.canary),
  })
}

async function force({ client }: Context, ref: ResourceRef, replicas: number): Promise<void> {
  await client.patch(ref, [{ op: 'add', path: '/spec/replicas', value: replicas }], 'scale')
}

/** An autoscaler would take each change back; so would git. */
function refuseOtherOwners(ref: ResourceRef, deployment: Json): void {
  const field = ['spec', 'replicas']
  refuseFromGit(ref, deployment, [field])
  const scaler = ownersOf(deployment, field).find((manager) =>
    /^(kube-controller-manager|horizontal-pod-autoscaler|keda(-operator)?|vpa-updater)$/.test(
      manager,
    ),
  )
  if (scaler === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-122',
    where: titleOf(ref),
    what: `spec.replicas is set by an autoscaler (${scaler}), which would take the change back.`,
    fix: 'Take the autoscaler away for the rollout, or divide by a gateway.',
  })
}
