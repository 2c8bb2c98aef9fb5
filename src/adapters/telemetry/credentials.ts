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
