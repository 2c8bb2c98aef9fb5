import * as z from 'zod'
import { ENVOY_NAME } from '../../../config/deploy/envoy.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import type { AdminApi } from './admin-api.js'

export interface EnvoyMirror {
  readonly key: string
  readonly cluster: string
}

export interface EnvoySplitterOptions {
  readonly api: AdminApi
  /** `runtime_key_prefix` of the weighted clusters. */
  readonly prefix: string
  readonly mirror?: EnvoyMirror | undefined
}

interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/** Values by runtime key; what the runtime does not know is not in it. */
type Values = Readonly<Record<string, string>>

/**
 * Divides by the runtime keys of Envoy's weighted clusters, by chance; all keys change in one request. Its runtime has no write
 * that depends on what was before, so another hand is noticed by reading the keys just before.
 */
export function createEnvoySplitter(options: EnvoySplitterOptions): Splitter {
  const set = (roles: BothRoles, traffic: TrafficSetting, guard: Guard) =>
    share(options, roles, { ...traffic, guard })
  return {
    kind: 'envoy',
    capabilities: { mirror: options.mirror !== undefined, split: 'chance' },
    read: async (roles) => {
      const names = namesOf(roles)
      return splitOf(options, await readRuntime(options.api), names)
    },
    admit: (roles, guard) => set(roles, { weight: 0, mirror: 0 }, guard),
    share: (roles, traffic, guard) => set(roles, traffic, guard),
    promote: (roles, guard) => set(roles, { weight: 100, mirror: 0 }, guard),
    rollback: async (roles) => {
      const names = namesOf(roles)
      return write(options, names, wanted(options, names, { weight: 0, mirror: 0 }))
    },
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: clusterName(stable, 'stable'),
    canary: canary === undefined ? undefined : clusterName(canary, 'canary'),
  }
}

function clusterName({ name, version }: Backend, role: string): string {
  const cluster = name ?? version
  if (ENVOY_NAME.test(cluster)) return cluster
  throw new UserError({
    code: 'MW-DEPLOY-161',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(cluster)} cannot be the name of a cluster here.`,
    fix: 'Name the cluster with letters, digits, and - _ . only.',
  })
}

const Runtime = z.object({
  entries: z.record(z.string(), z.object({ final_value: z.string() })).default({}),
})

async function readRuntime(api: AdminApi): Promise<Values> {
  const parsed = Runtime.safeParse(await api.get('runtime', {}))
  if (!parsed.success) throw notUnderstood('runtime')
  return Object.fromEntries(
    Object.entries(parsed.data.entries).map(([key, { final_value }]) => [key, final_value]),
  )
}

export function notUnderstood(path: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-163',
    service: 'Envoy',
    what: `answers /${path} with what is not understood.`,
    retryable: false,
  })
}

/** The percentage of requests that are mirrored now. */
export async function mirroredNow(api: AdminApi, { key }: EnvoyMirror): Promise<number> {
  return numberOf((await readRuntime(api))[key]) ?? 0
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
}

function splitOf({ prefix, mirror }: EnvoySplitterOptions, values: Values, names: Names): Split {
  const weightOf = (cluster: string) => numberOf(values[`${prefix}.${cluster}`])
  const stable = weightOf(names.stable)
  if (stable === undefined) throw unset(`${prefix}.${names.stable}`)
  const canary = names.canary === undefined ? 0 : (weightOf(names.canary) ?? 0)
  const own = Object.entries(values)
    .filter(([key]) => key.startsWith(`${prefix}.`) || key === mirror?.key)
    .map(([key, value]) => `${key}=${value}`)
  return {
    weight: stable + canary === 0 ? 0 : (100 * canary) / (stable + canary),
    mirror: mirror === undefined ? 0 : (numberOf(values[mirror.key]) ?? 0),
    revision: own.sort().join(' '),
    url: undefined,
    ejected: undefined,
  }
}

function unset(key: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-164',
    where: 'deploy.envoy.runtime-key-prefix',
    what: `the runtime has no number for ${key}, so it cannot be known what users meet.`,
    fix: 'Name the cluster that users meet with deploy.backends.stable.name, and give each key a first value in a static_layer of layered_runtime.',
  })
}

interface Change extends TrafficSetting {
  readonly guard: Guard
}

async function share(
  options: EnvoySplitterOptions,
  roles: BothRoles,
  { guard, ...traffic }: Change,
): Promise<Split> {
  const names = { ...namesOf(roles), canary: clusterName(roles.canary, 'canary') }
  const changes = wanted(options, names, traffic)
  const values = await readRuntime(options.api)
  const now = splitOf(options, values, names)
  const canaryKey = `${options.prefix}.${names.canary}`
  if (numberOf(values[canaryKey]) === undefined) throw unset(canaryKey)
  requireTwo(options, values, names)
  if (now.revision !== guard.revision) throw trafficProblems('Envoy').changed(now)
  return write(options, names, changes)
}

function requireTwo({ prefix }: EnvoySplitterOptions, values: Values, names: Names): void {
  const own = [names.stable, names.canary].map((name) => `${prefix}.${name}`)
  const other = Object.entries(values).find(
    ([key, value]) => key.startsWith(`${prefix}.`) && !own.includes(key) && value !== '0',
  )
  if (other === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-165',
    where: 'deploy.envoy.runtime-key-prefix',
    what: `${other[0]} has a weight too (${other[1]}): shares of two versions would be none of all requests.`,
    fix: 'Give that key the value 0.',
  })
}

/** The values to set: of 100 for whole percentages, which older releases want, else of 10000. */
function wanted(
  { prefix, mirror }: EnvoySplitterOptions,
  { stable, canary }: Names,
  traffic: TrafficSetting,
): Values {
  const total = Number.isInteger(traffic.weight) ? 100 : 10_000
  const weight = Math.round((traffic.weight * total) / 100)
  const exact = Math.abs(weight - (traffic.weight * total) / 100) < 1e-6
  if (!exact || weight < 0 || weight > total)
    throw unfit('deploy.steps', traffic.weight, 'parts of 0.01')
  if (!Number.isInteger(traffic.mirror) || traffic.mirror < 0 || traffic.mirror > 100) {
    throw unfit('deploy.mirror', traffic.mirror, 'whole percentages')
  }
  if (traffic.mirror > 0 && mirror?.cluster !== canary) throw otherMirror(canary, mirror?.cluster)
  return {
    [`${prefix}.${stable}`]: String(total - weight),
    ...(canary === undefined ? {} : { [`${prefix}.${canary}`]: String(weight) }),
    ...(mirror === undefined ? {} : { [mirror.key]: String(traffic.mirror) }),
  }
}

function unfit(where: string, share: number, what: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-166',
    where,
    what: `Envoy cannot be given ${share} %.`,
    fix: `Use ${what} from 0 to 100.`,
  })
}

function otherMirror(canary: string | undefined, cluster: string | undefined): UserError {
  return new UserError({
    code: 'MW-DEPLOY-167',
    where: 'deploy.envoy.mirror',
    what: `copies go to cluster ${cluster ?? '(none)'}, not to the canary ${canary ?? '(none)'}.`,
    fix: 'Name the canary as cluster there and in the request_mirror_policies, or leave deploy.mirror out.',
  })
}

async function write(options: EnvoySplitterOptions, names: Names, changes: Values): Promise<Split> {
  await options.api.post('runtime_modify', changes)
  const after = await readRuntime(options.api)
  const other = Object.entries(changes).find(([key, value]) => after[key] !== value)
  if (other === undefined) return splitOf(options, after, names)
  throw new ExternalError({
    code: 'MW-DEPLOY-168',
    service: 'Envoy',
    what: `${other[0]} was set to ${other[1]} and is ${after[other[0]] ?? 'not set'}: a later layer of the runtime, or another hand, goes before.`,
    retryable: true,
  })
}
