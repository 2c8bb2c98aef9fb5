import type { EnginePeer } from './engine-http.js'
import { type EngineSettings, firstDelayOf, timeoutOf } from './engine-settings.js'

/** A warehouse that takes statements as JSON by HTTP, and answers who shows a token. */
export interface StatementService {
  /** Of the statements. */
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly peer: EnginePeer
  readonly timeoutMs: number
  /** Of every statement. */
  readonly context: Readonly<Record<string, unknown>>
}

interface Given extends Pick<StatementService, 'url' | 'context'> {
  /** Such as `Snowflake`. */
  readonly name: string
  readonly signIn: string
  readonly token: string
  /** Beside those of every such service. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

export function statementService(
  settings: EngineSettings,
  { name, signIn, token, url, headers, context }: Given,
): StatementService {
  return {
    url,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
      ...headers,
    },
    peer: {
      service: `${name} at ${url.host}`,
      signIn,
      secrets: [token],
      firstDelayMs: firstDelayOf(settings),
    },
    timeoutMs: timeoutOf(settings),
    context,
  }
}
