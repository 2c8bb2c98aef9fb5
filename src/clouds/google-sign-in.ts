import { ExternalError, UserError } from '../errors.js'
import { createRedaction, excerptOf, headerValue, secretsIn } from '../secrets.js'

export type Env = Readonly<Record<string, string | undefined>>

export interface GoogleSignIn {
  /** Whether another token can be had. */
  readonly canRenew: boolean
  /** An access token that holds now; with `renew` one that was not given before. */
  token(renew: boolean): Promise<string>
}

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const TOKENS = ['MODELWAY_GOOGLE_TOKEN', 'GOOGLE_OAUTH_ACCESS_TOKEN'] as const

/**
 * Signs in to Google Cloud: by a token of the environment, else by the application default credentials (the file that
 * google-github-actions/auth writes for workload identity federation, a service account, gcloud's own, the metadata
 * server). The latter are renewed shortly before they end.
 */
export function createGoogleSignIn(env: Env): GoogleSignIn {
  for (const name of TOKENS) {
    const token = env[name]?.trim() ?? ''
    if (token === '') continue
    return { canRenew: false, token: async () => headerValue(token, name) }
  }
  return applicationDefault(env)
}

interface Source {
  getAccessToken(): Promise<string | null | undefined>
}

function applicationDefault(env: Env): GoogleSignIn {
  let source: Promise<Source> | undefined
  return {
    canRenew: true,
    token: async (renew) => {
      if (renew) source = undefined
      source ??= openSource(env)
      try {
        const token = await (await source).getAccessToken()
        if (token !== null && token !== undefined && token !== '') return token
      } catch (error) {
        source = undefined
        throw isPassing(error) ? away(env, error) : noCredentials(env, error)
      }
      throw noCredentials(env, 'they gave no access token')
    },
  }
}

/** The library keeps a token until shortly before its end; a new client of it has none. */
async function openSource(env: Env): Promise<Source> {
  const { GoogleAuth } = await import('./packages/google.js')
  const file = env['GOOGLE_APPLICATION_CREDENTIALS'] ?? ''
  return new GoogleAuth({ scopes: [SCOPE], ...(file === '' ? {} : { keyFilename: file }) })
}

/** Whether the other side is busy or cannot be reached, as the library's errors say it. */
function isPassing(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false
  const status = 'status' in error ? Number(error.status) : Number.NaN
  if (status === 429 || status >= 500) return true
  const code = 'code' in error ? String(error.code) : ''
  return /^E(?!NOENT|ACCES|ISDIR)[A-Z_]+$/.test(code)
}

function away(env: Env, error: unknown): ExternalError {
  const reason = error instanceof Error ? error.message : String(error)
  const what = `cannot sign in now: ${excerptOf(reason, createRedaction(secretsIn(env)))}`
  const details = { code: 'MW-DEPLOY-264', service: 'Google Cloud', what, retryable: true }
  return new ExternalError(details, { cause: error })
}

function noCredentials(env: Env, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error)
  const hide = createRedaction(secretsIn(env))
  return new UserError(
    {
      code: 'MW-DEPLOY-251',
      where: 'Google Cloud',
      what: `the application default credentials cannot sign in: ${excerptOf(reason, hide)}`,
      fix: 'Sign in with google-github-actions/auth (workload identity federation), or set MODELWAY_GOOGLE_TOKEN to an access token.',
    },
    { cause: error },
  )
}
