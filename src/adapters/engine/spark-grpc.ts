import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { ExternalError } from '../../errors.js'
import { brokenOff, type EnginePeer, excerpt, signInRefused } from './engine-http.js'
import { type MessageReader, messageReader } from './grpc-messages.js'

/** A channel of gRPC over HTTP/2: as much of it as queries need. */
export interface GrpcChannel {
  /** Calls a method and gives all its messages, or an error of its status. */
  call(method: string, message: Buffer, options: CallOptions): Promise<readonly Buffer[]>
  close(): void
}

export interface CallOptions {
  readonly signal: AbortSignal
  /** Hears each message as it comes. */
  readonly heard?: ((message: Buffer) => void) | undefined
}

/** What gRPC calls the outcomes of a call. */
const STATUS = { ok: 0, cancelled: 1, permission: 7, unavailable: 14, unauthenticated: 16 }
const MOST_BYTES = 256 * 1024 * 1024
const PING_MS = 30_000

export class GrpcError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export function openChannel(
  origin: URL,
  headers: Readonly<Record<string, string>>,
  peer: EnginePeer,
): GrpcChannel {
  let session: ClientHttp2Session | undefined
  const current = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(origin.origin)
      // The streams tell of the error; without a listener it would end the process.
      session.on('error', () => undefined)
    }
    return session
  }
  return {
    call: async (method, message, { signal, heard }) => {
      signal.throwIfAborted()
      const channel = current()
      const ping = setInterval(() => channel.destroyed || channel.ping(() => undefined), PING_MS)
      try {
        return await exchange({ channel, method, message, headers, signal, heard })
      } catch (error) {
        throw asProblem(error, peer)
      } finally {
        clearInterval(ping)
      }
    },
    close: () => session?.close(),
  }
}

interface Call extends CallOptions {
  readonly channel: ClientHttp2Session
  readonly method: string
  readonly message: Buffer
  readonly headers: Readonly<Record<string, string>>
}

function exchange({ channel, method, message, headers, signal, heard }: Call): Promise<Buffer[]> {
  return new Promise((resolve, reject) => {
    const stream = channel.request({
      ':method': 'POST',
      ':path': method,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'modelway',
      ...headers,
    })
    const abort = () => stream.close(8)
    signal.addEventListener('abort', abort, { once: true })
    channel.once('error', reject)
    const reader = messageReader()
    const messages: Buffer[] = []
    let size = 0
    let ended: IncomingHttpHeaders = {}
    const take = (found: IncomingHttpHeaders) => {
      ended = { ...ended, ...found }
    }
    stream.on('response', take)
    stream.on('trailers', take)
    stream.on('error', reject)
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > MOST_BYTES) return stream.close(8)
      for (const one of reader.take(chunk)) {
        messages.push(one)
        heard?.(one)
      }
    })
    stream.on('close', () => {
      signal.removeEventListener('abort', abort)
      channel.removeListener('error', reject)
      try {
        requireEnd(ended, reader)
        resolve(messages)
      } catch (error) {
        reject(error)
      }
    })
    stream.end(frame(message))
  })
}

/** Before each message: whether it is compressed, and how long it is. */
function frame(message: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(message.length, 1)
  return Buffer.concat([head, message])
}

/** Throws unless the call ended well and between two messages. */
function requireEnd(headers: IncomingHttpHeaders, reader: MessageReader): void {
  const http = Number(headers[':status'])
  if (headers['grpc-status'] === undefined) {
    if (http === 401 || http === 403) throw new GrpcError(STATUS.unauthenticated, `HTTP ${http}`)
    throw new GrpcError(STATUS.unavailable, `it ended without a status (HTTP ${http || 'none'})`)
  }
  const status = Number(headers['grpc-status'])
  if (status !== STATUS.ok) throw new GrpcError(status, messageIn(headers))
  if (!reader.isBetween()) throw new GrpcError(STATUS.unavailable, 'a message is cut off')
}

function messageIn(headers: IncomingHttpHeaders): string {
  const text = String(headers['grpc-message'] ?? '')
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign stands for itself.
    return text
  }
}

/** Refused queries stay GrpcErrors: the caller reads their words. */
function asProblem(error: unknown, peer: EnginePeer): unknown {
  if (error instanceof GrpcError) {
    const { status, message } = error
    if (status === STATUS.unauthenticated || status === STATUS.permission) {
      return signInRefused(peer, status === STATUS.permission ? 403 : 401, message)
    }
    return status === STATUS.unavailable ? brokenOff(peer, message, error) : error
  }
  if (error instanceof ExternalError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new ExternalError(
    {
      code: 'MW-DRIFT-754',
      service: peer.service,
      what: `cannot be reached: ${excerpt(reason, peer)}`,
      retryable: true,
    },
    { cause: error },
  )
}
