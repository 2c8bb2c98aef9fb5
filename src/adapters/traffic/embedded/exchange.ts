import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { MOST_ANSWER_BYTES } from './answers.js'
import { endToEnd } from './upstream.js'

/** A request's body: in memory where it is small enough and its length is told, else the stream itself. */
export type RequestBody = Buffer | IncomingMessage

/** Reads a small body; a large or endless one is left to be streamed. Rejects when the client goes away. */
export async function readBody(incoming: IncomingMessage, most: number): Promise<RequestBody> {
  const length = Number(incoming.headers['content-length'] ?? 0)
  const chunked = incoming.headers['transfer-encoding'] !== undefined
  if (chunked || !(length <= most)) return incoming
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Headers for the version: the client's, without those of its connection, and who asked. */
export function forwardedHeaders(incoming: IncomingMessage) {
  const headers = endToEnd(incoming.headers)
  const peer = incoming.socket.remoteAddress ?? 'unknown'
  const before = incoming.headers['x-forwarded-for']
  headers['x-forwarded-for'] = before === undefined ? peer : `${String(before)}, ${peer}`
  headers['x-forwarded-host'] ??= incoming.headers.host ?? ''
  // A body of known length keeps its length; a streamed one is chunked anew.
  delete headers['expect']
  return headers
}

/** Writes the version's answer to the client, and keeps the first bytes of it; resolves when all of it is sent. */
export function relay(
  upstream: IncomingMessage,
  response: ServerResponse,
  version: string,
): Promise<readonly Buffer[]> {
  const kept: Buffer[] = []
  let bytes = 0
  response.writeHead(upstream.statusCode ?? 502, {
    ...endToEnd(upstream.headers),
    'x-modelway-version': headerSafe(version),
  })
  return new Promise((resolve, reject) => {
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MOST_ANSWER_BYTES) kept.push(chunk)
      else kept.length = 0
    })
    upstream.on('error', reject)
    upstream.on('aborted', () => reject(new Error('the version closed the connection')))
    upstream.on('end', () => resolve(kept))
    upstream.pipe(response)
  })
}

/** An error in the form of the Open Inference Protocol. */
export function answerError(
  response: ServerResponse,
  { status, error, version }: { status: number; error: string; version: string },
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    'x-modelway-version': headerSafe(version),
  })
  response.end(`${JSON.stringify({ error })}\n`)
}

/** Names of versions may hold anything; headers may not. */
export function headerSafe(text: string): string {
  return /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(text) ? text : encodeURIComponent(text)
}

/** `http://host:port`, with brackets where the host needs them. */
export function addressUrl(host: string, port: number): string {
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}
