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
  if (length === 0) return NO_BODY
  return readWhole(incoming, length)
}

const NO_BODY = Buffer.alloc(0)

/** By events: an iterator costs more than all else that is done with a small body. */
function readWhole(incoming: IncomingMessage, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => {
      // Most bodies come in one piece, which is then the body.
      if (chunk.length === length) resolve(chunk)
      else chunks.push(chunk)
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('error', reject)
    incoming.on('close', () => reject(new Error('the client went away')))
  })
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
  const length = Number(upstream.headers['content-length'])
  response.writeHead(upstream.statusCode ?? 502, {
    ...endToEnd(upstream.headers),
    'x-modelway-version': headerSafe(version),
  })
  return new Promise((resolve, reject) => {
    // By hand what pipe does, which for small answers costs more than the sending.
    const goOn = () => void upstream.resume()
    upstream.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= MOST_ANSWER_BYTES) kept.push(chunk)
      else kept.length = 0
      // An answer in one piece ends with it: to end it afterwards would be a second write to the connection.
      if (chunk.length === length) return void response.end(chunk)
      if (response.write(chunk) || response.destroyed) return
      upstream.pause()
      response.once('drain', goOn)
    })
    upstream.on('error', reject)
    upstream.on('aborted', () => reject(new Error('the version closed the connection')))
    upstream.on('end', () => {
      if (!response.writableEnded) response.end()
      resolve(kept)
    })
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
