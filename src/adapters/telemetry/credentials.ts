import { UserError } from '../../errors.js'
import { unfitHeader } from '../../secrets.js'

type Env = Readonly<Record<string, string | undefined>>

/** A variable that is set, and not to nothing. */
function given(env: Env, name: string): string | undefined {
  const value = env[name]
  return value === undefined || value === '' ? undefined : value
}

/** `${prefix}_TOKEN`, or `${prefix}_USERNAME` and `${prefix}_PASSWORD`, as the header that HTTP has for them; checked. */
export function signInHeaders(env: Env, prefix: string): Readonly<Record<string, string>> {
  const token = given(env, `${prefix}_TOKEN`)
  if (token !== undefined) {
    return checkedHeaders({ authorization: `Bearer ${token.trim()}` }, `${prefix}_TOKEN`)
  }
  const user = given(env, `${prefix}_USERNAME`)
  if (user === undefined) return {}
  const pair = `${user}:${given(env, `${prefix}_PASSWORD`) ?? ''}`
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
}

/**
 * Pairs as in OTEL_EXPORTER_OTLP_HEADERS and OTEL_RESOURCE_ATTRIBUTES: `key=value,key=value`, values percent-encoded
 * (W3C baggage without properties). What is no pair is left out.
 */
export function environmentPairs(text: string | undefined): [string, string][] {
  return (text ?? '').split(',').flatMap((pair): [string, string][] => {
    const equals = pair.indexOf('=')
    const key = pair.slice(0, Math.max(0, equals)).trim()
    return key === '' ? [] : [[decoded(key), decoded(pair.slice(equals + 1).trim())]]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A lone percent sign stands for itself.
    return text
  }
}

/** What HTTP takes as headers; fetch would put the value of one that it does not take into its message. */
export function checkedHeaders(
  headers: Readonly<Record<string, string>>,
  variable: string,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue
    throw unfitHeader(variable)
  }
  return headers
}

const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])$/
/** Headers that say which tenant is meant, and let nobody in. */
const TENANT = /^(?:x-scope-orgid|thanos-tenant)$/i

/** What signs in goes over https, or stays on this machine. In a cluster http is common, and does without a credential. */
export function requireEncryption(
  { protocol, hostname }: URL,
  headers: Readonly<Record<string, string>>,
  key: string,
): void {
  if (protocol === 'https:' || LOOPBACK.test(hostname)) return
  if (Object.keys(headers).every((name) => TENANT.test(name))) return
  throw new UserError({
    code: 'MW-DRIFT-659',
    where: key,
    what: `the token, password or headers of the environment would go to ${hostname} in clear text.`,
    fix: 'Use an address with https://, or take the variables away where nobody has to sign in.',
  })
}
