import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import { type KubernetesClient, type Operation, UNTRUE } from './client/index.js'
import { INGRESS, type ResourceRef, refTo, titleOf } from './client/resource.js'
import { at, isJson, type Json, objectsAt, ordered, pointer, textAt } from './json.js'
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

const CANARY = 'nginx.ingress.kubernetes.io/canary'
const WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight'
const TOTAL = 'nginx.ingress.kubernetes.io/canary-weight-total'
const MANAGED_BY = 'app.kubernetes.io/managed-by'
const FINE = 10_000
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
  return (100 * Number(weight ?? 0)) / Number(total ?? 100)
}

function annotations(side: Json | undefined): readonly (string | undefined)[] {
  return [CANARY, WEIGHT, TOTAL].map((name) => textAt(side, 'metadata', 'annotations', name))
}

/** The Services that an Ingress sends to, each once. */
function servicesOf(ingress: Json | undefined): readonly string[] {
  const paths = objectsAt(ingress, 'spec', 'rules').flatMap((rule) =>
    objectsAt(rule, 'http', 'paths'),
  )
  const names = [
    textAt(ingress, 'spec', 'defaultBackend', 'service', 'name'),
    ...paths.map((path) => textAt(path, 'backend', 'service', 'name')),
  ]
  return [...new Set(names.filter((name) => name !== undefined))]
}

function urlOf(main: Json): string | undefined {
  const host = textAt(main, 'spec', 'rules', 0, 'host')
  if (host === undefined || host.startsWith('*')) return undefined
  const isSecure = objectsAt(main, 'spec', 'tls').some((tls) => {
    const hosts = at(tls, 'hosts')
    return Array.isArray(hosts) && hosts.includes(host)
  })
  return `${isSecure ? 'https' : 'http'}://${host}`
}

function noSuchService(stable: string, found: readonly string[]): UserError {
  return new UserError({
    code: 'MW-DEPLOY-115',
    where: 'deploy.ingress-nginx.ingress',
    what: `the Ingress does not send to Service ${stable}. Found: ${found.join(', ') || 'none'}.`,
    fix: 'Name the Service that users meet now with deploy.backends.stable.name.',
  })
}

function weightAnnotations(percent: number): Readonly<Record<string, string>> {
  const total = Number.isInteger(percent) ? 100 : FINE
  const weight = Math.round((percent / 100) * total)
  return { [CANARY]: 'true', [WEIGHT]: String(weight), [TOTAL]: String(total) }
}

/** `value` with each backend of one Service sent to another. */
function resent(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => resent(each, from, to))
  if (!isJson(value)) return value
  const service = value['service']
  if (isJson(service) && service['name'] === from) {
    return { ...value, service: { ...service, name: to } }
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resent(each, from, to)]),
  )
}

/** The paths of the main Ingress that send to `stable`, sent to `canary`. */
function sideSpec(main: Json, stable: string, canary: string): Json {
  const rules = objectsAt(main, 'spec', 'rules').flatMap((rule) => {
    const paths = objectsAt(rule, 'http', 'paths').filter(
      (path) => textAt(path, 'backend', 'service', 'name') === stable,
    )
    return paths.length === 0 ? [] : [{ ...rule, http: { paths: resent(paths, stable, canary) } }]
  })
  const className = textAt(main, 'spec', 'ingressClassName')
  return { ...(className === undefined ? {} : { ingressClassName: className }), rules }
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
    const isDone = attempt > 0 && now.side !== undefined && isShared(now, names.canary, weight)
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

function isShared({ side }: Seen, canary: string, weight: number): boolean {
  const wanted = weightAnnotations(weight)
  const isSet =
    ordered(annotations(side)) === ordered([CANARY, WEIGHT, TOTAL].map((name) => wanted[name]))
  return isSet && ordered(servicesOf(side)) === ordered([canary])
}

/** What the main Ingress says about its paths (rewrites, timeouts, body sizes) holds for the canary's too. */
function plainAnnotations(main: Json): Readonly<Record<string, unknown>> {
  const all = at(main, 'metadata', 'annotations')
  if (!isJson(all)) return {}
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => name.startsWith('nginx.ingress.kubernetes.io/') && !name.startsWith(CANARY),
    ),
  )
}

interface SideChange {
  readonly spec: Json
  readonly weight: number
  readonly canary: string
}

function sideOperations(side: Json, { spec, weight, canary }: SideChange): readonly Operation[] {
  const held = at(side, 'metadata', 'annotations')
  const operations: Operation[] = []
  // Older ones of an earlier canary are led to this one in the same write.
  if (ordered(servicesOf(side)) !== ordered([canary])) {
    const path = pointer('spec', 'rules')
    operations.push({ op: 'test', path, value: at(side, 'spec', 'rules') })
    operations.push({ op: 'replace', path, value: spec['rules'] })
  }
  if (!isJson(held)) operations.push({ op: 'add', path: '/metadata/annotations', value: {} })
  for (const [name, value] of Object.entries(weightAnnotations(weight))) {
    const path = pointer('metadata', 'annotations', name)
    const old = isJson(held) ? held[name] : undefined
    if (old !== undefined) operations.push({ op: 'test', path, value: old })
    operations.push({ op: 'add', path, value })
  }
  return operations
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
