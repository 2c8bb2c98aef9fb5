import * as z from 'zod'
import type { AzureAnswer, AzureRest } from '../../../clouds/azure-rest.js'
import { ExternalError, UserError } from '../../../errors.js'

/** The version in which endpoints were described when this was written; 2025-12-01 has the same fields. */
const API_VERSION = '2024-10-01'

const Shares = z.record(z.string(), z.int()).nullish()

/** What is read, and what of it is written back: a change replaces the whole endpoint. */
const OnlineEndpoint = z.object({
  location: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
  kind: z.string().nullish(),
  sku: z.record(z.string(), z.unknown()).nullish(),
  identity: z
    .object({
      type: z.string(),
      userAssignedIdentities: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
  properties: z.object({
    authMode: z.string(),
    description: z.string().nullish(),
    compute: z.string().nullish(),
    publicNetworkAccess: z.string().nullish(),
    properties: z.record(z.string(), z.string()).nullish(),
    traffic: Shares,
    mirrorTraffic: Shares,
    scoringUri: z.string().nullish(),
    provisioningState: z.string().nullish(),
  }),
})
export type OnlineEndpoint = z.output<typeof OnlineEndpoint>

const Deployment = z.object({ properties: z.object({ provisioningState: z.string().nullish() }) })

/** Whole percentages by the name of a deployment, in lower case; none that is 0. */
export type TrafficShares = Readonly<Record<string, number>>

export interface Wanted {
  readonly traffic: TrafficShares
  readonly mirrorTraffic: TrafficShares
}

export interface EndpointApi {
  readonly name: string
  read(): Promise<OnlineEndpoint>
  /** How far a deployment has come, such as `Succeeded`; undefined where there is none of that name. */
  stateOf(deployment: string): Promise<string | undefined>
  /** `taken`: the change is under way, or done; `conflict`: another change is. */
  write(endpoint: OnlineEndpoint, wanted: Wanted): Promise<Written>
  /** What is said of a change: its state, such as `InProgress`. */
  progress(operation: URL): Promise<{ readonly state: string; readonly problem: string }>
}

export type Written =
  | { readonly is: 'taken'; readonly operation: URL | undefined }
  | { readonly is: 'conflict'; readonly problem: string }

export interface EndpointApiOptions {
  readonly rest: AzureRest
  /** The resource manager. */
  readonly address: string
  readonly subscription: string
  readonly resourceGroup: string
  readonly workspace: string
  readonly name: string
}

/** The online endpoint of a workspace, by the resource manager. Its API has no ETag: who writes has to look before. */
export function createEndpointApi(options: EndpointApiOptions): EndpointApi {
  const { rest, name } = options
  const url = (...more: readonly string[]) => resourceUrl(options, more)
  const get = (address: URL) => rest({ method: 'GET', url: address, audience: 'management' })
  return {
    name,
    read: async () => {
      const answer = await get(url())
      if (answer.status === 404) throw notThere(options)
      return parsed(OnlineEndpoint, answer)
    },
    stateOf: async (deployment) => {
      const answer = await get(url('deployments', deployment))
      if (answer.status === 404) return undefined
      return parsed(Deployment, answer).properties.provisioningState ?? 'unknown'
    },
    write: async (endpoint, wanted) => {
      const body = bodyOf(endpoint, wanted)
      const answer = await rest({ method: 'PUT', url: url(), audience: 'management', body })
      if (answer.status === 409) return { is: 'conflict', problem: answer.problem }
      if (answer.status !== 200 && answer.status !== 201) throw refused(answer)
      return { is: 'taken', operation: operationOf(answer, options.address) }
    },
    progress: async (operation) => {
      const answer = await get(operation)
      const { status, error } = parsed(Operation, answer)
      return { state: status, problem: error?.message ?? '' }
    },
  }
}

const Operation = z.object({
  status: z.string(),
  error: z.object({ message: z.string().default('') }).nullish(),
})

function resourceUrl(options: EndpointApiOptions, more: readonly string[]): URL {
  const { address, subscription, resourceGroup, workspace, name } = options
  const parts = [
    'subscriptions',
    subscription,
    'resourceGroups',
    resourceGroup,
    'providers',
    'Microsoft.MachineLearningServices',
    'workspaces',
    workspace,
    'onlineEndpoints',
    name,
    ...more,
  ]
  const url = new URL(`${address.replace(/\/+$/, '')}/${parts.map(encodeURIComponent).join('/')}`)
  url.searchParams.set('api-version', API_VERSION)
  return url
}

/** All that the endpoint had, with other traffic; what only the server says is left out. */
function bodyOf(endpoint: OnlineEndpoint, wanted: Wanted): unknown {
  const { identity, properties } = endpoint
  const { scoringUri: _uri, provisioningState: _state, ...writable } = properties
  const ids = Object.keys(identity?.userAssignedIdentities ?? {})
  const own = ids.length === 0 ? {} : { userAssignedIdentities: asEmpty(ids) }
  const body = {
    ...withoutNulls(endpoint),
    ...(identity ? { identity: { type: identity.type, ...own } } : {}),
    properties: { ...withoutNulls(writable), ...wanted },
  }
  return body
}

/** By their ids alone: what Azure says of each is not ours to write. */
function asEmpty(ids: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(ids.map((id) => [id, {}]))
}

function withoutNulls(object: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(object).filter(([, value]) => value !== null && value !== undefined),
  )
}

/** Where a change tells how far it is. A token goes to no other server than the one that was asked. */
function operationOf(answer: AzureAnswer, address: string): URL | undefined {
  const named = answer.header('azure-asyncoperation')
  if (named === undefined || !URL.canParse(named)) return undefined
  const url = new URL(named)
  return url.origin === new URL(address).origin ? url : undefined
}

function parsed<T>(schema: z.ZodType<T>, answer: AzureAnswer): T {
  if (answer.status !== 200) throw refused(answer)
  const result = schema.safeParse(answer.json)
  if (result.success) return result.data
  throw new ExternalError({
    code: 'MW-DEPLOY-273',
    service: 'Azure Machine Learning',
    status: answer.status,
    what: 'answers with what is not understood.',
    retryable: false,
  })
}

function refused({ status, problem }: AzureAnswer): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-274',
    service: 'Azure Machine Learning',
    status,
    what: `does not take it: ${problem}`,
    retryable: status === 409 || status === 412,
  })
}

function notThere({ name, workspace }: EndpointApiOptions): UserError {
  return new UserError({
    code: 'MW-DEPLOY-275',
    where: 'deploy.azure-ml.online-endpoint',
    what: `workspace ${workspace} has no online endpoint ${name}.`,
    fix: 'Create it with a deployment of the stable version, or mend the names in deploy.azure-ml.',
  })
}
