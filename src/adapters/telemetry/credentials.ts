import { UserError } from '../../errors.js'

type Env = Readonly<Record<string, string | undefined>>

/** A variable that is set, and not to nothing. */
function given(env: Env, name: string): string | undefined {
  const value = env[name]
  return value === undefined || value === '' ? undefined : value
}

/** `${prefix}_TOKEN`, or `${prefix}_USERNAME` and `${prefix}_PASSWORD`, as the header that HTTP has for them. */
export function signInHeaders(env: Env, prefix: string): Record<string, string> {
  const token = given(env, `${prefix}_TOKEN`)
  if (token !== undefined) return { authorization: `Bearer ${token.trim()}` }
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
    throw new UserError({
      code: 'MW-DRIFT-658',
      where: variable,
      what: 'it holds a character that no header of HTTP can have, such as a line break.',
      fix: 'Set the variable again, without it.',
    })
  }
  return headers
}
