import { type AzureCloud, azureAddress, createAzureSignIn } from '../../clouds/azure.js'
import { type AzureRest, createAzureRest } from '../../clouds/azure-rest.js'
import type { HttpContext } from './http.js'

export interface AzureSettings {
  readonly cloud: AzureCloud
  readonly endpoint?: string | undefined
}

export interface AzureService {
  readonly rest: AzureRest
  /** An address below that of the service. */
  readonly url: (path: string) => URL
}

/** One of Azure's services, signed in to. */
export function openAzure(
  { cloud, endpoint }: AzureSettings,
  audience: 'management' | 'logs',
  { env, http }: AzureTools,
): AzureService {
  const address = (endpoint ?? azureAddress(cloud, audience)).replace(/\/+$/, '')
  return {
    rest: createAzureRest({
      env,
      tokens: createAzureSignIn({ env, cloud, now: Date.now }),
      ...http,
    }),
    url: (path) => new URL(`${address}${path}`),
  }
}

export interface AzureTools {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly http: HttpContext
}

/** The token for an Azure Monitor workspace's own address, of the cloud that it is in. */
export function azurePrometheusToken(url: string, env: AzureTools['env']): () => Promise<string> {
  const { hostname } = new URL(url)
  const other = hostname.endsWith('.azure.cn') ? 'china' : 'us-government'
  const cloud = /\.azure\.(?:cn|us)$/.test(hostname) ? other : 'public'
  const tokens = createAzureSignIn({ env, cloud, now: Date.now })
  return () => tokens('prometheus')
}
