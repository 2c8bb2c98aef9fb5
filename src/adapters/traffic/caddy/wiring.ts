import { UserError } from '../../../errors.js'

/** What Caddy's configuration says about the two ways of a request. */
export interface Wiring {
  /** What the requests go to whose number is below the one in the file: addresses, and servers of Caddy that listen on them. */
  readonly below: ReadonlySet<string>
  /** All others that something is sent to, in the same way. */
  readonly others: ReadonlySet<string>
  /** The server of Caddy that counts for a version. */
  serverOf(version: string): string | undefined
  readonly isCounting: boolean
}

type Json = Readonly<Record<string, unknown>>

const EXPRESSION = /^\s*\{http\.request\.uuid\}\s*<\s*\{http\.vars\.([\w-]+)\}\s*$/

/** Throws UserError MW-DEPLOY-180 where no route is chosen by the file. */
export function wiringOf(configuration: unknown, file: string): Wiring {
  const all = objectsIn(configuration)
  const variables = new Set(
    all
      .filter(({ handler }) => handler === 'vars')
      .flatMap((vars) => Object.keys(vars).filter((key) => vars[key] === `{file.${file}}`)),
  )
  const routes = all.filter(({ match }) => variables.has(variableOf(match) ?? ''))
  if (routes.length === 0) throw unread(file)
  const servers = serversIn(configuration)
  const named = (dials: readonly string[]) =>
    new Set([...dials, ...servers.filter(({ listen }) => meets(dials, listen)).map(nameOf)])
  const below = named(routes.flatMap(({ handle }) => dialsIn(handle)))
  const others = [...named(dialsIn(configuration))].filter((one) => !below.has(one))
  return {
    below,
    others: new Set(others),
    serverOf: (version) =>
      servers.find(({ name, listen }) => name === version || meets([version], listen))?.name,
    isCounting: isCounting(configuration),
  }
}

function unread(file: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-180',
    where: 'deploy.caddy.file',
    what: `no route of Caddy is chosen by ${file}: what is written there would change nothing.`,
    fix: 'Write `vars split {file.<that path>}` and a route whose only matcher is `expression {http.request.uuid} < {http.vars.split}` (docs/targets.md), and load it.',
  })
}

/** Every object in a JSON value, the outer ones first. */
function objectsIn(value: unknown): readonly Json[] {
  const found: Json[] = []
  const left: unknown[] = [value]
  for (const one of left) {
    if (typeof one !== 'object' || one === null) continue
    if (isObject(one)) found.push(one)
    left.push(...Object.values(one))
  }
  return found
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of a matcher that asks nothing else: a further condition would make the share another one. */
function variableOf(match: unknown): string | undefined {
  if (!Array.isArray(match) || match.length !== 1 || !isObject(match[0])) return undefined
  const { expression, ...others } = match[0]
  if (Object.keys(others).length > 0) return undefined
  const text = isObject(expression) ? expression['expr'] : expression
  return typeof text === 'string' ? EXPRESSION.exec(text)?.[1] : undefined
}

function dialsIn(value: unknown): readonly string[] {
  return objectsIn(value)
    .filter(({ handler }) => handler === 'reverse_proxy')
    .flatMap(({ upstreams }) => (Array.isArray(upstreams) ? upstreams : []))
    .flatMap(({ dial }) => (typeof dial === 'string' ? [dial] : []))
}

interface Server {
  readonly name: string
  readonly listen: readonly string[]
}

function serversIn(configuration: unknown): readonly Server[] {
  const servers = within(configuration, ['apps', 'http', 'servers'])
  return Object.entries(isObject(servers) ? servers : {}).map(([name, server]) => {
    const listen = within(server, ['listen'])
    return { name, listen: Array.isArray(listen) ? listen.map(String) : [] }
  })
}

function isCounting(configuration: unknown): boolean {
  return within(configuration, ['apps', 'http', 'metrics']) !== undefined
}

function within(value: unknown, path: readonly string[]): unknown {
  let now = value
  for (const key of path) now = isObject(now) ? now[key] : undefined
  return now
}

function nameOf({ name }: Server): string {
  return name
}

function meets(dials: readonly string[], listen: readonly string[]): boolean {
  const own = listen.map(plain)
  return dials.some((dial) => own.includes(plain(dial)))
}

/** An address without what says the same in another way: permissions of a socket, names of this machine. */
function plain(address: string): string {
  return address
    .replace(/\|\d+$/, '')
    .replace(/^tcp\//, '')
    .replace(/^(127\.0\.0\.1|localhost|\[::1\])?:/, 'here:')
}
