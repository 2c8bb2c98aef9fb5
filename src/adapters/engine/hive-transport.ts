import { connect, type Socket } from 'node:net'
import { connect as connectSecurely } from 'node:tls'
import { brokenOff, type EnginePeer, send, signInRefused, unreachable } from './engine-http.js'
import type { HiveSignIn } from './hive-protocol.js'

/** Takes messages of Thrift to a server and gives its answers, one after the other. */
export interface HiveTransport {
  exchange(message: Buffer, signal: AbortSignal): Promise<Buffer>
  close(): void
}

export interface HiveServer {
  readonly host: string
  readonly port: number
  readonly isSecure: boolean
}

/** The steps of SASL's negotiation in Thrift. */
const SASL = { start: 1, ok: 2, complete: 5 } as const
const MOST_BYTES = 256 * 1024 * 1024

/** Thrift over HTTP: each message is a request of its own. */
export function httpTransport(
  url: URL,
  headers: Readonly<Record<string, string>>,
  peer: EnginePeer,
): HiveTransport {
  return {
    exchange: async (message, signal) => {
      const request = {
        method: 'POST' as const,
        url,
        headers: { ...headers, 'content-type': 'application/x-thrift' },
        body: message,
      }
      const answer = await send(() => request, peer, signal)
      if (answer.status === 200) return answer.bytes
      throw brokenOff(peer, `status ${answer.status}: ${answer.text.slice(0, 200)}`)
    },
    close: () => undefined,
  }
}

interface Talk {
  readonly peer: EnginePeer
  readonly signal: AbortSignal
}

/** Thrift over TCP with SASL PLAIN, after whose negotiation each message has its length before it. */
export async function socketTransport(
  server: HiveServer,
  signIn: HiveSignIn,
  { peer, signal }: Talk,
): Promise<HiveTransport> {
  const socket = await opened(server, { peer, signal })
  const take = readerOf(socket, peer)
  try {
    await negotiate({ socket, take, peer, signal }, signIn)
  } catch (error) {
    socket.destroy()
    throw error
  }
  return {
    exchange: async (message, within) => {
      socket.write(withLength(message))
      return await take(await takeLength(take, peer, within), within)
    },
    close: () => socket.destroy(),
  }
}

function opened(server: HiveServer, { peer, signal }: Talk): Promise<Socket> {
  const { host, port, isSecure } = server
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = isSecure
      ? connectSecurely({ host, port, servername: host })
      : connect({ host, port })
    const abort = () => socket.destroy(new Error('nobody waits any more'))
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', (error) => reject(unreachable(peer, error)))
    socket.once(isSecure ? 'secureConnect' : 'connect', () => {
      signal.removeEventListener('abort', abort)
      socket.setKeepAlive(true, 30_000)
      resolve(socket)
    })
  })
}

/** Gives exactly so many bytes. */
type Take = (count: number, signal: AbortSignal) => Promise<Buffer>

function readerOf(socket: Socket, peer: EnginePeer): Take {
  let chunks: Buffer[] = []
  let size = 0
  let ended: Error | undefined
  let wake = (): void => undefined
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    size += chunk.length
    wake()
  })
  socket.on('error', (error) => {
    ended ??= error
  })
  socket.on('close', () => {
    ended ??= new Error('the connection was lost')
    wake()
  })
  return async (count, signal) => {
    const abort = () => wake()
    signal.addEventListener('abort', abort, { once: true })
    try {
      while (size < count) {
        signal.throwIfAborted()
        if (ended !== undefined) throw brokenOff(peer, ended.message, ended)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    } finally {
      signal.removeEventListener('abort', abort)
    }
    const all = Buffer.concat(chunks)
    chunks = [all.subarray(count)]
    size -= count
    return all.subarray(0, count)
  }
}

function withLength(message: Buffer): Buffer {
  const head = Buffer.alloc(4)
  head.writeUInt32BE(message.length)
  return Buffer.concat([head, message])
}

async function takeLength(take: Take, peer: EnginePeer, signal: AbortSignal): Promise<number> {
  const length = (await take(4, signal)).readUInt32BE()
  if (length <= MOST_BYTES) return length
  throw brokenOff(peer, 'it begins with no length of a message')
}

interface Negotiation extends Talk {
  readonly socket: Socket
  readonly take: Take
}

async function negotiate(
  { socket, take, peer, signal }: Negotiation,
  { user, password }: HiveSignIn,
): Promise<void> {
  const step = (status: number, payload: Buffer) =>
    socket.write(Buffer.concat([Buffer.of(status), withLength(payload)]))
  step(SASL.start, Buffer.from('PLAIN'))
  // A server that asks for no password still wants one that is not empty.
  step(SASL.ok, Buffer.from(`\0${user}\0${password ?? 'anonymous'}`, 'utf8'))
  for (;;) {
    const status = (await take(1, signal)).readUInt8()
    const words = (await take(await takeLength(take, peer, signal), signal)).toString('utf8')
    if (status === SASL.complete) return
    if (status !== SASL.ok) throw signInRefused(peer, 401, words)
  }
}
