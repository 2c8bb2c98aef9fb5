import { UserError } from '../../../../errors.js'

/** A kind of object as the API server names it in paths. */
export interface ResourceKind {
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
}

export interface ResourceRef extends ResourceKind {
  /** Undefined for what belongs to the whole cluster. */
  readonly namespace: string | undefined
  readonly name: string
}

export const HTTP_ROUTE: ResourceKind = {
  group: 'gateway.networking.k8s.io',
  version: 'v1',
  plural: 'httproutes',
  kind: 'HTTPRoute',
}
export const GATEWAY: ResourceKind = { ...HTTP_ROUTE, plural: 'gateways', kind: 'Gateway' }
export const GATEWAY_CLASS: ResourceKind = {
  ...HTTP_ROUTE,
  plural: 'gatewayclasses',
  kind: 'GatewayClass',
}
export const VIRTUAL_SERVICE: ResourceKind = {
  group: 'networking.istio.io',
  version: 'v1',
  plural: 'virtualservices',
  kind: 'VirtualService',
}
export const INGRESS: ResourceKind = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'ingresses',
  kind: 'Ingress',
}
export const DEPLOYMENT: ResourceKind = {
  group: 'apps',
  version: 'v1',
  plural: 'deployments',
  kind: 'Deployment',
}
export const REPLICA_SET: ResourceKind = {
  ...DEPLOYMENT,
  plural: 'replicasets',
  kind: 'ReplicaSet',
}
export const SERVICE: ResourceKind = {
  group: '',
  version: 'v1',
  plural: 'services',
  kind: 'Service',
}
export const INFERENCE_SERVICE: ResourceKind = {
  group: 'serving.kserve.io',
  version: 'v1beta1',
  plural: 'inferenceservices',
  kind: 'InferenceService',
}
export const ARGO_ROLLOUT: ResourceKind = {
  group: 'argoproj.io',
  version: 'v1alpha1',
  plural: 'rollouts',
  kind: 'Rollout',
}
export const FLAGGER_CANARY: ResourceKind = {
  group: 'flagger.app',
  version: 'v1beta1',
  plural: 'canaries',
  kind: 'Canary',
}

/** RFC 1123 subdomain: what Kubernetes takes for names of objects. */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/

/** Whether Kubernetes takes it for the name of an object. */
export function isObjectName(name: string): boolean {
  return NAME.test(name)
}

export function refTo(
  kind: ResourceKind,
  namespace: string | undefined,
  name: string,
): ResourceRef {
  for (const part of namespace === undefined ? [name] : [namespace, name]) {
    if (!isObjectName(part)) {
      throw new UserError({
        code: 'MW-DEPLOY-123',
        where: `${kind.kind} ${JSON.stringify(part)}`,
        what: 'this is no name that an object of Kubernetes can have.',
        fix: 'Names have lower-case letters, digits, "-" and "."; give the name of the object itself.',
      })
    }
  }
  return { ...kind, namespace, name }
}

export function apiVersion({ group, version }: ResourceKind): string {
  return group === '' ? version : `${group}/${version}`
}

/** The path of an object on an API server; `name: ''` is the collection. */
export function pathOf(ref: ResourceRef, subresource?: string): string {
  const root = ref.group === '' ? '/api' : `/apis/${ref.group}`
  const space =
    ref.namespace === undefined ? '' : `/namespaces/${encodeURIComponent(ref.namespace)}`
  const name = ref.name === '' ? '' : `/${encodeURIComponent(ref.name)}`
  const below = subresource === undefined ? '' : `/${subresource}`
  return `${root}/${ref.version}${space}/${ref.plural}${name}${below}`
}

/** For people: `HTTPRoute model in namespace shop`. */
export function titleOf({ kind, name, namespace }: ResourceRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${name} in namespace ${namespace}`
}

/** As RBAC names it: `httproutes.gateway.networking.k8s.io`. */
export function rbacName({ plural, group }: ResourceKind, subresource?: string): string {
  const below = subresource === undefined ? '' : `/${subresource}`
  return group === '' ? `${plural}${below}` : `${plural}${below}.${group}`
}
