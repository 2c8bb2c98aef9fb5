import type { ArgoRolloutsTarget } from '../../../config/deploy/argo-rollouts.js'
import type { DeploymentsTarget } from '../../../config/deploy/deployments.js'
import type { FlaggerTarget } from '../../../config/deploy/flagger.js'
import type { GatewayApiTarget } from '../../../config/deploy/gateway-api.js'
import type { IngressNginxTarget } from '../../../config/deploy/ingress-nginx.js'
import type { IstioTarget } from '../../../config/deploy/istio.js'
import type { KserveTarget } from '../../../config/deploy/kserve.js'
import type { Splitter } from '../../../ports/splitter.js'
import type { System, SystemTools } from '../system.js'
import { createArgoRolloutsSplitter } from './argo-rollouts/splitter.js'
import { type KubernetesClient, openCluster } from './client/index.js'
import {
  ARGO_ROLLOUT,
  FLAGGER_CANARY,
  HTTP_ROUTE,
  INFERENCE_SERVICE,
  INGRESS,
  type ResourceKind,
  refTo,
  SERVICE,
  VIRTUAL_SERVICE,
} from './client/resource.js'
import { createDeploymentsSplitter } from './deployments.js'
import { createFlaggerSplitter } from './flagger/splitter.js'
import { createGatewayApiSplitter } from './gateway-api.js'
import { createIngressNginxSplitter } from './ingress-nginx.js'
import { createIstioSplitter } from './istio.js'
import { createKserveSplitter } from './kserve.js'
import { createAnnotationStore } from './store.js'

interface Cluster {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly namespace?: string | undefined
}

interface Place {
  readonly kind: ResourceKind
  readonly name: string
  readonly splitter: (client: KubernetesClient) => Splitter
}

/** A system in a cluster: what divides the traffic, and the annotation of the object that is told so. */
async function open(cluster: Cluster, place: Place, { env, home }: SystemTools): Promise<System> {
  const { kubeconfig, context, namespace } = cluster
  const client = await openCluster({ kubeconfig, context, env, home })
  const ref = refTo(place.kind, namespace ?? client.namespace, place.name)
  return { splitter: place.splitter(client), store: createAnnotationStore(client, ref) }
}

export function openGatewayApi(settings: GatewayApiTarget, tools: SystemTools): Promise<System> {
  const { route, rule, namespace, timeout: timeoutMs } = settings
  const splitter = (client: KubernetesClient) =>
    createGatewayApiSplitter({ client, namespace, route, rule, timeoutMs })
  return open(settings, { kind: HTTP_ROUTE, name: route, splitter }, tools)
}

export function openIstio(settings: IstioTarget, tools: SystemTools): Promise<System> {
  const { 'virtual-service': virtualService, route, by, namespace, timeout: timeoutMs } = settings
  const splitter = (client: KubernetesClient) =>
    createIstioSplitter({ client, namespace, virtualService, route, by, timeoutMs })
  return open(settings, { kind: VIRTUAL_SERVICE, name: virtualService, splitter }, tools)
}

export function openIngressNginx(
  settings: IngressNginxTarget,
  tools: SystemTools,
): Promise<System> {
  const { ingress, 'canary-ingress': canaryIngress, namespace } = settings
  const splitter = (client: KubernetesClient) =>
    createIngressNginxSplitter({ client, namespace, ingress, canaryIngress })
  return open(settings, { kind: INGRESS, name: ingress, splitter }, tools)
}

export function openDeployments(settings: DeploymentsTarget, tools: SystemTools): Promise<System> {
  const { service, replicas, namespace, timeout: timeoutMs } = settings
  const splitter = (client: KubernetesClient) =>
    createDeploymentsSplitter({ client, namespace, replicas, timeoutMs })
  return open(settings, { kind: SERVICE, name: service, splitter }, tools)
}

export function openKserve(settings: KserveTarget, tools: SystemTools): Promise<System> {
  const { 'inference-service': inferenceService, namespace, timeout: timeoutMs } = settings
  const splitter = (client: KubernetesClient) =>
    createKserveSplitter({ client, namespace, inferenceService, timeoutMs })
  return open(settings, { kind: INFERENCE_SERVICE, name: inferenceService, splitter }, tools)
}

export function openArgoRollouts(
  settings: ArgoRolloutsTarget,
  tools: SystemTools,
): Promise<System> {
  const { rollout, container, env, namespace, timeout: timeoutMs } = settings
  const field = { container, env }
  const { steps: weights } = tools
  const splitter = (client: KubernetesClient) =>
    createArgoRolloutsSplitter({ client, namespace, rollout, field, timeoutMs, weights })
  return open(settings, { kind: ARGO_ROLLOUT, name: rollout, splitter }, tools)
}

export function openFlagger(settings: FlaggerTarget, tools: SystemTools): Promise<System> {
  const { canary, container, env, namespace, timeout: timeoutMs } = settings
  const field = { container, env }
  const { steps: weights } = tools
  const splitter = (client: KubernetesClient) =>
    createFlaggerSplitter({ client, namespace, canary, field, timeoutMs, weights })
  return open(settings, { kind: FLAGGER_CANARY, name: canary, splitter }, tools)
}
