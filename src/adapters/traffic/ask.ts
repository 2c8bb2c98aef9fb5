import { ExternalError } from '../../errors.js'
import { excerptOf } from '../../secrets.js'

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

/**
 * Asks a proxy's own API, on a connection of its own, which only the process that listens now can take. Throws ExternalError
 * MW-DEPLOY-162 where it does not answer.
 */
export async function ask(url: URL, { service, timeoutMs, method = 'GET' }: Asked): Promise<Said> {
  try {
    const signal = AbortSignal.timeout(timeoutMs)
    const headers = { connection: 'close' }
    const response = await fetch(url, { method, signal, headers, redirect: 'manual' })
    return { status: response.status, text: await response.text() }
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

/** The JSON of an answer. Throws ExternalError MW-DEPLOY-163 where it is none. */
export function jsonOf(text: string, service: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-163',
        service,
        what: `answers with what is no JSON: ${shown(text)}`,
        retryable: false,
      },
      { cause: error },
    )
  }
}

/** What a proxy says, short and on one line. */
export function shown(text: string): string {
  return excerptOf(text, (same) => same)
}
