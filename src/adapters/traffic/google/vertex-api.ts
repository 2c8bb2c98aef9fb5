import * as z from 'zod'
import type { GoogleCall, GoogleClient } from '../../../clouds/google.js'
import { notUnderstood } from '../../../clouds/google-failures.js'
import type { VertexAiTarget } from '../../../config/deploy/vertex-ai.js'
import { untilDone } from './operation.js'

/** What we read of GoogleCloudAiplatformV1Endpoint. */
const Endpoint = z.object({
  etag: z.string(),
  trafficSplit: z.record(z.string(), z.number()).default({}),
  deployedModels: z.array(z.object({ id: z.string(), model: z.string().optional() })).default([]),
  dedicatedEndpointEnabled: z.boolean().default(false),
  dedicatedEndpointDns: z.string().optional(),
})
export type Endpoint = z.output<typeof Endpoint>

/** The few calls of Vertex AI that dividing the traffic of an endpoint takes. */
export interface VertexApi {
  readonly client: GoogleClient
  /** For messages. */
  readonly title: string
  /** How long a deployment may take. */
  readonly limitMs: number
  /** Where predictions are asked for. */
  predictUrl(endpoint: Endpoint): string
  read(): Promise<Endpoint>
  /** Gives the endpoint as it is afterwards; `etag` guards it. */
  setSplit(split: Readonly<Record<string, number>>, etag?: string): Promise<void>
  /** Deploys the model of the settings without users; resolves when it can have some. */
  deploy(id: string, model: NonNullable<VertexAiTarget['deploy']>): Promise<void>
}

const PERMISSION =
  'aiplatform.endpoints.get, update and deploy (roles/aiplatform.user), with iam.serviceAccounts.actAs where the model runs as another account'

/** The endpoint that the settings name. */
export function openVertexApi(settings: VertexAiTarget, client: GoogleClient): VertexApi {
  const { project, location, 'endpoint-id': id, timeout: limitMs } = settings
  const address = settings.endpoint ?? `https://${location}-aiplatform.googleapis.com`
  const base = new URL(`${address.replace(/\/+$/, '')}/v1/`)
  const place = ['projects', project, 'locations', location, 'endpoints', id]
  const name = place.map(encodeURIComponent).join('/')
  const url = new URL(name, base)
  const title = `Vertex AI endpoint ${id}`
  const call = (method: GoogleCall['method'], to: URL): GoogleCall => ({
    method,
    url: to,
    subject: title,
    where: 'deploy.vertex-ai.endpoint-id',
    permission: PERMISSION,
  })
  return {
    client,
    title,
    limitMs,
    predictUrl: ({ dedicatedEndpointEnabled: isOwn, dedicatedEndpointDns: dns }) =>
      isOwn && dns !== undefined
        ? `https://${dns.replace(/^https:\/\//, '')}/v1/${name}:predict`
        : `${url.href}:predict`,
    read: async () => {
      const parsed = Endpoint.safeParse(await client.call(call('GET', url)))
      if (parsed.success) return parsed.data
      throw notUnderstood(title)
    },
    setSplit: async (trafficSplit, etag) => {
      const to = new URL(url)
      to.searchParams.set('updateMask', 'trafficSplit')
      const guard = etag === undefined ? {} : { etag }
      await client.call({ ...call('PATCH', to), body: { trafficSplit, ...guard } })
    },
    deploy: async (canary, model) => {
      const to = new URL(`${url.href}:deployModel`)
      const body = { deployedModel: deployedModel(canary, model) }
      const wanted = { ...call('POST', to), where: 'deploy.vertex-ai.deploy', body }
      const begun = await client.call(wanted)
      await untilDone(begun, { client, call: wanted, base, limitMs })
    },
  }
}

/** Without `trafficSplit` the endpoint's own stays as it is. */
function deployedModel(id: string, settings: NonNullable<VertexAiTarget['deploy']>): object {
  const minReplicaCount = settings['min-replicas']
  const account = settings['service-account']
  const type = settings['accelerator-type']
  const accelerator =
    type === undefined
      ? {}
      : { acceleratorType: type, acceleratorCount: settings['accelerator-count'] ?? 1 }
  return {
    id,
    model: settings.model,
    displayName: `modelway-${id}`,
    ...(account === undefined ? {} : { serviceAccount: account }),
    dedicatedResources: {
      machineSpec: { machineType: settings['machine-type'], ...accelerator },
      minReplicaCount,
      maxReplicaCount: Math.max(minReplicaCount, settings['max-replicas'] ?? minReplicaCount),
    },
  }
}
