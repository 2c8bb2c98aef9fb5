import type * as z from 'zod'

/** A key path as users write it: `rules[0].metric`. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`
    else text += text === '' ? String(part) : `.${String(part)}`
  }
  return text
}

/** The nearest of the names that exist, when it is near enough to be what was meant. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly distance: number } | undefined
  for (const candidate of names) {
    const most = Math.max(1, Math.ceil(candidate.length / 3))
    // A name that is longer or shorter by more cannot be near, however long it is.
    if (Math.abs(candidate.length - name.length) > most) continue
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance <= most && distance < (best?.distance ?? Infinity)) {
      best = { name: candidate, distance }
    }
  }
  return best?.name
}

/** What to write instead of a key that nobody knows; undefined where nothing is known. */
export function suggestKey(key: string, known: readonly string[]): string | undefined {
  const suggestion = nearest(key, known)
  if (suggestion !== undefined) return `Did you mean ${JSON.stringify(suggestion)}?`
  return known.length === 0 ? undefined : `Known: ${known.join(', ')}.`
}

interface Unusable {
  readonly path: readonly PropertyKey[]
  readonly what: string
}

const LONE_SURROGATE = /[\uD800-\uDFFF]/u

/** What YAML can say and we cannot keep: the key `__proto__`, which schemas pass over, and text that is no Unicode. */
export function unusable(value: unknown, path: readonly PropertyKey[] = []): readonly Unusable[] {
  if (typeof value === 'string') {
    if (!LONE_SURROGATE.test(value)) return []
    return [{ path, what: `${formatPath(path)} holds half a surrogate pair, which is no text.` }]
  }
  if (typeof value !== 'object' || value === null) return []
  const found: Unusable[] = []
  for (const [key, item] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(key) : key]
    // At the outermost level and in sections it is an unknown key like any other.
    if (key === '__proto__' && path.length > 1) {
      found.push({ path: at, what: `${formatPath(at)}: "__proto__" cannot be used as a name.` })
    }
    found.push(...unusable(item, at))
  }
  return found
}

/** Levenshtein's distance: insertions, deletions and substitutions each cost 1. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The keys that an object schema knows at a path, for suggestions; none when the schema is not an object there. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: unknown = schema
  for (const part of path) current = step(current, part)
  const object = unwrap(current)
  return isObjectSchema(object) ? Object.keys(object.def.shape) : []
}

interface ObjectSchema {
  readonly def: { readonly type: 'object'; readonly shape: Readonly<Record<string, unknown>> }
}

function isObjectSchema(value: unknown): value is ObjectSchema {
  return definition(value)?.['type'] === 'object'
}

function definition(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || !('def' in value)) return undefined
  const { def } = value
  return typeof def === 'object' && def !== null ? { ...def } : undefined
}

/** Optional, default and piped schemas are looked through. */
function unwrap(value: unknown): unknown {
  let current = value
  for (;;) {
    const def = definition(current)
    const inner = def?.['innerType'] ?? def?.['in']
    if (inner === undefined) return current
    current = inner
  }
}

function step(value: unknown, part: PropertyKey): unknown {
  const inner = unwrap(value)
  if (isObjectSchema(inner)) return inner.def.shape[String(part)]
  return definition(inner)?.[typeof part === 'number' ? 'element' : 'valueType']
}
