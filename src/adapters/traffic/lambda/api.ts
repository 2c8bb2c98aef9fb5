import * as z from 'zod'
import { type Aws, AwsRefusal, type AwsRequest } from '../../../clouds/aws.js'
import { ExternalError } from '../../../errors.js'

const Alias = z.object({
  FunctionVersion: z.string(),
  RevisionId: z.string().min(1),
  RoutingConfig: z
    .object({ AdditionalVersionWeights: z.record(z.string(), z.number()).nullish() })
    .nullish(),
})
const Configuration = z.object({
  Version: z.string(),
  State: z.string().optional(),
  StateReason: z.string().optional(),
})

/** Which versions the users of an alias meet. */
export interface AliasRoutes {
  readonly version: string
  /** Shares of further versions, 0 to 1. */
  readonly others: Readonly<Record<string, number>>
}

export interface AliasState extends AliasRoutes {
  readonly revision: string
}

export interface AliasApi {
  /** For messages. */
  readonly title: string
  read(): Promise<AliasState>
  /** Undefined where the revision is not that of the alias any more; without one it is written in any case. */
  write(routes: AliasRoutes, revision: string | undefined): Promise<AliasState | undefined>
  /** Why a version cannot be invoked; undefined where it can. */
  broken(version: string): Promise<string | undefined>
}

export function createAliasApi(
  aws: Aws,
  { function: name, alias }: { readonly function: string; readonly alias: string },
): AliasApi {
  const base = `/2015-03-31/functions/${encodeURIComponent(name)}`
  const path = `${base}/aliases/${encodeURIComponent(alias)}`
  const title = `alias ${alias} of function ${name}`
  const ask = async (request: AwsRequest) => stateOf(await aws.send(request), title)
  return {
    title,
    read: () => ask({ method: 'GET', path }),
    write: async ({ version, others }, revision) => {
      const body = {
        FunctionVersion: version,
        RoutingConfig: { AdditionalVersionWeights: others },
        ...(revision === undefined ? {} : { RevisionId: revision }),
      }
      try {
        const headers = { 'content-type': 'application/json' }
        return await ask({ method: 'PUT', path, headers, body })
      } catch (error) {
        if (error instanceof AwsRefusal && error.failure.status === 412) return undefined
        throw error
      }
    },
    broken: async (version) => {
      const query = new URLSearchParams({ Qualifier: version })
      const answer = await aws.send({ method: 'GET', path: `${base}/configuration?${query}` })
      const parsed = Configuration.safeParse(answer)
      if (!parsed.success) throw notUnderstood(title)
      const { State: state, StateReason: reason } = parsed.data
      if (state === undefined || ['Active', 'Inactive', 'Pending'].includes(state)) return undefined
      return reason ?? `its state is ${state}.`
    },
  }
}

function stateOf(answer: unknown, title: string): AliasState {
  const parsed = Alias.safeParse(answer)
  if (!parsed.success) throw notUnderstood(title)
  const { FunctionVersion: version, RevisionId: revision, RoutingConfig } = parsed.data
  return { version, revision, others: RoutingConfig?.AdditionalVersionWeights ?? {} }
}

function notUnderstood(title: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-226',
    service: `Lambda, ${title}`,
    what: 'it answers with what is not understood.',
    retryable: false,
  })
}
