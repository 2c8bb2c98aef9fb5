import type { Site } from './documents/site.js'
import type { Access, Permission, Token } from './identity.js'

/** What a route gives back; `list` is cut into pages by the server. */
export type Answer =
  | {
      readonly status: number
      readonly body?: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  | { readonly list: readonly unknown[]; readonly wrap?: (page: readonly unknown[]) => unknown }

export interface Call {
  readonly site: Site
  readonly token: Token
  readonly variables: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** Already checked against the operation's description. */
  readonly body: Readonly<Record<string, unknown>>
}

export interface Route {
  /** Any one of these permissions is enough; none at all for what every token may read. */
  readonly needs: readonly Permission[]
  readonly access: Access
  readonly run: (call: Call) => Answer
}

export type Routes = Readonly<Record<string, Route>>

const documentation = 'https://docs.github.com/rest'

/** GitHub's form of an error. */
export function refusal(status: number, message: string, errors?: readonly unknown[]): Answer {
  const details = errors === undefined ? {} : { errors }
  const body = { message, ...details, documentation_url: documentation, status: String(status) }
  return { status, body }
}

export const notFound = refusal(404, 'Not Found')

export function text(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name]
  return typeof value === 'string' ? value : undefined
}
