import type { TokenCredential } from '@azure/identity'
import { ExternalError, UserError } from '../errors.js'
import { createRedaction, excerptOf, headerValue, secretsIn } from '../secrets.js'

type Env = Readonly<Record<string, string | undefined>>

/** Azure as most know it, and the clouds of its own for governments and for China. */
export type AzureCloud = 'public' | 'us-government' | 'china'

/** What a token is for: the resource manager, the queries of Log Analytics, blobs, or Azure's Prometheus. */
export type AzureAudience = 'management' | 'logs' | 'storage' | 'prometheus'

/** The same in all clouds. */
const STORAGE = 'https://storage.azure.com'

const CLOUDS: Readonly<Record<AzureCloud, Readonly<Record<AzureAudience | 'authority', string>>>> =
  {
    public: {
      authority: 'https://login.microsoftonline.com',
      management: 'https://management.azure.com',
      logs: 'https://api.loganalytics.io',
      storage: STORAGE,
      prometheus: 'https://prometheus.monitor.azure.com',
    },
    'us-government': {
      authority: 'https://login.microsoftonline.us',
      management: 'https://management.usgovcloudapi.net',
      logs: 'https://api.loganalytics.us',
      storage: STORAGE,
      prometheus: 'https://prometheus.monitor.azure.us',
    },
    china: {
      authority: 'https://login.chinacloudapi.cn',
      management: 'https://management.chinacloudapi.cn',
      logs: 'https://api.loganalytics.azure.cn',
      storage: STORAGE,
      prometheus: 'https://prometheus.monitor.azure.cn',
    },
  }

/** A token that somebody else has made goes first. */
const GIVEN: Readonly<Record<AzureAudience, string>> = {
  management: 'MODELWAY_AZURE_TOKEN',
  logs: 'MODELWAY_AZURE_LOGS_TOKEN',
  storage: 'MODELWAY_AZURE_STORAGE_TOKEN',
  prometheus: 'MODELWAY_PROMETHEUS_TOKEN',
}

/** A token that ends sooner than this is replaced before it is used. */
const SPARE_MS = 5 * 60_000

export interface AzureSignInOptions {
  readonly env: Env
  readonly cloud: AzureCloud
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** What signs in where no token is given; DefaultAzureCredential in production. */
  readonly credential?: (() => Promise<TokenCredential>) | undefined
}

/** The token for an audience, a fresh one where the last is about to end. */
export type AzureTokens = (audience: AzureAudience) => Promise<string>

/** Where a cloud answers to what a token of that audience is for. */
export function azureAddress(cloud: AzureCloud, audience: 'management' | 'logs'): string {
  return CLOUDS[cloud][audience]
}

/**
 * Signs in to Azure: by a variable (MODELWAY_AZURE_TOKEN, for Log Analytics MODELWAY_AZURE_LOGS_TOKEN, for blobs
 * MODELWAY_AZURE_STORAGE_TOKEN), else by what the Azure SDKs find: variables of a service principal, workload identity (also of
 * azure/login by OIDC), managed identity, the `az` CLI. Throws UserError MW-DEPLOY-270 where none of them does.
 */
export function createAzureSignIn(options: AzureSignInOptions): AzureTokens {
  const { env, cloud, now } = options
  const held = new Map<AzureAudience, { readonly token: string; readonly until: number }>()
  const make = options.credential ?? (() => defaultCredential(cloud))
  let credential: Promise<TokenCredential> | undefined
  return async (audience) => {
    const given = env[GIVEN[audience]]?.trim()
    if (given !== undefined && given !== '') return headerValue(given, GIVEN[audience])
    const last = held.get(audience)
    if (last !== undefined && last.until > now()) return last.token
    credential ??= make()
    const fresh = await tokenOf(await credential, {
      env,
      scope: `${CLOUDS[cloud][audience]}/.default`,
    })
    const { token, expiresOnTimestamp } = fresh
    held.set(audience, { token, until: expiresOnTimestamp - SPARE_MS })
    return token
  }
}

async function defaultCredential(cloud: AzureCloud): Promise<TokenCredential> {
  const { DefaultAzureCredential } = await import('./packages/azure.js')
  return new DefaultAzureCredential(
    cloud === 'public' ? {} : { authorityHost: CLOUDS[cloud].authority },
  )
}

interface Wanted {
  readonly env: Env
  readonly scope: string
}

/** What keeps one from being signed in for a while, and is nobody's mistake. */
const PASSING = /network_error|ECONN|ENOTFOUND|EAI_AGAIN|timed? ?out|\b(?:429|5\d\d)\b/i

async function tokenOf(credential: TokenCredential, { env, scope }: Wanted) {
  try {
    const token = await credential.getToken(scope)
    if (token !== null) return token
    throw new Error('no token was given')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const said = excerptOf(reason, createRedaction(secretsIn(env)))
    if (error instanceof Error && error.name === 'AuthenticationError' && PASSING.test(reason)) {
      throw new ExternalError(
        {
          code: 'MW-DEPLOY-294',
          service: 'Microsoft Entra',
          what: `cannot be signed in to now: ${said}`,
          retryable: true,
        },
        { cause: error },
      )
    }
    throw new UserError(
      {
        code: 'MW-DEPLOY-270',
        where: 'Azure',
        what: `nothing signs in for ${scope}: ${said}`,
        fix: 'Run azure/login before, give the runner a managed or workload identity, or set MODELWAY_AZURE_TOKEN (MODELWAY_AZURE_LOGS_TOKEN for Log Analytics, MODELWAY_AZURE_STORAGE_TOKEN for blobs).',
      },
      { cause: error },
    )
  }
}
