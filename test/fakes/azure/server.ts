import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { countRows, type TrafficRow } from './log-analytics.js'
import { OnlineEndpointFake } from './machine-learning.js'
import { answerMetrics } from './monitor.js'

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555'
export const LOG_WORKSPACE = '99999999-8888-4777-8666-555555555555'

/** What signs in to the fake: a token for each audience. */
export const AZURE_ENV = {
  MODELWAY_AZURE_TOKEN: 'token-for-management',
  MODELWAY_AZURE_LOGS_TOKEN: 'token-for-logs',
}

export const ENDPOINT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/ml/providers/Microsoft.MachineLearningServices/workspaces/team/onlineEndpoints/churn`

export interface AzureFake {
  readonly url: string
  readonly endpoint: OnlineEndpointFake
  readonly rows: TrafficRow[]
  /** Answers the next requests with these instead; each once. */
  readonly next: { readonly status: number; readonly retryAfter?: string }[]
  readonly received: string[]
  close(): Promise<void>
}

/** The resource manager with one online endpoint, and a workspace of Log Analytics, on loopback. */
export async function startAzure(compute?: string): Promise<AzureFake> {
  const endpoint = new OnlineEndpointFake({
    location: 'westeurope',
    kind: 'Managed',
    tags: { team: 'churn' },
    identity: {
      type: 'SystemAssigned,UserAssigned',
      principalId: 'p',
      tenantId: 't',
      userAssignedIdentities: { '/subscriptions/x/id': { clientId: 'c', principalId: 'p' } },
    },
    sku: null,
    properties: {
      authMode: 'Key',
      description: null,
      properties: { created: 'by hand' },
      traffic: { blue: 100 },
      mirrorTraffic: {},
      ...(compute === undefined ? {} : { compute }),
    },
  } as ConstructorParameters<typeof OnlineEndpointFake>[0])
  const fake = {
    endpoint,
    rows: [] as TrafficRow[],
    next: [] as AzureFake['next'],
    received: [] as string[],
  }
  const server = createServer((request, response) => void answer(fake, request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...fake,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

type State = Pick<AzureFake, 'endpoint' | 'rows' | 'next' | 'received'>

interface Reply {
  readonly status: number
  readonly body: unknown
  readonly headers?: Record<string, string>
}

async function answer(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString('utf8')
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
  const { method = '', headers } = request
  state.received.push(`${method} ${url.pathname}`)
  const reply = replyTo(state, { method, url, text, token: headers.authorization })
  response
    .writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
    .end(JSON.stringify(reply.body))
}

interface Exchange {
  readonly method: string
  readonly url: URL
  readonly text: string
  readonly token: string | undefined
}

function replyTo(state: State, exchange: Exchange): Reply {
  const { url, token } = exchange
  const fault = state.next.shift()
  if (fault !== undefined) {
    const headers: Record<string, string> =
      fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
    return { ...error(fault.status, 'Throttled', 'not now'), headers }
  }
  const isLogs = url.pathname.startsWith('/v1/')
  const wanted = isLogs ? AZURE_ENV.MODELWAY_AZURE_LOGS_TOKEN : AZURE_ENV.MODELWAY_AZURE_TOKEN
  if (token !== `Bearer ${wanted}`) {
    return error(401, 'InvalidAuthenticationToken', 'The audience is invalid.')
  }
  if (isLogs) return logs(state, exchange)
  if (decodeURIComponent(url.pathname) === `${ENDPOINT}/providers/microsoft.insights/metrics`) {
    return answerMetrics(url.searchParams, state.rows)
  }
  if (url.searchParams.get('api-version') !== '2024-10-01') {
    return error(400, 'NoRegisteredProviderFound', 'api-version')
  }
  return manage(state, exchange)
}

function error(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message } } }
}

function logs({ rows }: State, { url, text }: Exchange): Reply {
  if (url.pathname !== `/v1/workspaces/${LOG_WORKSPACE}/query`) {
    return error(404, 'WorkspaceNotFoundError', 'no such workspace')
  }
  try {
    const count = countRows((JSON.parse(text) as { query: string }).query, rows)
    const columns = [{ name: 'Count', type: 'long' }]
    return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns, rows: [[count]] }] } }
  } catch (thrown) {
    return error(400, 'BadArgumentError', String(thrown))
  }
}

function manage({ endpoint }: State, { method, url, text }: Exchange): Reply {
  const path = decodeURIComponent(url.pathname)
  const operation = /^\/operations\/([\w-]+)$/.exec(path)?.[1]
  if (operation !== undefined) return operationReply(endpoint.operation(operation))
  const deployment = path.startsWith(`${ENDPOINT}/deployments/`)
    ? path.split('/').at(-1)
    : undefined
  const state = endpoint.deployments.get(deployment ?? '')
  if (method === 'GET' && state !== undefined) {
    const body = { location: 'westeurope', properties: { provisioningState: state } }
    return { status: 200, body }
  }
  if (path !== ENDPOINT) return error(404, 'ResourceNotFound', path)
  if (method === 'GET') return { status: 200, body: endpoint.get() }
  if (method !== 'PUT') return error(405, 'MethodNotAllowed', method)
  const done = endpoint.put(JSON.parse(text))
  if ('status' in done) return error(done.status, done.code, done.message)
  const address = `${url.origin}/operations/${done.operation}?api-version=2024-10-01`
  return { status: 201, body: endpoint.get(), headers: { 'azure-asyncoperation': address } }
}

function operationReply(status: string | undefined): Reply {
  if (status === undefined) return error(404, 'NotFound', 'operation')
  const failed = { error: { code: 'InternalError', message: 'no capacity' } }
  return { status: 200, body: { status, ...(status === 'Failed' ? failed : {}) } }
}
