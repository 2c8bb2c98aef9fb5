import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { tableName } from '../../domain/drift/engine/dialect.js'
import type { QueryEngine, QueryResult } from '../../ports/engine.js'
import { clickhouseCode, readClickHouseAnswer } from './clickhouse-answer.js'
import { clickhouseDialect } from './clickhouse-dialect.js'
import { type EngineAnswer, type EnginePeer, send } from './engine-http.js'
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
import { describing, requireReading } from './query-failures.js'

type Parameters = Readonly<Record<string, string>>

/** A setting that an old server does not know, or that is held within limits. */
const REFUSES_SETTINGS = new Set([115, 452])
const READONLY = 164

/**
 * ClickHouse by its HTTP interface. The server holds each answer back until it is whole (`wait_end_of_query`), so that an error in the
 * middle has its status. MODELWAY_CLICKHOUSE_USER and MODELWAY_CLICKHOUSE_PASSWORD sign in.
 */
export function createClickHouse(settings: EngineSettings): QueryEngine {
  const example = 'https://clickhouse.example.com:8443'
  const url = below(webAddress(requiredKey(settings, 'url', example)), '/')
  const { headers, secrets } = signIn(settings)
  if (secrets.length > 0) requireEncryption(url)
  const peer: EnginePeer = {
    service: `ClickHouse at ${url.host}`,
    signIn: 'Set MODELWAY_CLICKHOUSE_USER and MODELWAY_CLICKHOUSE_PASSWORD.',
    secrets,
    firstDelayMs: firstDelayOf(settings),
  }
  const timeoutMs = timeoutOf(settings)
  const levels = settingLevels(timeoutMs)
  let level = 0

  async function ask(sql: string, ids: string[], signal: AbortSignal): Promise<EngineAnswer> {
    const make = () => {
      const id = randomUUID()
      ids.push(id)
      const parameters = { ...fixedParameters(settings, id), ...levels[level] }
      return { method: 'POST' as const, url: withParameters(url, parameters), headers, body: sql }
    }
    const answer = await send(make, peer, signal)
    if (!refusesSettings(answer) || level + 1 >= levels.length) return answer
    level++
    return await ask(sql, ids, signal)
  }

  async function kill(ids: readonly string[], signal: AbortSignal): Promise<void> {
    if (ids.length === 0) return
    const list = ids.map((id) => `'${id}'`).join(', ')
    const body = `KILL QUERY WHERE query_id IN (${list}) ASYNC`
    await send(() => ({ method: 'POST', url, headers, body }), peer, signal)
  }

  async function query(sql: string, signal: AbortSignal): Promise<QueryResult> {
    requireReading(sql)
    const ids: string[] = []
    return await underClock(
      { service: peer.service, timeoutMs, signal },
      async (within) => readClickHouseAnswer(await ask(sql, ids, within), peer),
      (within) => kill(ids, within),
    )
  }

  return {
    name: peer.service,
    dialect: clickhouseDialect,
    query,
    describe: (table, signal) =>
      describing(peer, table, async () => {
        const sql = `DESCRIBE TABLE ${tableName(clickhouseDialect, table)}`
        return Described.parse((await query(sql, signal)).rows)
      }),
    close: async () => undefined,
  }
}

/** Further columns say about defaults and comments. */
const Described = z.array(
  z.tuple([z.string(), z.string()], z.unknown()).transform(([name, engineType]) => ({
    name,
    engineType,
    type: clickhouseDialect.typeOf(engineType),
  })),
)

function signIn(settings: EngineSettings): {
  readonly headers: Parameters
  readonly secrets: readonly string[]
} {
  const user =
    settings.connection.user ?? givenVariable(settings, ['MODELWAY_CLICKHOUSE_USER']) ?? 'default'
  const password = givenVariable(settings, ['MODELWAY_CLICKHOUSE_PASSWORD'])
  const key = password === undefined ? {} : { 'X-ClickHouse-Key': password }
  const headers = { 'X-ClickHouse-User': user, ...key }
  for (const [name, value] of Object.entries(headers)) headerValue(value, name)
  const plain = { 'content-type': 'text/plain; charset=utf-8' }
  return { headers: { ...headers, ...plain }, secrets: password === undefined ? [] : [password] }
}

/** These are no settings, and everybody may give them. */
function fixedParameters({ connection }: EngineSettings, queryId: string): Parameters {
  const { schema } = connection
  return {
    default_format: 'JSONCompact',
    wait_end_of_query: '1',
    query_id: queryId,
    ...(schema === undefined ? {} : { database: schema }),
  }
}

/** Of users who may only read, too, who are refused settings, and not only writing, by the same number. */
function refusesSettings(answer: EngineAnswer): boolean {
  if (answer.status === 200) return false
  const code = clickhouseCode(answer) ?? 0
  return code === READONLY
    ? /Cannot (?:modify|override)\b.* setting/.test(answer.text)
    : REFUSES_SETTINGS.has(code)
}

/** From what is best to what a user has who may set nothing; `readonly` comes last, since old servers heed it from there on. */
function settingLevels(timeoutMs: number): readonly Parameters[] {
  const old = {
    max_execution_time: String(Math.max(1, Math.ceil(timeoutMs / 1000))),
    output_format_json_quote_denormals: '1',
  }
  const now = {
    output_format_json_quote_64bit_integers: '1',
    cancel_http_readonly_queries_on_client_close: '1',
    prefer_column_name_to_alias: '1',
  }
  const readonly = { readonly: '1' }
  return [{ ...old, ...now, ...readonly }, { ...old, ...readonly }, readonly, old, {}]
}

function withParameters(url: URL, parameters: Parameters): URL {
  const full = new URL(url)
  for (const [name, value] of Object.entries(parameters)) full.searchParams.set(name, value)
  return full
}
