import type { Operation } from './client/index.js'
import { at, isJson, type Json, objectsAt, ordered, pointer, textAt } from './json.js'

const CANARY = 'nginx.ingress.kubernetes.io/canary'
export const WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight'
const TOTAL = 'nginx.ingress.kubernetes.io/canary-weight-total'
const FINE = 10_000

/** What the second Ingress says of its share: whether it takes one, its weight, and of how many. */
export function annotations(side: Json | undefined): readonly (string | undefined)[] {
  return [CANARY, WEIGHT, TOTAL].map((name) => textAt(side, 'metadata', 'annotations', name))
}

/** The Services that an Ingress sends to, each once. */
export function servicesOf(ingress: Json | undefined): readonly string[] {
  const paths = objectsAt(ingress, 'spec', 'rules').flatMap((rule) =>
    objectsAt(rule, 'http', 'paths'),
  )
  const names = [
    textAt(ingress, 'spec', 'defaultBackend', 'service', 'name'),
    ...paths.map((path) => textAt(path, 'backend', 'service', 'name')),
  ]
  return [...new Set(names.filter((name) => name !== undefined))]
}

export function urlOf(main: Json): string | undefined {
  const host = textAt(main, 'spec', 'rules', 0, 'host')
  if (host === undefined || host.startsWith('*')) return undefined
  const isSecure = objectsAt(main, 'spec', 'tls').some((tls) => {
    const hosts = at(tls, 'hosts')
    return Array.isArray(hosts) && hosts.includes(host)
  })
  return `${isSecure ? 'https' : 'http'}://${host}`
}

export function weightAnnotations(percent: number): Readonly<Record<string, string>> {
  const total = Number.isInteger(percent) ? 100 : FINE
  const weight = Math.round((percent / 100) * total)
  return { [CANARY]: 'true', [WEIGHT]: String(weight), [TOTAL]: String(total) }
}

/** `value` with each backend of one Service sent to another. */
export function resent(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => resent(each, from, to))
  if (!isJson(value)) return value
  const service = value['service']
  if (isJson(service) && service['name'] === from) {
    return { ...value, service: { ...service, name: to } }
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, resent(each, from, to)]),
  )
}

/** The paths of the main Ingress that send to `stable`, sent to `canary`. */
export function sideSpec(main: Json, stable: string, canary: string): Json {
  const rules = objectsAt(main, 'spec', 'rules').flatMap((rule) => {
    const paths = objectsAt(rule, 'http', 'paths').filter(
      (path) => textAt(path, 'backend', 'service', 'name') === stable,
    )
    return paths.length === 0 ? [] : [{ ...rule, http: { paths: resent(paths, stable, canary) } }]
  })
  const className = textAt(main, 'spec', 'ingressClassName')
  return { ...(className === undefined ? {} : { ingressClassName: className }), rules }
}

/** What the main Ingress says about its paths (rewrites, timeouts, body sizes) holds for the canary's too. */
export function plainAnnotations(main: Json): Readonly<Record<string, unknown>> {
  const all = at(main, 'metadata', 'annotations')
  if (!isJson(all)) return {}
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name]) => name.startsWith('nginx.ingress.kubernetes.io/') && !name.startsWith(CANARY),
    ),
  )
}

interface SideChange {
  readonly spec: Json
  readonly weight: number
  readonly canary: string
}

export function sideOperations(
  side: Json,
  { spec, weight, canary }: SideChange,
): readonly Operation[] {
  const held = at(side, 'metadata', 'annotations')
  const operations: Operation[] = []
  // Older ones of an earlier canary are led to this one in the same write.
  if (ordered(servicesOf(side)) !== ordered([canary])) {
    const path = pointer('spec', 'rules')
    operations.push({ op: 'test', path, value: at(side, 'spec', 'rules') })
    operations.push({ op: 'replace', path, value: spec['rules'] })
  }
  if (!isJson(held)) operations.push({ op: 'add', path: '/metadata/annotations', value: {} })
  for (const [name, value] of Object.entries(weightAnnotations(weight))) {
    const path = pointer('metadata', 'annotations', name)
    const old = isJson(held) ? held[name] : undefined
    if (old !== undefined) operations.push({ op: 'test', path, value: old })
    operations.push({ op: 'add', path, value })
  }
  return operations
}

/** Whether it gives the canary exactly that share already. */
export function isShared(side: Json | undefined, canary: string, weight: number): boolean {
  const wanted = weightAnnotations(weight)
  const isSet =
    ordered(annotations(side)) === ordered([CANARY, WEIGHT, TOTAL].map((name) => wanted[name]))
  return isSet && ordered(servicesOf(side)) === ordered([canary])
}
