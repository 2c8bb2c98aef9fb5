/** The part of Twirp (JSON over HTTP POST) that GitHub's results service uses. */

export type Message = Readonly<Record<string, unknown>>
export type Method = (request: Message) => Promise<Message> | Message
export type Service = Readonly<Record<string, Method>>

const statuses = {
  invalid_argument: 400,
  unauthenticated: 401,
  permission_denied: 403,
  not_found: 404,
  already_exists: 409,
  internal: 500,
} as const

/** A failure that the client is told of by its code. */
export class TwirpError extends Error {
  readonly code: keyof typeof statuses

  constructor(code: keyof typeof statuses, message: string) {
    super(message)
    this.code = code
  }

  get status(): number {
    return statuses[this.code]
  }
}

export function text(request: Message, name: string): string {
  const value = request[name]
  if (typeof value === 'string' && value !== '') return value
  throw new TwirpError('invalid_argument', `${name} is missing`)
}

/** Protobuf's wrapper values (and 64-bit numbers) come as plain strings, or not at all. */
export function optionalText(request: Message, name: string): string | undefined {
  const value = request[name]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}

/** Refuses what the service does not know, as a strict reader of the protocol does. */
export function known(request: Message, names: readonly string[]): void {
  const others = Object.keys(request).filter((name) => !names.includes(name))
  if (others.length > 0) throw new TwirpError('invalid_argument', `unknown: ${others.join(', ')}`)
}
