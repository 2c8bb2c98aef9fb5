import { ExternalError, UserError } from '../../errors.js'
import { createRedaction, excerptOf, headerValue, type Redaction } from '../../secrets.js'

/** The server that is asked. */
export interface Peer {
  readonly origin: URL
  /** For messages: `http://127.0.0.1:8080`. */
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly hide: Redaction
  readonly timeoutMs: number
}

interface PeerOptions {
  readonly url: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly timeoutMs: number
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** The server at an address; MODELWAY_PROBE_TOKEN signs in to it, over https or on this machine alone. */
export function peerAt({ url, env, timeoutMs }: PeerOptions): Peer {
  const origin = checkedAddress(url)
  const token = env['MODELWAY_PROBE_TOKEN']?.trim() ?? ''
  const address = origin.href.replace(/\/$/, '')
  if (token === '') return { origin, address, headers: {}, hide: (text) => text, timeoutMs }
  if (origin.protocol !== 'https:' && !LOOPBACK.test(origin.hostname)) throw inTheClear(address)
  const authorization = `Bearer ${headerValue(token, 'MODELWAY_PROBE_TOKEN')}`
  return { origin, address, headers: { authorization }, hide: createRedaction([token]), timeoutMs }
}

function checkedAddress(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed !== undefined && parsed.username === '' && parsed.password === '') return parsed
  throw new UserError({
    code: 'MW-DEPLOY-341',
    where: 'deploy.probe.url',
    what:
      parsed === undefined ? `${url} is no address.` : 'the address holds a user or a password.',
    fix: 'Write it as http://host:port; a token is the environment variable MODELWAY_PROBE_TOKEN.',
  })
}

function inTheClear(address: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-342',
    where: 'deploy.probe.url',
    what: `MODELWAY_PROBE_TOKEN would go to ${address} in clear text.`,
    fix: 'Use an address with https://, or take the variable away where nobody has to sign in.',
  })
}

/** The server is not reached, or does not answer in time. */
export function noAnswer(peer: Peer, cause: unknown): ExternalError {
  return new ExternalError(
    {
      code: 'MW-DEPLOY-345',
      service: peer.address,
      what: `does not answer: ${excerptOf(reasonOf(cause), peer.hide)}.`,
      retryable: true,
    },
    { cause },
  )
}

/** The server answers that it will not, or cannot. */
export function refused(peer: Peer, status: number, words: string): ExternalError {
  const said = excerptOf(words, peer.hide)
  return new ExternalError({
    code: 'MW-DEPLOY-346',
    service: peer.address,
    status,
    what: said === '' ? 'refused without a reason.' : `refused: ${said}`,
    retryable: status === 429 || status >= 500,
  })
}

/** What came is no answer of the protocol. */
export function notUnderstood(peer: Peer, what: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-347',
    service: peer.address,
    what: `${excerptOf(what, peer.hide)}.`,
    retryable: false,
  })
}

/** fetch hides the reason in the cause; attempts at several addresses fail in one error without a message. */
function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error)
  if ('name' in error && error.name === 'TimeoutError') return 'it took too long'
  if ('cause' in error && error.cause !== undefined) return reasonOf(error.cause)
  if ('message' in error && error.message !== '') return String(error.message)
  return 'code' in error ? String(error.code) : 'unknown'
}
