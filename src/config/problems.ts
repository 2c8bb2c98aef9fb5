import type * as z from 'zod'
import { closestName } from '../domain/closest-name.js'

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
  return closestName(name, names, (_, candidate) => Math.max(1, Math.ceil(candidate / 3)))
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

/**
 * The keys that an object schema knows at a path, for suggestions; none when the schema is not an object there. Where there are
 * several kinds of maps, the value says which.
 */
export function keysAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value?: unknown,
): readonly string[] {
  let current: unknown = schema
  let given = value
  for (const part of path) {
    current = step(current, part, given)
    given = child(given, part)
  }
  const object = formOf(current, given)
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

function child(value: unknown, part: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
  return Reflect.get(value, part)
}

/** Of a union the form that a value has: the list for a list, the map of its kind for a map. */
function formOf(schema: unknown, given: unknown): unknown {
  const whole = unwrap(schema)
  const forms = definition(whole)?.['options']
  if (!Array.isArray(forms)) return whole
  const inner = forms.map((form: unknown) => formOf(form, given))
  if (Array.isArray(given)) return inner.find((form) => definition(form)?.['type'] === 'array')
  const maps = inner.filter(isObjectSchema)
  return maps.find((form) => isOfKind(form, child(given, 'kind'))) ?? maps[0]
}

function isOfKind({ def }: ObjectSchema, kind: unknown): boolean {
  const values = definition(unwrap(def.shape['kind']))?.['values']
  return Array.isArray(values) && values.includes(kind)
}

/** Optional, default and piped schemas are looked through; of a change before the check, only the check says anything. */
function unwrap(value: unknown): unknown {
  let current = value
  for (;;) {
    const def = definition(current)
    const isChange = definition(def?.['in'])?.['type'] === 'transform'
    const inner = def?.['innerType'] ?? (isChange ? def?.['out'] : def?.['in'])
    if (inner === undefined) return current
    current = inner
  }
}

function step(value: unknown, part: PropertyKey, given: unknown): unknown {
  const inner = formOf(value, given)
  if (isObjectSchema(inner)) return inner.def.shape[String(part)]
  return definition(inner)?.[typeof part === 'number' ? 'element' : 'valueType']
}
