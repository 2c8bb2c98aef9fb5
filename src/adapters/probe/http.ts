import { ExternalError } from '../../errors.js'
import { noAnswer, notUnderstood, type Peer, refused } from './peer.js'

/** What an answer may hold, unpacked: predictions for a few rows are kilobytes. */
const MOST_BYTES = 32 * 1024 * 1024

export interface HttpAnswer {
  readonly status: number
  readonly text: string
}

/** Sends one request and reads its answer up to a limit; redirects are not followed, since users would not be either. */
export async function send(
  peer: Peer,
  wanted: { readonly path: string; readonly body?: unknown },
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const { path, body } = wanted
  const url = peer.origin.href.replace(/\/$/, '') + path
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { ...peer.headers, ...json, accept: 'application/json', 'user-agent': 'modelway' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(peer.timeoutMs)]),
      redirect: 'manual',
    })
    return { status: response.status, text: await limitedText(response, peer) }
  } catch (error) {
    throw error instanceof ExternalError ? error : noAnswer(peer, error)
  }
}

/** The JSON of an answer with a status of success. */
export function jsonOf(peer: Peer, { status, text }: HttpAnswer): unknown {
  if (status >= 300 && status < 400)
    throw notUnderstood(peer, `sends to another address (status ${status})`)
  if (status < 200 || status >= 300) throw refused(peer, status, text)
  try {
    return JSON.parse(text)
  } catch {
    const why = /\b(?:NaN|-?Infinity)\b/.test(text)
      ? 'it holds NaN or Infinity, which JSON has not'
      : text
    throw notUnderstood(peer, `answers with what is no JSON: ${why === '' ? 'nothing' : why}`)
  }
}

async function limitedText(response: Response, peer: Peer): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > MOST_BYTES) throw notUnderstood(peer, 'answers with more than 32 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
