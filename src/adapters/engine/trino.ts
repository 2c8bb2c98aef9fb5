import * as z from 'zod'
import { tableName } from '../../domain/drift/engine/dialect.js'
import { ExternalError } from '../../errors.js'
import type { EngineValue, QueryEngine, QueryResult } from '../../ports/engine.js'
import { type EnginePeer, type EngineRequest, send } from './engine-http.js'
import {
  below,
  type EngineSettings,
  firstDelayOf,
  givenVariable,
  headerValue,
  requiredKey,
  requireEncryption,
  timeoutOf,
  webAddress,
} from './engine-settings.js'
import { underClock } from './query-clock.js'
import { describing, QueryFailed, queryStopped, readJson } from './query-failures.js'
import { trinoDialect } from './trino-dialect.js'

/** One page of an answer: https://trino.io/docs/current/develop/client-protocol.html */
const Page = z.object({
  nextUri: z.string().optional(),
  columns: z.array(z.object({ name: z.string() })).optional(),
  data: z.array(z.array(z.union([z.number(), z.string(), z.boolean(), z.null()]))).optional(),
  error: z.object({ message: z.string().default(''), errorName: z.string() }).optional(),
})
type Page = z.output<typeof Page>

const NO_TABLE = new Set([
  'TABLE_NOT_FOUND',
  'SCHEMA_NOT_FOUND',
  'CATALOG_NOT_FOUND',
  'NOT_FOUND',
  'MISSING_CATALOG_NAME',
  'MISSING_SCHEMA_NAME',
  'SYNTAX_ERROR',
])
const STOPPED = new Set(['USER_CANCELED', 'ADMINISTRATIVELY_KILLED', 'ADMINISTRATIVELY_PREEMPTED'])
const READS = /^(?:SELECT|DESCRIBE) /

/**
 * Trino, and what speaks its protocol (Starburst): a statement is posted, and its pages are fetched one after the other.
 * MODELWAY_TRINO_TOKEN, or the user with MODELWAY_TRINO_PASSWORD, signs in, and over https alone but on this machine.
 */
export function createTrino(settings: EngineSettings): QueryEngine {
  const url = webAddress(requiredKey(settings, 'url', 'https://trino.example.com'))
  const { headers, secrets } = headersOf(settings, url)
  const peer: EnginePeer = {
    service: `Trino at ${url.host}`,
    signIn: 'Set MODELWAY_TRINO_TOKEN, or drift.connection.user and MODELWAY_TRINO_PASSWORD.',
    secrets,
    firstDelayMs: firstDelayOf(settings),
  }

  const service: Service = { url, headers, peer, timeoutMs: timeoutOf(settings) }
  return {
    name: peer.service,
    dialect: trinoDialect,
    query: (sql, signal) => query(service, sql, signal),
    describe: (table, signal) =>
      describing(peer, table, async () => {
        const found = await query(service, `DESCRIBE ${tableName(trinoDialect, table)}`, signal)
        return found.rows.map(([name, type]) => ({
          name: String(name),
          engineType: String(type),
          type: trinoDialect.typeOf(String(type)),
        }))
      }),
    close: async () => undefined,
  }
}

interface Service {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly peer: EnginePeer
  readonly timeoutMs: number
}

async function query(service: Service, sql: string, signal: AbortSignal): Promise<QueryResult> {
  if (!READS.test(sql)) throw new TypeError('only reading statements are sent to an engine')
  const { peer, timeoutMs, headers } = service
  const started: Started = { next: undefined }
  return await underClock(
    { service: peer.service, timeoutMs, signal },
    (within) => run(service, { sql, started }, within),
    async (within) => {
      const { next } = started
      if (next !== undefined)
        await send(() => ({ method: 'DELETE', url: next, headers }), peer, within)
    },
  )
}

async function run(
  { url, headers, peer }: Service,
  { sql, started }: { readonly sql: string; readonly started: Started },
  signal: AbortSignal,
): Promise<QueryResult> {
  const rows: (readonly EngineValue[])[] = []
  let columns: readonly string[] = []
  let request: EngineRequest = {
    method: 'POST',
    url: below(url, '/v1/statement'),
    headers,
    body: sql,
  }
  for (;;) {
    const { error, data, nextUri, ...found } = await page(request, peer, signal)
    started.next = nextUri === undefined ? undefined : pageUrl(url, nextUri)
    if (error !== undefined) throw failed(peer, error)
    columns = found.columns?.map(({ name }) => name) ?? columns
    for (const row of data ?? []) rows.push(row)
    if (started.next === undefined) return { columns, rows }
    request = { method: 'GET', url: started.next, headers }
  }
}

async function page(request: EngineRequest, peer: EnginePeer, signal: AbortSignal): Promise<Page> {
  const answer = await send(() => request, peer, signal)
  if (answer.status === 200) return readJson(Page, answer, peer)
  throw new ExternalError({
    code: 'MW-DRIFT-720',
    service: peer.service,
    status: answer.status,
    what: 'this is no answer to a statement: is it the address of a coordinator?',
    retryable: false,
  })
}

/** What of a query may still run. */
interface Started {
  next: URL | undefined
}

/** Pages are fetched where the statement was posted: credentials go nowhere else, and what is behind a proxy is not reached by its own name. */
function pageUrl(base: URL, nextUri: string): URL {
  const { pathname, search } = new URL(nextUri, base)
  return new URL(`${base.origin}${pathname}${search}`)
}

function failed(peer: EnginePeer, error: NonNullable<Page['error']>): ExternalError {
  const { message, errorName } = error
  if (STOPPED.has(errorName)) return queryStopped(peer, `${errorName}: ${message}`)
  return new QueryFailed(peer, `${errorName}: ${message}`, NO_TABLE.has(errorName))
}

interface SignIn {
  readonly authorization: string
  readonly secrets: readonly string[]
}

function signInOf(settings: EngineSettings, user: string): SignIn | undefined {
  const token = givenVariable(settings, ['MODELWAY_TRINO_TOKEN'])
  if (token !== undefined) {
    const authorization = headerValue(`Bearer ${token}`, 'MODELWAY_TRINO_TOKEN')
    return { authorization, secrets: [token] }
  }
  const password = givenVariable(settings, ['MODELWAY_TRINO_PASSWORD'])
  if (password === undefined) return undefined
  const pair = Buffer.from(`${user}:${password}`).toString('base64')
  return { authorization: `Basic ${pair}`, secrets: [password, pair] }
}

function headersOf(
  settings: EngineSettings,
  url: URL,
): Pick<Service, 'headers'> & Pick<SignIn, 'secrets'> {
  const { user = 'modelway', catalog, schema } = settings.connection
  const signIn = signInOf(settings, user)
  if (signIn !== undefined) requireEncryption(url)
  const given = {
    'X-Trino-User': user,
    ...(catalog === undefined ? {} : { 'X-Trino-Catalog': catalog }),
    ...(schema === undefined ? {} : { 'X-Trino-Schema': schema }),
  }
  for (const [name, value] of Object.entries(given)) headerValue(value, name)
  const headers = {
    ...given,
    'content-type': 'text/plain; charset=utf-8',
    'X-Trino-Source': 'modelway',
    'X-Trino-Client-Tags': 'modelway,drift-check',
    'X-Trino-Time-Zone': 'UTC',
    ...(signIn && { authorization: signIn.authorization }),
  }
  return { headers, secrets: signIn?.secrets ?? [] }
}
