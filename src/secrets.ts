import { UserError } from './errors.js'

type Env = Readonly<Record<string, string | undefined>>

/** Hides secrets in a text. */
export type Redaction = (text: string) => string

/** Variables of the environment that hold a secret; of `…_HEADERS` each value is one. */
const SECRET =
  /^(?:MODELWAY_\w+_(?:TOKEN|PASSWORD|SECRET|HEADERS|KEY)|AZURE_CLIENT_(?:SECRET|CERTIFICATE_PASSWORD)|OTEL_EXPORTER_OTLP_(?:METRICS_)?HEADERS|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_CONTAINER_AUTHORIZATION_TOKEN|GOOGLE_OAUTH_ACCESS_TOKEN)$/

/** Every secret of the environment: the values, the values of headers, and what a user name and its password are signed in with. */
export function secretsIn(env: Env): readonly string[] {
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!SECRET.test(name) || value.trim() === '') return []
    if (name.endsWith('_HEADERS')) return [value, ...headerValues(value)]
    const user = name.endsWith('_PASSWORD') ? userOf(env, name) : undefined
    return user === undefined ? [value] : [value, base64(`${user}:${value}`)]
  })
}

function userOf(env: Env, password: string): string | undefined {
  const prefix = password.slice(0, -'PASSWORD'.length)
  return env[`${prefix}USERNAME`] ?? env[`${prefix}USER`]
}

/** `key=value,key=value`; of `Bearer x` also what stands behind the word. */
function headerValues(text: string): readonly string[] {
  return text.split(',').flatMap((pair) => {
    const value = unescaped(pair.slice(pair.indexOf('=') + 1).trim())
    return [value, value.replace(/^\w+ +/, '')]
  })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Of a shorter text any other would hold what it is written as. */
const SHORTEST = 4

/**
 * Replaces each secret by `***`: as it is, line by line, and as addresses, JSON, pages and base64 write it. What others answer,
 * and what libraries say of a request, goes through it before it becomes a message.
 */
export function createRedaction(secrets: readonly string[]): Redaction {
  const hidden = new Set(secrets.flatMap(formsOf).filter((form) => form !== ''))
  // The longest first: of a part of a secret the rest would stay.
  const forms = [...hidden].sort((a, b) => b.length - a.length)
  return (text) => {
    let safe = text
    for (const form of forms) safe = safe.replaceAll(form, '***')
    return safe
  }
}

function formsOf(secret: string): readonly string[] {
  const trimmed = secret.trim()
  const lines = trimmed.split(/[\r\n]+/).filter((line) => line.trim().length >= SHORTEST)
  const plain = [secret, trimmed, ...lines]
  if (trimmed.length < SHORTEST) return plain
  const written = [trimmed, ...lines].flatMap((text) => [
    percentEncoded(text),
    percentEncoded(text).replaceAll('%20', '+'),
    JSON.stringify(text).slice(1, -1),
    text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character),
    base64(text),
    base64(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''),
    ...insideBase64(text),
  ])
  return [...plain, ...written]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD'))
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}

/** How base64 writes a text that begins anywhere within another: without the digits that it shares with its neighbours. */
function insideBase64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text, 'utf8')])
    const from = Math.ceil((before * 8) / 6)
    const digits = bytes.toString('base64').slice(from, Math.floor((bytes.length * 8) / 6))
    if (digits.length < SHORTEST) return []
    return [digits, digits.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** The beginning of what another system said, on one line of at most 300 characters, without secrets. */
export function excerptOf(text: string, hide: Redaction): string {
  return hide(text).replaceAll(/\s+/g, ' ').trim().slice(0, 300)
}

/** A value that fits into a header of HTTP: of one that does not, the message of fetch would show it. */
export function headerValue(value: string, variable: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value
  throw unfitHeader(variable)
}

/** What is said of a header that HTTP has no way to write, which shows nothing of it. */
export function unfitHeader(variable: string): UserError {
  return new UserError({
    code: 'MW-DRIFT-658',
    where: variable,
    what: 'it holds a character that no header of HTTP can have, such as a line break.',
    fix: 'Set the variable again, without it.',
  })
}
