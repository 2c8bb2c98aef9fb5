import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http'
import type { Readable } from 'node:stream'

/** Headers that belong to one connection, not to the message (RFC 9110, 7.6.1). */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Idle connections are closed before a server is likely to, since a request sent into a closing one is lost. */
const IDLE_MS = 1500

/** Message headers without those of the connection they came on. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const result: OutgoingHttpHeaders = {}
  for (const name in headers) if (!HOP_BY_HOP.has(name)) result[name] = headers[name]
  const { connection } = headers
  if (connection === undefined || /^(keep-alive|close)$/i.test(connection)) return result
  for (const named of connection.split(',')) delete result[named.trim().toLowerCase()]
  return result
}

/** Keeps connections, without a limit: a waiting request would be given a connection that is timed for idling. */
export function createAgent(): Agent {
  const agent = new Agent({ keepAlive: true })
  agent.on('free', (socket) => socket.setTimeout(IDLE_MS))
  return agent
}

export interface Call {
  readonly agent: Agent
  /** Base address of the version. */
  readonly base: string
  readonly path: string
  readonly method: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer | Readable
  readonly timeoutMs: number
  /** Is given what ends the call at once, answered or not. */
  readonly onCancel: (cancel: () => void) => void
}

/** Why a version did not answer. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly kind: 'refused' | 'timeout'
  /** True where the request certainly did not reach the version, so that it may be sent to another. */
  readonly unsent: boolean
  /** True where a kept connection closed under the request: it may or may not have arrived. */
  readonly stale: boolean

  constructor(details: Pick<NoAnswer, 'kind' | 'unsent' | 'stale'>, options?: ErrorOptions) {
    super(details.kind === 'timeout' ? 'no answer in time' : 'connection refused or lost', options)
    this.kind = details.kind
    this.unsent = details.unsent
    this.stale = details.stale
  }
}

interface Address {
  readonly hostname: string
  readonly port: number
  readonly host: string
  readonly prefix: string
}

/** Few versions are met in a router's life, and each of their addresses is parsed once. */
const addresses = new Map<string, Address>()

function addressOf(base: string): Address {
  const known = addresses.get(base)
  if (known !== undefined) return known
  const url = new URL(base)
  const address = {
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? 80 : Number(url.port),
    host: url.host,
    prefix: url.pathname.replace(/\/$/, ''),
  }
  addresses.set(base, address)
  return address
}

/** Sends a request and resolves with the head of the answer; rejects with NoAnswer. */
export function send(call: Call): Promise<IncomingMessage> {
  const base = addressOf(call.base)
  return new Promise((resolve, reject) => {
    const outgoing = request({
      agent: call.agent,
      host: base.hostname,
      port: base.port,
      path: base.prefix + call.path,
      method: call.method,
      headers: { ...call.headers, host: base.host },
    })
    call.onCancel(() => outgoing.destroy())
    let timedOut = false
    let connected = false
    outgoing.on('socket', (socket) => {
      if (outgoing.reusedSocket || !socket.connecting) connected = true
      else socket.once('connect', () => (connected = true))
    })
    outgoing.setTimeout(call.timeoutMs, () => {
      timedOut = true
      outgoing.destroy(new Error('timeout'))
    })
    outgoing.on('response', resolve)
    outgoing.on('error', (cause) => {
      const kind = timedOut ? 'timeout' : 'refused'
      const stale = !timedOut && outgoing.reusedSocket
      reject(new NoAnswer({ kind, unsent: !connected, stale }, { cause }))
    })
    writeBody(call.body, outgoing)
  })
}

function writeBody(body: Buffer | Readable, outgoing: ReturnType<typeof request>): void {
  if (Buffer.isBuffer(body)) {
    outgoing.end(body)
    return
  }
  body.on('error', (error) => outgoing.destroy(error))
  body.pipe(outgoing)
}
