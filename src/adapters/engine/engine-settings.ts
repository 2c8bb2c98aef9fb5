import type { EngineConnection } from '../../config/drift/engine.js'
import { UserError } from '../../errors.js'

export interface EngineSettings {
  readonly connection: EngineConnection
  readonly env: Readonly<Record<string, string | undefined>>
  /** Where the user's own packages and files are looked for. */
  readonly workingDirectory: string
  /** Before a request is repeated or a query's state is asked for again; half a second unless given. */
  readonly firstDelayMs?: number | undefined
}

type TextKey = 'url' | 'user' | 'catalog' | 'schema' | 'warehouse' | 'region'

/** A key of `drift.connection` that this engine cannot do without. */
export function requiredKey(settings: EngineSettings, key: TextKey, example: string): string {
  const value = settings.connection[key]
  if (value !== undefined) return value
  throw new UserError({
    code: 'MW-DRIFT-750',
    where: 'modelway.yml: drift.connection',
    what: `this engine needs the key "${key}"`,
    fix: `Add it, such as ${key}: ${example}.`,
  })
}

/** The first of these variables that is set, and not to nothing. */
export function givenVariable(
  settings: EngineSettings,
  names: readonly string[],
): string | undefined {
  for (const name of names) {
    const value = settings.env[name]?.trim()
    if (value !== undefined && value !== '') return value
  }
  return undefined
}

/** A secret out of the environment; it must fit into a header of HTTP, whose error would show it. */
export function requiredSecret(settings: EngineSettings, names: readonly string[]): string {
  const value = givenVariable(settings, names)
  if (value === undefined) {
    throw new UserError({
      code: 'MW-DRIFT-751',
      where: 'environment',
      what: `${names.join(' or ')} is not set`,
      fix: 'Set it to a secret of the workflow: this engine answers nobody who does not sign in.',
    })
  }
  return headerValue(value, names.join(' or '))
}

/** A value that fits into a header of HTTP. */
export function headerValue(value: string, variable: string): string {
  if (/^[\x20-\x7e\x80-\xff]*$/.test(value)) return value
  throw new UserError({
    code: 'MW-DRIFT-752',
    where: variable,
    what: 'it holds a character that no header of HTTP can have, such as a line break',
    fix: 'Set it again, without it.',
  })
}

/** A web address out of `drift.connection.url`. */
export function webAddress(url: string): URL {
  const parsed = new URL(url)
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:') {
    if (parsed.username === '' && parsed.password === '') return parsed
  }
  throw new UserError({
    code: 'MW-DRIFT-753',
    where: 'modelway.yml: drift.connection.url',
    what: 'it must be an address with http:// or https://, without a user or password in it',
    fix: 'Secrets are environment variables, never keys.',
  })
}

/** Below the address that the user names, whatever its path is. */
export function below(base: URL, path: string): URL {
  return new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}${path}`)
}

export function timeoutOf(settings: EngineSettings): number {
  return Math.min(settings.connection['timeout-minutes'] * 60_000, 2 ** 31 - 1)
}

export function firstDelayOf(settings: EngineSettings): number {
  return settings.firstDelayMs ?? 500
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/

/** No token or password crosses a network unencrypted. */
export function requireEncryption(url: URL): void {
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname)) return
  throw new UserError({
    code: 'MW-DRIFT-707',
    where: 'modelway.yml: drift.connection.url',
    what: 'a token or password would be sent in the clear',
    fix: 'Use an address with https:// (sc://host:443/;use_ssl=true for Spark).',
  })
}
