import { UserError } from '../errors.js'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

/** The credentials of now; with `refresh` those that are kept count no more. */
export type AwsSignIn = (how?: {
  readonly refresh?: boolean | undefined
}) => Promise<AwsCredentials>

type Env = Readonly<Record<string, string | undefined>>

/**
 * The keys of the environment where they are given, else what the chain of the AWS SDK finds: profiles and SSO, web
 * identity, containers and instances. The chain is asked before each request, and renews what ends in less than five minutes.
 */
export function awsSignIn(env: Env, where: string): AwsSignIn {
  const accessKeyId = given(env, 'AWS_ACCESS_KEY_ID')
  const secretAccessKey = given(env, 'AWS_SECRET_ACCESS_KEY')
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    const sessionToken = given(env, 'AWS_SESSION_TOKEN')
    return async () => ({ accessKeyId, secretAccessKey, sessionToken })
  }
  let chain: Promise<(options: { forceRefresh: boolean }) => Promise<AwsCredentials>> | undefined
  return async ({ refresh = false } = {}) => {
    chain ??= import('./packages/aws.js').then(({ defaultProvider }) => defaultProvider())
    const find = await chain
    try {
      return await find({ forceRefresh: refresh })
    } catch (error) {
      throw noCredentials(where, error)
    }
  }
}

export function given(env: Env, name: string): string | undefined {
  const value = env[name]?.trim()
  return value === undefined || value === '' ? undefined : value
}

/** What a provider says may quote a file or a program's output: it stays in the cause. */
function noCredentials(where: string, cause: unknown): UserError {
  return new UserError(
    {
      code: 'MW-DEPLOY-220',
      where,
      what: 'no credentials for AWS were found, neither in the environment nor by the chain of the AWS SDK.',
      fix: 'Sign in with aws-actions/configure-aws-credentials (id-token: write), set AWS_PROFILE, or give the runner a role.',
    },
    { cause },
  )
}
