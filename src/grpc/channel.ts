import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { type MessageReader, messageReader } from './messages.js'

/** A channel of gRPC over HTTP/2: as much of it as calls with one request need. */
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

export interface ChannelOptions {
  readonly origin: URL
  readonly headers: Readonly<Record<string, string>>
  /** What the answer to one call may hold. */
  readonly mostBytes: number
}

/** What gRPC calls the outcomes of a call. */
export const GRPC_STATUS = {
  ok: 0,
  cancelled: 1,
  permission: 7,
  exhausted: 8,
  unavailable: 14,
  unauthenticated: 16,
} as const
const PING_MS = 30_000
/** HTTP/2's error code of a stream that its caller no longer wants. */
const CANCEL = 8

/** A call that ended with another status than OK, or with none. */
export class GrpcError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/**
 * Opens a channel, over TLS where the address is https://, else by HTTP/2 with prior knowledge. Calls fail with GrpcError, or
 * with what the connection failed by; a connection that was lost is made again by the next call.
 */
export function openChannel({ origin, headers, mostBytes }: ChannelOptions): GrpcChannel {
  let session: ClientHttp2Session | undefined
  const current = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(origin.origin)
      // The streams tell of the error; without a listener it would end the process.
      session.on('error', () => undefined)
      // Each call under way listens to it.
      session.setMaxListeners(0)
    }
    return session
  }
  return {
    call: async (method, message, { signal, heard }) => {
      signal.throwIfAborted()
      const channel = current()
      const ping = setInterval(() => channel.destroyed || channel.ping(() => undefined), PING_MS)
      try {
        return await exchange({ channel, method, message, headers, mostBytes, signal, heard })
      } finally {
        clearInterval(ping)
      }
    },
    close: () => session?.close(),
  }
}

interface Call extends CallOptions, Pick<ChannelOptions, 'headers' | 'mostBytes'> {
  readonly channel: ClientHttp2Session
  readonly method: string
  readonly message: Buffer
}

function exchange(call: Call): Promise<Buffer[]> {
  const { channel, method, message, headers, mostBytes, signal, heard } = call
  return new Promise((resolve, reject) => {
    const stream = channel.request({
      ':method': 'POST',
      ':path': method,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': 'modelway',
      ...headers,
    })
    const abort = () => stream.close(CANCEL)
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
    // Of a connection that could not be made, the stream knows only that it was cancelled.
    stream.on('error', (error) => reject(error.cause ?? error))
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > mostBytes) {
        reject(tooLarge(mostBytes))
        return stream.close(CANCEL)
      }
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

function tooLarge(mostBytes: number): GrpcError {
  return new GrpcError(
    GRPC_STATUS.exhausted,
    `the answer is larger than ${mostBytes / 1024 / 1024} MiB`,
  )
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
    if (http === 401 || http === 403)
      throw new GrpcError(GRPC_STATUS.unauthenticated, `HTTP ${http}`)
    throw new GrpcError(
      GRPC_STATUS.unavailable,
      `it ended without a status (HTTP ${http || 'none'})`,
    )
  }
  const status = Number(headers['grpc-status'])
  if (status !== GRPC_STATUS.ok) throw new GrpcError(status, messageIn(headers))
  if (!reader.isBetween()) throw new GrpcError(GRPC_STATUS.unavailable, 'a message is cut off')
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
