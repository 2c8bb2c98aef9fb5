import { UserError } from '../../../errors.js'
import type { Splitter } from '../../../ports/splitter.js'
import type { KubernetesClient } from './client/index.js'
import {
  GATEWAY,
  GATEWAY_CLASS,
  HTTP_ROUTE,
  type ResourceRef,
  refTo,
  titleOf,
} from './client/resource.js'
import { at, isJson, type Json, numberAt, objectsAt, textAt } from './json.js'
import { generationOf, IN_FORCE, type Progress } from './wait.js'
import type { Dialect } from './weighted-rules/dialect.js'
import { createWeightedRules } from './weighted-rules/splitter.js'

export interface GatewayApiOptions {
  readonly client: KubernetesClient
  /** Else the one of the kubeconfig's context. */
  readonly namespace?: string | undefined
  readonly route: string
  /** Only the rule of that name; else each that sends to one of the versions. */
  readonly rule?: string | undefined
  /** How long the gateway may take to say that a change is in force. Milliseconds. */
  readonly timeoutMs: number
}

/** Parts of ten thousand say a hundredth of a percent, and are far below what a weight may be. */
const FINE = 10_000

const dialect: Dialect = {
  kind: 'gateway-api',
  list: ['spec', 'rules'],
  backends: 'backendRefs',
  what: 'Service',
  split: 'chance',
  nameOf: (backend) => textAt(backend, 'name'),
  renamed: ({ filters: _own, ...backend }, name) => ({ ...backend, name }),
  weightOf: (backend) => numberAt(backend, 'weight') ?? 1,
  weights: (percent) => {
    const total = Number.isInteger(percent) ? 100 : FINE
    const canary = Math.round((percent / 100) * total)
    return { stable: total - canary, canary }
  },
  mirrorOf: (rule, canary) => {
    const mirror = objectsAt(rule, 'filters').find((filter) => isMirrorTo(filter, canary))
    return mirror === undefined ? 0 : percentOf(mirror)
  },
  withMirror: (rule, canary, percent) => {
    const name = textAt(canary, 'name') ?? ''
    const others = objectsAt(rule, 'filters').filter((filter) => !isMirrorTo(filter, name))
    const { filters: _old, ...rest } = rule
    const filters = percent === 0 ? others : [...others, mirrorTo(canary, percent)]
    return filters.length === 0 ? rest : { ...rest, filters }
  },
}

function isMirrorTo(filter: Json, name: string): boolean {
  return (
    textAt(filter, 'type') === 'RequestMirror' &&
    textAt(filter, 'requestMirror', 'backendRef', 'name') === name
  )
}

function percentOf(filter: Json): number {
  const numerator = numberAt(filter, 'requestMirror', 'fraction', 'numerator')
  const denominator = numberAt(filter, 'requestMirror', 'fraction', 'denominator') ?? 100
  if (numerator !== undefined) return (100 * numerator) / denominator
  return numberAt(filter, 'requestMirror', 'percent') ?? 100
}

function mirrorTo(
  { weight: _weight, filters: _filters, ...backendRef }: Json,
  percent: number,
): Json {
  const how = Number.isInteger(percent)
    ? { percent }
    : { fraction: { numerator: Math.round((percent / 100) * FINE), denominator: FINE } }
  return {
    type: 'RequestMirror',
    requestMirror: { backendRef, ...(percent === 100 ? {} : how) },
  }
}

/** Divides by the weights of an HTTPRoute's backendRefs (Gateway API v1). */
export function createGatewayApiSplitter(options: GatewayApiOptions): Splitter {
  const { client, route, rule, timeoutMs } = options
  const ref = refTo(HTTP_ROUTE, options.namespace ?? client.namespace, route)
  return createWeightedRules({
    client,
    ref,
    dialect,
    rule,
    limitMs: timeoutMs,
    progress: routeProgress,
    // Whether http or https is the listener's to say, and its port.
    urlOf: () => undefined,
    refuseMirror: (object, percent) => refuseMirror(client, ref, { object, percent }),
  })
}

/** Each gateway says of each generation whether it takes it. */
function routeProgress(object: Json): Progress {
  const generation = generationOf(object)
  const names = new Set(objectsAt(object, 'spec', 'parentRefs').map(({ name }) => name))
  // What a gateway said that the route has left says nothing any more.
  const parents = objectsAt(object, 'status', 'parents').filter((parent) =>
    names.has(textAt(parent, 'parentRef', 'name')),
  )
  if (parents.length === 0) return { is: 'waiting', on: 'no gateway has taken the route' }
  for (const parent of parents) {
    const conditions = objectsAt(parent, 'conditions')
    for (const type of ['Accepted', 'ResolvedRefs']) {
      const condition = conditions.find((one) => textAt(one, 'type') === type)
      const name = textAt(parent, 'parentRef', 'name') ?? '?'
      if (
        condition === undefined ||
        (numberAt(condition, 'observedGeneration') ?? 0) < generation
      ) {
        return { is: 'waiting', on: `gateway ${name} has not looked at it yet` }
      }
      if (textAt(condition, 'status') !== 'True') {
        const why = `${textAt(condition, 'reason') ?? ''}: ${textAt(condition, 'message') ?? ''}`
        return { is: 'refused', because: `gateway ${name}: ${type} is not true (${why})` }
      }
    }
  }
  return IN_FORCE
}

interface MirrorWanted {
  readonly object: Json
  readonly percent: number
}

/**
 * A gateway that does not know a filter may answer 500 to every request while its status says Accepted (Traefik 3.7 does), so
 * mirroring is set only where the class of the gateway lists it.
 */
async function refuseMirror(
  client: KubernetesClient,
  ref: ResourceRef,
  { object, percent }: MirrorWanted,
): Promise<void> {
  const needed =
    percent === 100
      ? ['HTTPRouteRequestMirror']
      : ['HTTPRouteRequestMirror', 'HTTPRouteRequestPercentageMirror']
  for (const parent of objectsAt(object, 'spec', 'parentRefs')) {
    if ((textAt(parent, 'kind') ?? 'Gateway') !== 'Gateway') continue
    const name = textAt(parent, 'name') ?? ''
    const namespace = textAt(parent, 'namespace') ?? ref.namespace
    const gateway = await client.get(refTo(GATEWAY, namespace, name))
    const className = textAt(gateway, 'spec', 'gatewayClassName') ?? ''
    const supported = supportedBy(await client.get(refTo(GATEWAY_CLASS, undefined, className)))
    const missing = needed.find((feature) => !supported.has(feature))
    if (missing === undefined) continue
    throw new UserError({
      code: 'MW-DEPLOY-116',
      where: titleOf(ref),
      what: `GatewayClass ${className} does not list ${missing} among its supportedFeatures: with the filter it may fail every request and still say that it has accepted the route.`,
      fix: 'Leave deploy.mirror out, or use a gateway that mirrors (Envoy Gateway, Istio).',
    })
  }
}

function supportedBy(gatewayClass: Json): ReadonlySet<string> {
  const features = at(gatewayClass, 'status', 'supportedFeatures')
  // Until v1.1 of the API they were texts, since then objects.
  const names = Array.isArray(features)
    ? features.map((one: unknown) => (isJson(one) ? textAt(one, 'name') : String(one)))
    : []
  return new Set(names.filter((name) => name !== undefined))
}
