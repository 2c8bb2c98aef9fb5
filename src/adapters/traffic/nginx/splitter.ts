import { NGINX_NAME } from '../../../config/deploy/nginx.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import type { OwnFile } from '../own-file.js'
import { trafficProblems } from '../problems.js'
import type { NginxApi } from './api.js'
import { requireLossless, requireShortCopies } from './refusals.js'
import { type Shares, statusOf, textOf } from './shares.js'

export interface NginxSplitterOptions {
  readonly api: NginxApi
  readonly file: OwnFile
  readonly prefix: string
  readonly key: string
  readonly idleMs: number
  readonly timeoutMs: number
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

interface Names {
  readonly stable: string
  readonly canary: string
}

const PAUSE_MS = 20
/** While new workers begin, an old one may take a connection still: so many in a row must be answered by new ones. */
const IN_A_ROW = 5

/**
 * Divides by a split in a file of our own and a reload, by chance or by user; refused where the reload would lose requests. What a
 * write is based on is what is in force and what stands in the file.
 */
export function createNginxSplitter(options: NginxSplitterOptions): Splitter {
  return {
    kind: 'nginx',
    capabilities: { mirror: true, split: 'chance' },
    read: async (roles) => read(options, namesOf(roles)),
    admit: (roles, guard) => guarded(options, roles, { weight: 0, mirror: 0, guard }),
    share: (roles, traffic, guard) => guarded(options, roles, { ...traffic, guard }),
    promote: (roles, guard) => guarded(options, roles, { weight: 100, mirror: 0, guard }),
    rollback: async (roles) => {
      const names = namesOf(roles)
      return write(options, { stable: names.stable, canary: '' }, { weight: 0, mirror: 0 })
    },
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: upstreamName(stable, 'stable'),
    canary: canary === undefined ? '' : upstreamName(canary, 'canary'),
  }
}

function upstreamName({ name, version }: Backend, role: string): string {
  const upstream = name ?? version
  if (NGINX_NAME.test(upstream)) return upstream
  throw new UserError({
    code: 'MW-DEPLOY-198',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(upstream)} cannot be the name of an upstream here.`,
    fix: 'Use letters, digits, and - _ . only.',
  })
}

async function read({ api, file }: NginxSplitterOptions, names: Names): Promise<Split> {
  const status = await api.status()
  return {
    weight: weightOf(status, names),
    mirror: status.canary === names.canary ? status.mirror : 0,
    revision: `${statusOf(status)}\n${await file.read()}`,
    url: undefined,
    ejected: undefined,
  }
}

/** The canary's share, whatever role it had when that was written. */
function weightOf({ stable, canary, weight }: Shares, names: Names): number {
  const shares = new Map([[stable, weight === 100 ? 0 : 100 - weight]])
  if (weight > 0) shares.set(canary, weight)
  const stranger = [...shares].find(
    ([name, share]) => share > 0 && name !== names.stable && name !== names.canary,
  )
  if (stranger === undefined) return hundredths(shares.get(names.canary) ?? 0)
  throw new UserError({
    code: 'MW-DEPLOY-199',
    where: 'deploy.backends.stable.name',
    what: `nginx sends ${hundredths(stranger[1])} % to ${stranger[0]}, which is neither ${names.stable}${names.canary && ` nor ${names.canary}`}.`,
    fix: 'Name the upstream that users meet now.',
  })
}

function hundredths(percent: number): number {
  return Number(percent.toFixed(2))
}

interface Change extends TrafficSetting {
  readonly guard: Guard
}

async function guarded(
  options: NginxSplitterOptions,
  roles: BothRoles,
  { guard, ...traffic }: Change,
): Promise<Split> {
  const { api, file, idleMs, prefix } = options
  const names = namesOf(roles)
  const { directives, files } = await api.configuration()
  if (!files.includes(file.path)) throw notIncluded(file.path)
  requireLossless(directives, idleMs)
  for (const name of [names.stable, names.canary]) {
    const isThere = directives.some(
      ({ name: http, block }) =>
        http === 'http' && block?.some((one) => one.name === 'upstream' && one.args[0] === name),
    )
    if (!isThere) throw noUpstream(name)
  }
  if (traffic.mirror > 0) requireShortCopies(directives, `${prefix}_copies`)
  const now = await read(options, names)
  if (now.revision !== guard.revision) throw trafficProblems(file.path).changed(now)
  return write(options, names, traffic)
}

function notIncluded(file: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-188',
    where: 'deploy.nginx.file',
    what: `the configuration of nginx does not include ${file}.`,
    fix: 'Write `include` with that path into http.',
  })
}

function noUpstream(name: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-189',
    where: 'deploy.backends',
    what: `nginx has no upstream ${name}.`,
    fix: 'Name an upstream of http; a new version needs its own.',
  })
}

async function write(
  options: NginxSplitterOptions,
  names: Names,
  traffic: TrafficSetting,
): Promise<Split> {
  const { api, file } = options
  const shares = { ...names, ...traffic }
  const before = await file.read()
  await file.write(textOf(shares, options))
  try {
    // Tested first: nginx would go on with the old configuration, and say so only in its log.
    await api.configuration()
    await api.reload()
  } catch (error) {
    if (traffic.weight > 0 || traffic.mirror > 0) await file.write(before)
    throw error
  }
  await untilInForce(options, statusOf(shares))
  return read(options, names)
}

async function untilInForce(options: NginxSplitterOptions, wanted: string): Promise<void> {
  const { api, timeoutMs, now, sleep } = options
  const end = now() + timeoutMs
  let inARow = 0
  while (inARow < IN_A_ROW) {
    const status = await api.status().then(statusOf, () => '')
    inARow = status === wanted ? inARow + 1 : 0
    if (inARow === 0 && now() > end) throw notInForce(timeoutMs)
    await sleep(PAUSE_MS)
  }
}

function notInForce(timeoutMs: number): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-187',
    service: 'nginx',
    what: `was reloaded, and does not divide as was written after ${timeoutMs} ms: its error log says why.`,
    retryable: true,
  })
}
