import { randomUUID } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import * as z from 'zod'
import { type EngineColumn, tableParts } from '../../domain/drift/engine/dialect.js'
import { UserError } from '../../errors.js'
import type { QueryEngine, QueryResult } from '../../ports/engine.js'
import { type EngineAnswer, type EnginePeer, send, signInRefused } from './engine-http.js'
import {
  type EngineSettings,
  firstDelayOf,
  givenVariable,
  requiredKey,
  requiredSecret,
  requireEncryption,
  timeoutOf,
  webAddress,
} from './engine-settings.js'
import { poll, underClock } from './query-clock.js'
import {
  describing,
  jsonOf,
  QueryFailed,
  queryStopped,
  readJson,
  requireReading,
} from './query-failures.js'
import { trinoDialect } from './trino-dialect.js'

const Started = z.object({ QueryExecutionId: z.string() })
const Execution = z.object({
  QueryExecution: z.object({
    Status: z.object({
      State: z.enum(['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED']),
      StateChangeReason: z.string().default('no reason was given'),
    }),
  }),
})
const Results = z.object({
  NextToken: z.string().optional(),
  ResultSet: z.object({
    Rows: z.array(z.object({ Data: z.array(z.object({ VarCharValue: z.string().optional() })) })),
    ResultSetMetadata: z.object({ ColumnInfo: z.array(z.object({ Name: z.string() })) }),
  }),
})
const Column = z.object({ Name: z.string(), Type: z.string().default('') })
const Table = z.object({
  TableMetadata: z.object({
    Columns: z.array(Column).default([]),
    PartitionKeys: z.array(Column).default([]),
  }),
})
const Failure = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
})

/** By these names AWS refuses who signs in; all come with status 400. */
const SIGN_IN =
  /AccessDenied|UnrecognizedClient|InvalidSignature|ExpiredToken|IncompleteSignature|MissingAuthentication|InvalidClientTokenId/

/**
 * Athena (engine version 3, whose SQL is Trino's) by the API of AWS, signed with AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
 * AWS_SESSION_TOKEN. `warehouse` is the work group, which says where results are kept; `catalog` and `schema` are of plain names.
 */
export function createAthena(settings: EngineSettings): QueryEngine {
  const service = serviceOf(settings)
  const { peer, timeoutMs } = service
  return {
    name: peer.service,
    dialect: trinoDialect,
    query: (sql, signal) => query(service, sql, signal),
    describe: (table, signal) =>
      describing(peer, table, () =>
        underClock(
          { service: peer.service, timeoutMs, signal },
          (within) => describe(service, table, within),
          async () => undefined,
        ),
      ),
    close: async () => undefined,
  }
}

interface Service {
  readonly url: URL
  readonly aws: AwsClient
  readonly peer: EnginePeer
  readonly timeoutMs: number
  readonly workGroup: string
  readonly catalog: string
  readonly database: string | undefined
}

function serviceOf(settings: EngineSettings): Service {
  const { connection } = settings
  const region =
    connection.region ?? givenVariable(settings, ['AWS_REGION', 'AWS_DEFAULT_REGION']) ?? ''
  if (region === '') requiredKey(settings, 'region', 'eu-central-1')
  const url = webAddress(connection.url ?? `https://athena.${region}.amazonaws.com`)
  requireEncryption(url)
  const accessKeyId = requiredSecret(settings, ['AWS_ACCESS_KEY_ID'])
  const secretAccessKey = requiredSecret(settings, ['AWS_SECRET_ACCESS_KEY'])
  const sessionToken = givenVariable(settings, ['AWS_SESSION_TOKEN'])
  const keys = {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
  return {
    url,
    aws: new AwsClient({ ...keys, region, service: 'athena' }),
    peer: {
      service: `Athena at ${url.host}`,
      signIn:
        'Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN (aws-actions/configure-aws-credentials does).',
      secrets: [secretAccessKey, ...(sessionToken === undefined ? [] : [sessionToken])],
      firstDelayMs: firstDelayOf(settings),
      meaningOf,
    },
    timeoutMs: timeoutOf(settings),
    workGroup: connection.warehouse ?? 'primary',
    catalog: connection.catalog ?? 'AwsDataCatalog',
    database: connection.schema,
  }
}

/** AWS refuses who is too fast by status 400, as it does what is wrong; its own failures have 500. */
function meaningOf({ status, text }: EngineAnswer): 'busy' | undefined {
  const type = status < 400 ? '' : (Failure.safeParse(jsonOf(text)).data?.__type ?? '')
  return /TooManyRequests|Throttl|InternalServer/.test(type) ? 'busy' : undefined
}

interface Operation {
  readonly name: string
  readonly input: Readonly<Record<string, unknown>>
}

/** Signed anew for each attempt: a signature holds for minutes. */
async function call<T>(
  { url, aws, peer }: Service,
  { name, input, answers }: Operation & { readonly answers: z.ZodType<T> },
  signal: AbortSignal,
): Promise<T> {
  const body = JSON.stringify(input)
  const make = async () => {
    const signed = await aws.sign(url.href, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonAthena.${name}`,
      },
      body,
    })
    return { method: 'POST' as const, url, headers: Object.fromEntries(signed.headers), body }
  }
  const answer = await send(make, peer, signal)
  if (answer.status !== 200) throw failureOf(answer, peer)
  return readJson(answers, answer, peer)
}

async function query(service: Service, sql: string, signal: AbortSignal): Promise<QueryResult> {
  requireReading(sql)
  const { peer, timeoutMs } = service
  let id: string | undefined
  const work = async (within: AbortSignal): Promise<QueryResult> => {
    const input = startInput(service, sql)
    const start = { name: 'StartQueryExecution', input, answers: Started }
    id = (await call(service, start, within)).QueryExecutionId
    await ending(service, id, within)
    return await results(service, id, within)
  }
  const cancel = async (within: AbortSignal): Promise<void> => {
    if (id === undefined) return
    const input = { QueryExecutionId: id }
    await call(service, { name: 'StopQueryExecution', input, answers: z.unknown() }, within)
  }
  return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
}

/** The token makes a repeated request the same one: it is run once. */
function startInput({ workGroup, catalog, database }: Service, sql: string) {
  return {
    QueryString: sql,
    ClientRequestToken: randomUUID(),
    WorkGroup: workGroup,
    QueryExecutionContext: {
      Catalog: catalog,
      ...(database === undefined ? {} : { Database: database }),
    },
  }
}

async function ending(service: Service, id: string, signal: AbortSignal): Promise<void> {
  const { peer } = service
  const operation = {
    name: 'GetQueryExecution',
    input: { QueryExecutionId: id },
    answers: Execution,
  }
  const status = async () => {
    const { Status } = (await call(service, operation, signal)).QueryExecution
    return Status.State === 'QUEUED' || Status.State === 'RUNNING' ? undefined : Status
  }
  const { State, StateChangeReason } = await poll(status, peer.firstDelayMs, signal)
  if (State === 'CANCELLED') throw queryStopped(peer, StateChangeReason)
  if (State === 'FAILED') {
    throw new QueryFailed(
      peer,
      StateChangeReason,
      /TABLE_NOT_FOUND|SCHEMA_NOT_FOUND/.test(StateChangeReason),
    )
  }
}

/** The first row of the first page repeats the names of the columns. */
async function results(service: Service, id: string, signal: AbortSignal): Promise<QueryResult> {
  const rows: (readonly (string | null)[])[] = []
  let columns: readonly string[] | undefined
  let token: string | undefined
  do {
    const input = {
      QueryExecutionId: id,
      MaxResults: 1000,
      ...(token === undefined ? {} : { NextToken: token }),
    }
    const operation = { name: 'GetQueryResults', input, answers: Results }
    const { ResultSet, NextToken } = await call(service, operation, signal)
    const found = ResultSet.Rows.slice(columns === undefined ? 1 : 0)
    columns ??= ResultSet.ResultSetMetadata.ColumnInfo.map(({ Name }) => Name)
    for (const { Data } of found) rows.push(Data.map(({ VarCharValue }) => VarCharValue ?? null))
    token = NextToken
  } while (token !== undefined)
  return { columns: columns ?? [], rows }
}

async function describe(
  service: Service,
  table: string,
  signal: AbortSignal,
): Promise<readonly EngineColumn[]> {
  const [name, database = service.database, catalog = service.catalog] = [
    ...(tableParts(table) ?? []),
  ].reverse()
  if (name === undefined || database === undefined) {
    throw new UserError({
      code: 'MW-DRIFT-771',
      where: service.peer.service,
      what: `${JSON.stringify(table)} names no database`,
      fix: 'Write database.table, or set drift.connection.schema.',
    })
  }
  const input = {
    CatalogName: catalog,
    DatabaseName: database,
    TableName: name,
    WorkGroup: service.workGroup,
  }
  const operation = { name: 'GetTableMetadata', input, answers: Table }
  const { Columns, PartitionKeys } = (await call(service, operation, signal)).TableMetadata
  return [...Columns, ...PartitionKeys].map(({ Name, Type }) => ({
    name: Name,
    engineType: Type,
    type: trinoDialect.typeOf(Type),
  }))
}

function failureOf(answer: EngineAnswer, peer: EnginePeer): Error {
  const { __type: type, message, Message } = readJson(Failure, answer, peer)
  const text = `${type}: ${message ?? Message ?? ''}`
  if (SIGN_IN.test(type)) return signInRefused(peer, answer.status, text)
  const lacksTable = /EntityNotFound|MetadataException/.test(text)
  return new QueryFailed(peer, text, lacksTable)
}
