/** Cuts from an OpenAPI description what a stand-in for tests answers. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

/** Texts and samples for readers: four fifths of the description, and no part of what is checked. */
const unread = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags'])

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Without what is only read by people. Properties may bear the same names, so their map is not searched. */
function stripped(value: Json, isNameMap = false): Json {
  if (Array.isArray(value)) return value.map((item) => stripped(item))
  if (!isObject(value)) return value
  const kept: JsonObject = {}
  for (const [key, child] of Object.entries(value)) {
    if (!isNameMap && (unread.has(key) || key.startsWith('x-'))) continue
    kept[key] = stripped(child, !isNameMap && key === 'properties')
  }
  return kept
}

function* references(value: Json): Generator<string> {
  if (Array.isArray(value)) for (const item of value) yield* references(item)
  if (!isObject(value)) return
  for (const [key, child] of Object.entries(value)) {
    if (key === '$ref' && typeof child === 'string') yield child
    else yield* references(child)
  }
}

function lookUp(description: JsonObject, path: readonly string[]): Json {
  let found: Json | undefined = description
  for (const key of path) found = isObject(found) ? found[key] : undefined
  if (found === undefined) throw new Error(`The description has no ${path.join(' / ')}.`)
  return found
}

/** The operations (`GET /path`) of an OpenAPI description, and all that they refer to. */
export function subsetOf(description: JsonObject, operations: readonly string[]): JsonObject {
  const paths: { [path: string]: JsonObject } = {}
  for (const operation of operations) {
    const [method = '', path = ''] = operation.split(' ')
    const entry = paths[path] ?? {}
    paths[path] = entry
    entry[method.toLowerCase()] = stripped(
      lookUp(description, ['paths', path, method.toLowerCase()]),
    )
  }
  return { paths, components: pickComponents(description, paths) }
}

function pickComponents(description: JsonObject, paths: JsonObject): JsonObject {
  const components: { [kind: string]: JsonObject } = {}
  const waiting = [...references(paths)]
  for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
    const [, , kind = '', name = ''] = reference.split('/')
    const group = components[kind] ?? {}
    components[kind] = group
    if (name in group) continue
    const component = stripped(lookUp(description, ['components', kind, name]))
    group[name] = component
    waiting.push(...references(component))
  }
  return sorted(components)
}

function sorted(components: { [kind: string]: JsonObject }): JsonObject {
  const byName = (a: [string, Json], b: [string, Json]) => (a[0] < b[0] ? -1 : 1)
  const groups = Object.entries(components).map(([kind, group]): [string, Json] => [
    kind,
    Object.fromEntries(Object.entries(group).sort(byName)),
  ])
  return Object.fromEntries(groups.sort(byName))
}
