import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { ExternalError } from '../../errors.js'
import { excerptOf } from '../../secrets.js'
import { jsonOf } from './json-text.js'

export interface Asked {
  /** As a user knows it, with its address. */
  readonly service: string
  readonly timeoutMs: number
  readonly method?: 'GET' | 'POST' | undefined
}

export interface Said {
  readonly status: number
  readonly text: string
}

/** Metrics of thousands of services fill some megabytes. */
const MOST_BYTES = 64 * 1024 * 1024

/**
 * Asks a proxy's own API, on a connection of its own, which only the process that listens now can take; and not by fetch, whose
 * headers Caddy takes for those of a web page. Throws ExternalError MW-DEPLOY-162 where it does not answer.
 */
export async function ask(url: URL, { service, timeoutMs, method = 'GET' }: Asked): Promise<Said> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest
  try {
    return await new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs)
      const outgoing = send(url, { method, agent: false, signal }, (incoming) => {
        textIn(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, text }), reject)
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-162',
        service,
        what: `its admin API cannot be used: it does not answer, or not within ${timeoutMs} ms.`,
        retryable: true,
      },
      { cause: error },
    )
  }
}

async function textIn(incoming: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('the answer does not end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The JSON of an answer. Throws ExternalError MW-DEPLOY-163 where it is none. */
export function jsonIn(text: string, service: string): unknown {
  const value = jsonOf(text)
  if (value !== undefined) return value
  throw new ExternalError({
    code: 'MW-DEPLOY-163',
    service,
    what: `answers with what is no JSON: ${shown(text)}`,
    retryable: false,
  })
}

/** What a proxy says, short and on one line. */
export function shown(text: string): string {
  return excerptOf(text, (same) => same)
}
