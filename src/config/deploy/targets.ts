import { ArgoRolloutsTarget } from './argo-rollouts.js'
import { AzureMlTarget } from './azure-ml.js'
import { BatchTarget } from './batch.js'
import { CaddyTarget } from './caddy.js'
import { CloudRunTarget } from './cloud-run.js'
import { DeploymentsTarget } from './deployments.js'
import { DownloadTarget } from './download.js'
import { EnvoyTarget } from './envoy.js'
import { FlaggerTarget } from './flagger.js'
import { GatewayApiTarget } from './gateway-api.js'
import { GitopsTarget } from './gitops.js'
import { HaproxyTarget } from './haproxy.js'
import { IngressNginxTarget } from './ingress-nginx.js'
import { IstioTarget } from './istio.js'
import { KserveTarget } from './kserve.js'
import { LambdaTarget } from './lambda.js'
import { NginxTarget } from './nginx.js'
import { SageMakerTarget } from './sagemaker.js'
import { TraefikTarget } from './traefik.js'
import { VertexAiTarget } from './vertex-ai.js'

/** Targets that have settings of their own: each is a key of the section `deploy` of the same name. */
export const targetSections = {
  'gateway-api': GatewayApiTarget.optional().describe(
    'For target `gateway-api`: an HTTPRoute of the Kubernetes Gateway API.',
  ),
  istio: IstioTarget.optional().describe('For target `istio`: a VirtualService.'),
  'ingress-nginx': IngressNginxTarget.optional().describe(
    'For target `ingress-nginx`: an Ingress and its canary.',
  ),
  deployments: DeploymentsTarget.optional().describe(
    'For target `deployments`: two Deployments behind one Service, divided by replicas.',
  ),
  kserve: KserveTarget.optional().describe('For target `kserve`: an InferenceService.'),
  'argo-rollouts': ArgoRolloutsTarget.optional().describe(
    'For target `argo-rollouts`: a Rollout of Argo Rollouts.',
  ),
  flagger: FlaggerTarget.optional().describe('For target `flagger`: a Canary of Flagger.'),
  envoy: EnvoyTarget.optional().describe('For target `envoy`: two weighted clusters of Envoy.'),
  'cloud-run': CloudRunTarget.optional().describe(
    'For target `cloud-run`: two revisions of a service of Google Cloud Run.',
  ),
  'vertex-ai': VertexAiTarget.optional().describe(
    'For target `vertex-ai`: two deployed models of an endpoint of Google Vertex AI.',
  ),
  haproxy: HaproxyTarget.optional().describe(
    'For target `haproxy`: two servers of one backend of HAProxy.',
  ),
  'azure-ml': AzureMlTarget.optional().describe(
    'For target `azure-ml`: two deployments of an online endpoint of Azure Machine Learning.',
  ),
  sagemaker: SageMakerTarget.optional().describe(
    'For target `sagemaker`: two variants of an endpoint of Amazon SageMaker.',
  ),
  lambda: LambdaTarget.optional().describe(
    'For target `lambda`: two versions behind an alias of an AWS Lambda function.',
  ),
  traefik: TraefikTarget.optional().describe(
    'For target `traefik`: a weighted service in a file of Traefik.',
  ),
  caddy: CaddyTarget.optional().describe(
    'For target `caddy`: a file that Caddy reads at each request.',
  ),
  nginx: NginxTarget.optional().describe(
    'For target `nginx`: a split in a file that nginx includes.',
  ),
  batch: BatchTarget.optional().describe(
    'For target `batch`: a share of the partitions of a batch scoring job.',
  ),
  download: DownloadTarget.optional().describe(
    'For target `download`: a share of the devices that download a model.',
  ),
  gitops: GitopsTarget.optional().describe(
    'For target `gitops`: values in manifests that Argo CD or Flux apply.',
  ),
}

export type SystemKind = keyof typeof targetSections

/** All targets by name; `embedded` is the one that needs no other system. */
export const targetKinds = [
  'embedded',
  'gateway-api',
  'istio',
  'ingress-nginx',
  'deployments',
  'kserve',
  'argo-rollouts',
  'flagger',
  'envoy',
  'haproxy',
  'cloud-run',
  'vertex-ai',
  'sagemaker',
  'lambda',
  'traefik',
  'caddy',
  'nginx',
  'azure-ml',
  'batch',
  'download',
  'gitops',
] as const satisfies readonly (SystemKind | 'embedded')[]

/** Targets that count what users met by themselves; the others are told who does by `deploy.signals`. */
export const countingTargets: readonly (typeof targetKinds)[number][] = [
  'embedded',
  'envoy',
  'haproxy',
  'cloud-run',
  'vertex-ai',
  'sagemaker',
  'lambda',
  'azure-ml',
  'traefik',
  'caddy',
  'nginx',
]
