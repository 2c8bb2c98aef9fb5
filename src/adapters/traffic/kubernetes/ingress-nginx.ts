import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from './client/index.js'
import { INGRESS, type ResourceRef, refTo, titleOf } from './client/resource.js'
import {
  annotations,
  isShared,
  plainAnnotations,
  resent,
  servicesOf,
  sideOperations,
  sideSpec,
  urlOf,
  WEIGHT,
  weightAnnotations,
} from './ingress-objects.js'
import { at, isJson, type Json, ordered, pointer, textAt } from './json.js'
import { canaryName, clusterName } from './names.js'
import { refuseFromGit } from './owners.js'

export interface IngressNginxOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  /** The Ingress that users meet. */
  readonly ingress: string
  /** The one that takes a share from it; made where it is missing. Default: `<ingress>-canary`. */
  readonly canaryIngress?: string | undefined
}

const MANAGED_BY = 'app.kubernetes.io/managed-by'
const TRIES = 6

interface Pair {
  readonly client: KubernetesClient
  readonly stable: ResourceRef
  readonly canary: ResourceRef
}

interface Seen {
  readonly main: Json
  readonly side: Json | undefined
}

interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/**
 * Divides by the canary annotations of ingress-nginx: a second Ingress for the same hosts and paths takes `canary-weight` of
 * `canary-weight-total` requests. Its controller says nothing about a change; what users meet shows whether it is in force.
 */
export function createIngressNginxSplitter(options: IngressNginxOptions): Splitter {
  const { client, ingress } = options
  const namespace = options.namespace ?? client.namespace
  const pair: Pair = {
    client,
    stable: refTo(INGRESS, namespace, ingress),
    canary: refTo(INGRESS, namespace, options.canaryIngress ?? `${ingress}-canary`),
  }
  return {
    kind: 'ingress-nginx',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(await look(pair), namesOf(roles)),
    admit: (roles, guard) => share(pair, roles, { weight: 0, guard }),
    share: (roles, { weight }, guard) => share(pair, roles, { weight, guard }),
    promote: (roles, guard) => promote(pair, roles, guard),
    rollback: (roles) => rollback(pair, roles),
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: clusterName(stable, 'Service'),
    canary: canaryName(canary),
  }
}

async function look({ client, stable, canary }: Pair): Promise<Seen> {
  const [main, side] = await Promise.all([client.get(stable), client.find(canary)])
  return { main, side }
}

function splitOf({ main, side }: Seen, { stable, canary }: Names): Split {
  const services = servicesOf(main)
  const isPromoted = canary !== undefined && services.includes(canary)
  if (!isPromoted && !services.includes(stable)) throw noSuchService(stable, services)
  return {
    weight: isPromoted ? 100 : sideWeight(side, canary),
    mirror: 0,
    revision: ordered([services, servicesOf(side), annotations(side)]),
    url: urlOf(main),
    ejected: undefined,
  }
}

function sideWeight(side: Json | undefined, canary: string | undefined): number {
  const [isCanary, weight, total] = annotations(side)
  if (canary === undefined || isCanary !== 'true' || !servicesOf(side).includes(canary)) return 0
  const percent = (100 * Number(weight ?? 0)) / Number(total ?? 100)
  // What is no number ingress-nginx passes over.
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0
}

function noSuchService(stable: string, found: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-115',
    where: 'deploy.ingress-nginx.ingress',
    what: `the Ingress does not send to Service ${stable}. Found: ${found.join(', ') || 'none'}.`,
    fix: 'Name the Service that users meet now with deploy.backends.stable.name.',
  })
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

/** One write: the weight, and where it leads. */
async function share(pair: Pair, roles: BothRoles, { weight, guard }: Change): Promise<Split> {
  const names = {
    stable: clusterName(roles.stable, 'Service'),
    canary: clusterName(roles.canary, 'Service'),
  }
  let seen = 0
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const now = await look(pair)
    const split = splitOf(now, names)
    seen = split.weight
    const isDone = attempt > 0 && isShared(now.side, names.canary, weight)
    if (isDone) return split
    if (split.revision !== guard.revision) break
    const spec = sideSpec(now.main, names.stable, names.canary)
    if (now.side === undefined) {
      await pair.client.apply(pair.canary, {
        metadata: {
          labels: { [MANAGED_BY]: 'modelway' },
          annotations: { ...plainAnnotations(now.main), ...weightAnnotations(weight) },
        },
        spec,
      })
      return splitOf(await look(pair), names)
    }
    refuseFromGit(pair.canary, now.side, [
      ['metadata', 'annotations', WEIGHT],
      ['spec', 'rules'],
    ])
    const operations = sideOperations(now.side, { spec, weight, canary: names.canary })
    if ((await pair.client.patch(pair.canary, operations)) !== UNTRUE) {
      return splitOf(await look(pair), names)
    }
  }
  throw trafficProblems(titleOf(pair.canary)).changed({ weight: seen })
}

/** First everything by weight, then the main Ingress itself, then the second goes: no user meets stable from the first write on. */
async function promote(pair: Pair, roles: BothRoles, guard: Guard): Promise<Split> {
  const names = {
    stable: clusterName(roles.stable, 'Service'),
    canary: clusterName(roles.canary, 'Service'),
  }
  // Before anything is written: a promotion must not stop half-way.
  refuseFromGit(pair.stable, await pair.client.get(pair.stable), [['spec', 'rules']])
  await share(pair, roles, { weight: 100, guard })
  await lead(pair, { from: names.stable, to: names.canary })
  await putAway(pair)
  return splitOf(await look(pair), names)
}

async function rollback(pair: Pair, roles: Roles): Promise<Split> {
  const names = namesOf(roles)
  await putAway(pair)
  if (names.canary !== undefined) {
    await lead(pair, { from: names.canary, to: names.stable })
  }
  return splitOf(await look(pair), names)
}

interface Lead {
  readonly from: string
  readonly to: string
}

/** Sends what the main Ingress sends to one Service to the other. */
async function lead({ client, stable: ref }: Pair, { from, to }: Lead): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const main = await client.get(ref)
    if (!servicesOf(main).includes(from)) return
    const operations = (['rules', 'defaultBackend'] as const).flatMap(
      (key): readonly Operation[] => {
        const value = at(main, 'spec', key)
        const path = pointer('spec', key)
        const next = resent(key === 'defaultBackend' ? { it: value } : value, from, to)
        const changed = key === 'defaultBackend' ? at(next, 'it') : next
        if (value === undefined || ordered(changed) === ordered(value)) return []
        return [
          { op: 'test', path, value },
          { op: 'replace', path, value: changed },
        ]
      },
    )
    if ((await client.patch(ref, operations)) !== UNTRUE) return
  }
  throw trafficProblems(titleOf(ref)).changed({ weight: 0 })
}

/** The second Ingress takes nothing any more: removed where it is ours, else at weight 0. */
async function putAway({ client, canary: ref }: Pair): Promise<void> {
  const side = await client.find(ref)
  if (side === undefined) return
  if (textAt(side, 'metadata', 'labels', MANAGED_BY) === 'modelway') {
    await client.remove(ref)
    return
  }
  const path = pointer('metadata', 'annotations', WEIGHT)
  if (!isJson(at(side, 'metadata', 'annotations'))) return
  await client.patch(ref, [{ op: 'add', path, value: '0' }])
}
