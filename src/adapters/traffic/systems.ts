import type { SystemKind } from '../../config/deploy/targets.js'
import type { DeploySection } from '../../config/deploy.js'
import { UserError } from '../../errors.js'
import type { System, SystemTools } from './system.js'

type Settings<Kind extends SystemKind> = NonNullable<DeploySection[Kind]>

const kubernetes = () => import('./kubernetes/open.js')

const systems: {
  readonly [Kind in SystemKind]: (settings: Settings<Kind>, tools: SystemTools) => Promise<System>
} = {
  'gateway-api': async (settings, tools) => (await kubernetes()).openGatewayApi(settings, tools),
  istio: async (settings, tools) => (await kubernetes()).openIstio(settings, tools),
  'ingress-nginx': async (settings, tools) =>
    (await kubernetes()).openIngressNginx(settings, tools),
  deployments: async (settings, tools) => (await kubernetes()).openDeployments(settings, tools),
  kserve: async (settings, tools) => (await kubernetes()).openKserve(settings, tools),
  'argo-rollouts': async (settings, tools) =>
    (await kubernetes()).openArgoRollouts(settings, tools),
  flagger: async (settings, tools) => (await kubernetes()).openFlagger(settings, tools),
  envoy: async (settings) => (await import('./envoy/open.js')).openEnvoy(settings),
  'cloud-run': async (settings, tools) =>
    (await import('./google/open.js')).openCloudRun(settings, tools),
  'vertex-ai': async (settings, tools) =>
    (await import('./google/open.js')).openVertexAi(settings, tools),
  sagemaker: async (settings, tools) =>
    (await import('./sagemaker/open.js')).openSageMaker(settings, tools),
  lambda: async (settings, tools) => (await import('./lambda/open.js')).openLambda(settings, tools),
  haproxy: async (settings) => (await import('./haproxy/open.js')).openHaproxy(settings),
  traefik: async (settings, tools) =>
    (await import('./traefik/open.js')).openTraefik(settings, tools),
  nginx: async (settings, tools) => (await import('./nginx/open.js')).openNginx(settings, tools),
  caddy: async (settings) => (await import('./caddy/open.js')).openCaddy(settings),
  'azure-ml': async (settings, tools) =>
    (await import('./azure-ml/open.js')).openAzureMl(settings, tools),
  batch: async (settings, tools) => (await import('./manifest/open.js')).openBatch(settings, tools),
  download: async (settings, tools) =>
    (await import('./manifest/open.js')).openDownload(settings, tools),
  gitops: async (settings, tools) => (await import('./gitops/open.js')).openGitops(settings, tools),
}

/** Opens the system of a kind with its own section of the settings; only the one that is named is loaded. */
export function openSystem<Kind extends SystemKind>(
  kind: Kind,
  section: DeploySection,
  tools: SystemTools,
): Promise<System> {
  const settings: DeploySection[Kind] = section[kind]
  if (settings === undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-054',
      where: `deploy.${kind}`,
      what: `the target is ${kind}, and it is not said which.`,
      fix: `Write the section deploy.${kind} (docs/configuration.md).`,
    })
  }
  return systems[kind](settings, tools)
}
