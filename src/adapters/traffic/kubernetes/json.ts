/** What an API server answers: looked into, never trusted. */
export type Json = Readonly<Record<string, unknown>>

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value under a chain of keys; undefined where one is missing. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let current = value
  for (const key of keys) {
    if (Array.isArray(current) && typeof key === 'number') current = current[key]
    else if (isJson(current) && typeof key === 'string' && Object.hasOwn(current, key))
      current = current[key]
    else return undefined
  }
  return current
}

export function textAt(value: unknown, ...keys: readonly (string | number)[]): string | undefined {
  const found = at(value, ...keys)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(
  value: unknown,
  ...keys: readonly (string | number)[]
): number | undefined {
  const found = at(value, ...keys)
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined
}

/** The objects in a list; empty where there is no list. */
export function objectsAt(value: unknown, ...keys: readonly (string | number)[]): readonly Json[] {
  const found = at(value, ...keys)
  return Array.isArray(found) ? found.filter(isJson) : []
}

/** JSON with its keys in order, for comparing what an API server may order anew. */
export function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    isJson(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}

/** One step of a JSON Pointer (RFC 6901). */
export function pointer(...keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}
