import { UserError } from '../../../errors.js'
import type { Directive } from './directives.js'

/** What a block and all around it say: the innermost goes first. */
type Context = ReadonlyMap<string, readonly string[]>

interface Place {
  /** As a user finds it. */
  readonly title: string
  readonly directive: Directive
  readonly context: Context
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  '': 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
}
/** What nginx does where nothing is said. */
const KEEPALIVE_MS = 75_000
/** A copy keeps the next request of its connection waiting: at most so long in each of its parts. */
const MOST_COPY_MS = 1000

/** Throws UserError MW-DEPLOY-190 and 191 for what would lose requests at a reload: kept connections that are closed at once. */
export function requireLossless(configuration: readonly Directive[], idleMs: number): void {
  const stop = configuration.find(({ name }) => name === 'worker_shutdown_timeout')
  for (const { title, context } of placesIn(configuration)) {
    const kept = millisecondsOf(context.get('keepalive_min_timeout')) ?? 0
    if ((millisecondsOf(context.get('keepalive_timeout')) ?? KEEPALIVE_MS) === 0) continue
    if (kept < idleMs) throw shortLived(title, kept, idleMs)
    if (stop !== undefined && (millisecondsOf(stop.args) ?? 0) <= kept) throw cutOff(stop)
  }
}

function shortLived(title: string, kept: number, idleMs: number): UserError {
  return new UserError({
    code: 'MW-DEPLOY-190',
    where: 'deploy.nginx.configuration',
    what: `a reload would lose requests: in ${title} kept connections are closed after ${kept} ms (keepalive_min_timeout), and users may send on them for ${idleMs} ms.`,
    fix: 'Write `keepalive_min_timeout 8s;` into http, which nginx knows from 1.27.4 on; or set deploy.nginx.idle to how long users keep a connection without a request.',
  })
}

function cutOff({ args }: Directive): UserError {
  return new UserError({
    code: 'MW-DEPLOY-191',
    where: 'deploy.nginx.configuration',
    what: `a reload would lose requests: worker_shutdown_timeout ${args.join(' ')} ends connections before keepalive_min_timeout has passed.`,
    fix: 'Take it out, or make it much longer.',
  })
}

/** Throws UserError MW-DEPLOY-192 and 193 where copies are not sent, or could keep users waiting. */
export function requireShortCopies(configuration: readonly Directive[], variable: string): void {
  const places = placesIn(configuration)
  const copying = places.filter(({ directive }) =>
    directive.block?.some(({ name, args }) => name === 'proxy_pass' && names(args, variable)),
  )
  if (copying.length === 0 || !places.some(({ context }) => isMirroring(context))) {
    throw noCopies(variable)
  }
  for (const { title, context } of copying) {
    for (const part of ['proxy_connect_timeout', 'proxy_send_timeout', 'proxy_read_timeout']) {
      const limit = millisecondsOf(context.get(part))
      if (limit === undefined || limit > MOST_COPY_MS) throw slowCopies(title, part)
    }
  }
}

function isMirroring(context: Context): boolean {
  const [first] = context.get('mirror') ?? []
  return first !== undefined && first !== 'off'
}

function names(args: readonly string[], variable: string): boolean {
  return args.some((arg) => new RegExp(`\\$(${variable}(?![a-z0-9_])|\\{${variable}\\})`).test(arg))
}

function noCopies(variable: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-192',
    where: 'deploy.mirror',
    what: `nginx has no directive \`mirror\`, or no location that passes to $${variable}: no copies could be sent.`,
    fix: `Write \`mirror /_copies;\` beside the proxy_pass of users, and an internal location with \`if ($${variable} = "") { return 204; }\` and \`proxy_pass http://$${variable}$request_uri\` (docs/targets.md).`,
  })
}

function slowCopies(title: string, part: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-193',
    where: 'deploy.mirror',
    what: `in ${title} ${part} is longer than ${MOST_COPY_MS} ms or not set: users would wait for a version that answers its copies late or never.`,
    fix: `Write \`${part} 300ms;\` into it, or leave deploy.mirror out.`,
  })
}

/** Every server and location of http. */
function placesIn(configuration: readonly Directive[]): readonly Place[] {
  return configuration
    .filter(({ name }) => name === 'http')
    .flatMap((http) => placesUnder(http, new Map(), ''))
}

function placesUnder(directive: Directive, outer: Context, path: string): readonly Place[] {
  const { name, args, block = [] } = directive
  const own = block.filter((one) => one.block === undefined)
  const context = new Map([...outer, ...own.map((one) => [one.name, one.args] as const)])
  const isPlace = ['server', 'location'].includes(name)
  const title = isPlace ? `${path}${titleOf(name, args, context)}` : path
  const inner = block.filter((one) =>
    ['server', 'location', 'if', 'limit_except'].includes(one.name),
  )
  const below = inner.flatMap((one) => placesUnder(one, context, title === '' ? '' : `${title}, `))
  return isPlace || name === 'if' ? [{ title, directive, context }, ...below] : below
}

function titleOf(name: string, args: readonly string[], context: Context): string {
  if (name !== 'server') return `${name} ${args.join(' ')}`
  const called = context.get('server_name') ?? context.get('listen') ?? ['(unnamed)']
  return `server ${called.join(' ')}`
}

/** undefined where there is none, or none that is understood. */
function millisecondsOf(args: readonly string[] | undefined): number | undefined {
  const text = args?.[0]
  if (text === undefined || !/^(\d+(ms|[smhdwMy])?)+$/.test(text)) return undefined
  return [...text.matchAll(/(\d+)(ms|[smhdwMy])?/g)].reduce(
    (sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0),
    0,
  )
}
