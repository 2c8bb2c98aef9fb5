import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import type { EngineSettings } from '../../../src/adapters/engine/engine-settings.js'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Text, or what becomes JSON. */
  readonly body?: unknown
  readonly gzip?: boolean
  /** Sends half of it and hangs up. */
  readonly breaks?: boolean
}

export interface FakeEngine {
  readonly url: string
  readonly asked: readonly Asked[]
  close(): Promise<void>
}

/** A warehouse's API on loopback; what it has no reply for is refused with 404. */
export async function serveEngine(
  answer: (asked: Asked) => Reply | undefined | Promise<Reply | undefined>,
): Promise<FakeEngine> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const one = await read(request)
    asked.push(one)
    write(response, (await answer(one)) ?? { status: 404, body: 'no such operation' })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, asked, close }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://fake')
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers as Record<string, string | undefined>,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

function write(response: ServerResponse, reply: Reply): void {
  const { status = 200, headers = {}, body = '', gzip, breaks } = reply
  const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
  const bytes = gzip ? gzipSync(text) : text
  const encoding = gzip ? { 'content-encoding': 'gzip' } : {}
  response.writeHead(status, { ...headers, ...encoding, 'content-length': bytes.length })
  if (!breaks) {
    response.end(bytes)
    return
  }
  response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy())
}

/** Settings of an engine at a fake, which waits hardly between attempts. */
export function settingsFor(
  connection: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string>> = {},
): EngineSettings {
  const given = { 'timeout-minutes': 1, ...connection } as EngineSettings['connection']
  return { connection: given, env, workingDirectory: '/', firstDelayMs: 1 }
}
