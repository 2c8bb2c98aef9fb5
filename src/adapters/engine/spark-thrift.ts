import { UserError } from '../../errors.js'
import type { QueryEngine, QueryResult } from '../../ports/engine.js'
import { brokenOff, type EnginePeer } from './engine-http.js'
import {
  type EngineSettings,
  firstDelayOf,
  givenVariable,
  headerValue,
  requiredKey,
  requireEncryption,
  timeoutOf,
} from './engine-settings.js'
import {
  columnNamesIn,
  executeRequest,
  fetchRequest,
  type HiveSignIn,
  handleRequest,
  openSessionRequest,
  refusalIn,
  rowsIn,
  stateIn,
  structIn,
  textIn,
} from './hive-protocol.js'
import {
  type HiveServer,
  type HiveTransport,
  httpTransport,
  socketTransport,
} from './hive-transport.js'
import { poll, underClock } from './query-clock.js'
import { describing, QueryFailed, queryStopped, requireReading } from './query-failures.js'
import { sparkDialect } from './spark-dialect.js'
import { describeBySelect, lacksSparkTable } from './spark-types.js'
import {
  callMessage,
  replyOf,
  ThriftError,
  type ThriftOutFields,
  type ThriftStruct,
} from './thrift-binary.js'

const MOST_ROWS = 10_000
const PASSWORD = 'MODELWAY_SPARK_PASSWORD'
const TOKEN = 'MODELWAY_SPARK_TOKEN'

/**
 * Spark by the protocol of HiveServer2, as its Thrift server speaks it: `thrift://host:10000` (SASL PLAIN), or `http://` and `https://` where
 * the server has `hive.server2.transport.mode` http. MODELWAY_SPARK_PASSWORD signs the user in, over HTTP MODELWAY_SPARK_TOKEN too.
 */
export function createSparkThrift(settings: EngineSettings): QueryEngine {
  const target = targetOf(settings)
  const { peer } = target
  const query = (sql: string, signal: AbortSignal) => run(target, sql, signal)
  return {
    name: peer.service,
    dialect: sparkDialect,
    query,
    describe: (table, signal) =>
      describing(peer, table, () => describeBySelect((sql) => query(sql, signal), table)),
    close: async () => undefined,
  }
}

interface Target {
  readonly open: (signal: AbortSignal) => Promise<HiveTransport>
  readonly signIn: HiveSignIn
  readonly peer: EnginePeer
  readonly timeoutMs: number
}

type Call = (method: string, request: ThriftOutFields, signal: AbortSignal) => Promise<ThriftStruct>

/** Each query has a session of its own, which ends with it. */
async function run(target: Target, sql: string, signal: AbortSignal): Promise<QueryResult> {
  requireReading(sql)
  const { peer, timeoutMs } = target
  let call: Call | undefined
  let transport: HiveTransport | undefined
  let operation: ThriftStruct | undefined
  const work = async (within: AbortSignal): Promise<QueryResult> => {
    transport = await target.open(within)
    call = callsOf(transport, peer)
    const opened = await call('OpenSession', openSessionRequest(target.signIn), within)
    const session = structIn(opened, 3, 'the session')
    const begun = await call('ExecuteStatement', executeRequest(session, sql), within)
    operation = structIn(begun, 2, 'the operation')
    await ending(call, { operation, peer }, within)
    const result = await fetchAll(call, operation, within)
    await call('CloseSession', handleRequest(session), within)
    return result
  }
  const cancel = async (within: AbortSignal): Promise<void> => {
    if (operation === undefined || call === undefined) return
    await call('CancelOperation', handleRequest(operation), within)
  }
  try {
    return await underClock({ service: peer.service, timeoutMs, signal }, work, cancel)
  } catch (error) {
    throw error instanceof ThriftError ? brokenOff(peer, error.message, error) : error
  } finally {
    transport?.close()
  }
}

/** Calls wait for each other: what is cancelled in the middle of one is cancelled after it. */
function callsOf(transport: HiveTransport, peer: EnginePeer): Call {
  let sequence = 0
  let last: Promise<unknown> = Promise.resolve()
  return async (method, request, signal) => {
    const number = ++sequence
    const answered = last
      .catch(() => undefined)
      .then(async () => {
        const message = callMessage(method, number, request)
        return replyOf(await transport.exchange(message, signal), method, number)
      })
    last = answered
    const answer = await answered
    const refusal = refusalIn(answer)
    if (refusal !== undefined) throw failure(peer, refusal)
    return answer
  }
}

interface Started {
  readonly operation: ThriftStruct
  readonly peer: EnginePeer
}

async function ending(
  call: Call,
  { operation, peer }: Started,
  signal: AbortSignal,
): Promise<void> {
  const ask = async () => {
    const answer = await call('GetOperationStatus', handleRequest(operation), signal)
    return stateIn(answer) === 'running' ? undefined : answer
  }
  const answer = await poll(ask, Math.min(peer.firstDelayMs, 200), signal)
  const state = stateIn(answer)
  if (state === 'finished') return
  const words = textIn(answer, 5) || 'no reason was given'
  throw state === 'stopped' ? queryStopped(peer, words) : failure(peer, words)
}

function failure(peer: EnginePeer, words: string): QueryFailed {
  const message = words.trim().split('\n', 1)[0] ?? ''
  return new QueryFailed(peer, message, lacksSparkTable(words))
}

/** Until a page is empty, whatever the server says of more: HiveServer2 says wrong. */
async function fetchAll(
  call: Call,
  operation: ThriftStruct,
  signal: AbortSignal,
): Promise<QueryResult> {
  const metadata = await call('GetResultSetMetadata', handleRequest(operation), signal)
  const rows: QueryResult['rows'][number][] = []
  for (;;) {
    const page = rowsIn(await call('FetchResults', fetchRequest(operation, MOST_ROWS), signal))
    if (page.length === 0) return { columns: columnNamesIn(metadata), rows }
    for (const row of page) rows.push(row)
  }
}

/** `thrift://host:port`, with `/;ssl=true` where it is encrypted, as the addresses of JDBC have it; http:// and https:// with a path. */
function targetOf(settings: EngineSettings): Target {
  const url = requiredKey(settings, 'url', 'thrift://spark.example.com:10000')
  const [, host, port = '10000', parameters = ''] =
    /^thrift:\/\/([^/@:;?#]+|\[[\da-f:.]+\])(?::(\d+))?\/?((?:;ssl=(?:true|false))?)$/i.exec(url) ??
    []
  const isHttp = /^https?:\/\/[^@]+$/i.test(url)
  if (host === undefined && !isHttp) {
    throw new UserError({
      code: 'MW-DRIFT-772',
      where: 'modelway.yml: drift.connection.url',
      what: "it is no address of Spark's Thrift server, or holds a user",
      fix: `Write it as thrift://host:10000, thrift://host:10000/;ssl=true or https://host:10001/cliservice; the password is the environment variable ${PASSWORD}.`,
    })
  }
  const isSecure = /ssl=true/i.test(parameters)
  const address = isHttp
    ? new URL(url)
    : new URL(`${isSecure ? 'https' : 'http'}://${host}:${port}`)
  const password = givenVariable(settings, [PASSWORD])
  const token = isHttp ? givenVariable(settings, [TOKEN]) : undefined
  if (password !== undefined || token !== undefined) requireEncryption(address)
  const signIn = { user: settings.connection.user ?? 'modelway', password }
  const peer: EnginePeer = {
    service: `Spark's Thrift server at ${address.host || `${host}:${port}`}`,
    signIn: `Set connection.user and ${PASSWORD}.`,
    secrets: [password, token].filter((secret) => secret !== undefined),
    firstDelayMs: firstDelayOf(settings),
  }
  const server: HiveServer = {
    host: (host ?? '').replace(/^\[|\]$/g, ''),
    port: Number(port),
    isSecure,
  }
  const open = async (signal: AbortSignal): Promise<HiveTransport> =>
    isHttp
      ? httpTransport(address, httpHeaders(signIn, token), peer)
      : await socketTransport(server, signIn, { peer, signal })
  return { open, signIn, peer, timeoutMs: timeoutOf(settings) }
}

function httpHeaders({ user, password = 'anonymous' }: HiveSignIn, token: string | undefined) {
  if (token !== undefined) return { authorization: `Bearer ${headerValue(token, TOKEN)}` }
  const pair = Buffer.from(`${user}:${password}`, 'utf8').toString('base64')
  return { authorization: `Basic ${pair}` }
}
