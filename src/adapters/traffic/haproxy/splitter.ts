import { HAPROXY_NAME } from '../../../config/deploy/haproxy.js'
import { ExternalError, UserError } from '../../../errors.js'
import { writeFileAtomically } from '../../../files/atomic.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { shown } from '../ask.js'
import { trafficProblems } from '../problems.js'
import type { RuntimeApi } from './runtime-api.js'
import { readServers, type Server } from './servers.js'
import { type Weights, weightsFor } from './weights.js'

export interface HaproxySplitterOptions {
  readonly api: RuntimeApi
  readonly backend: string
  /** Where the state of all servers is written after each change: HAProxy forgets weights when it starts anew. */
  readonly stateFile?: string | undefined
}

interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/**
 * Divides by the weights of two servers of one backend: by turns, exactly. HAProxy takes a weight at once and has no write that depends
 * on what was before, so another hand is noticed by reading the weights just before.
 */
export function createHaproxySplitter(options: HaproxySplitterOptions): Splitter {
  return {
    kind: 'haproxy',
    capabilities: { mirror: false, split: 'turn' },
    read: async (roles) => read(options, namesOf(roles)),
    admit: (roles, guard) => share(options, roles, { weight: 0, guard }),
    share: (roles, { weight }, guard) => share(options, roles, { weight, guard }),
    promote: (roles, guard) => share(options, roles, { weight: 100, guard }),
    rollback: async (roles) => rollback(options, namesOf(roles)),
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: serverName(stable, 'stable'),
    canary: canary === undefined ? undefined : serverName(canary, 'canary'),
  }
}

function serverName({ name, version }: Backend, role: string): string {
  const server = name ?? version
  if (HAPROXY_NAME.test(server)) return server
  throw new UserError({
    code: 'MW-DEPLOY-150',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(server)} cannot be the name of a server of HAProxy.`,
    fix: 'Use letters, digits, and - _ . : only.',
  })
}

async function read({ api, backend }: HaproxySplitterOptions, names: Names): Promise<Split> {
  return splitOf(await readServers(api, backend), names)
}

function splitOf(servers: readonly Server[], { stable, canary }: Names): Split {
  const ofStable = find(servers, stable, 'stable')
  const ofCanary = servers.find(({ name }) => name === canary)
  const both = ofStable.weight + (ofCanary?.weight ?? 0)
  const isOut = ofCanary?.out !== undefined && ofCanary.weight > 0
  return {
    weight: both === 0 ? 0 : (100 * (ofCanary?.weight ?? 0)) / both,
    mirror: 0,
    revision: servers.map(({ name, weight }) => `${name}=${weight}`).join(' '),
    url: undefined,
    ejected: isOut ? `HAProxy says that server ${ofCanary.name} is ${ofCanary.out}` : undefined,
  }
}

function find(servers: readonly Server[], wanted: string, role: string): Server {
  const server = servers.find(({ name }) => name === wanted)
  if (server !== undefined) return server
  const found = servers.map(({ name }) => name).join(', ')
  throw new UserError({
    code: 'MW-DEPLOY-154',
    where: `deploy.backends.${role}.name`,
    what: `the backend has no server ${wanted}. Found: ${shown(found)}.`,
    fix: 'Name a server of the backend; a new version needs its server in the configuration.',
  })
}

interface Change {
  readonly weight: number
  readonly guard: Guard
}

async function share(
  options: HaproxySplitterOptions,
  roles: BothRoles,
  { weight, guard }: Change,
): Promise<Split> {
  const names = { ...namesOf(roles), canary: serverName(roles.canary, 'canary') }
  const weights = weightsFor(weight)
  const servers = await readServers(options.api, options.backend)
  const now = splitOf(servers, names)
  find(servers, names.canary, 'canary')
  requireWeightsToCount(servers, names)
  if (now.revision !== guard.revision) throw trafficProblems('HAProxy').changed(now)
  return write(options, names, { weights, servers })
}

/** What weights have no say in would leave users at the canary after a rollback, or keep them from it. */
function requireWeightsToCount(servers: readonly Server[], names: Names): void {
  const other = servers.find(
    ({ name, weight }) => weight > 0 && name !== names.stable && name !== names.canary,
  )
  if (other !== undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-156',
      where: 'deploy.haproxy.backend',
      what: `the backend also sends to server ${shown(other.name)} (weight ${other.weight}): shares of two versions would be none of all requests.`,
      fix: 'Give the versions a backend of their own, or that server the weight 0.',
    })
  }
  const bound = servers.find(({ cookie }) => cookie !== undefined)
  if (bound !== undefined) {
    throw new UserError({
      code: 'MW-DEPLOY-157',
      where: 'deploy.haproxy.backend',
      what: `a cookie binds users to server ${shown(bound.name)}: they would stay there whatever the weights.`,
      fix: 'Take `cookie` out of the backend.',
    })
  }
}

/** The canary first, as it is what may harm; never so that no server has a weight at any moment. */
async function rollback(options: HaproxySplitterOptions, names: Names): Promise<Split> {
  const servers = await readServers(options.api, options.backend)
  find(servers, names.stable, 'stable')
  const isThere = servers.some(({ name }) => name === names.canary)
  const known = { stable: names.stable, canary: isThere ? names.canary : undefined }
  return write(options, known, { weights: weightsFor(0), servers })
}

interface Written {
  readonly weights: Weights
  /** As they were read just before. */
  readonly servers: readonly Server[]
}

async function write(
  options: HaproxySplitterOptions,
  names: Names,
  { weights, servers }: Written,
): Promise<Split> {
  const { api, backend } = options
  const command = (server: string, weight: number) =>
    `set server ${backend}/${server} weight ${weight}`
  const ofStable = command(names.stable, weights.stable)
  const ofCanary = names.canary === undefined ? [] : [command(names.canary, weights.canary)]
  const servesNow = find(servers, names.stable, 'stable').weight > 0
  const said = await api(servesNow ? [...ofCanary, ofStable] : [ofStable, ...ofCanary])
  if (said.trim() !== '') throw refused(said)
  const after = await readServers(api, backend)
  requireInForce(after, names, weights)
  await keep(options)
  return splitOf(after, names)
}

function refused(said: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-158',
    service: 'HAProxy',
    what: `does not take the weights: ${shown(said)}`,
    retryable: false,
  })
}

function requireInForce(servers: readonly Server[], names: Names, weights: Weights): void {
  const weightOf = (wanted: string) => servers.find(({ name }) => name === wanted)?.weight
  const isCanary = names.canary === undefined || weightOf(names.canary) === weights.canary
  if (isCanary && weightOf(names.stable) === weights.stable) return
  throw new ExternalError({
    code: 'MW-DEPLOY-159',
    service: 'HAProxy',
    what: 'the weights were taken, and read back they are others: somebody else has set them, or HAProxy has started anew.',
    retryable: true,
  })
}

/** Throws ExternalError: a file that still names the old weights would bring them back with the next reload. */
async function keep({ api, stateFile }: HaproxySplitterOptions): Promise<void> {
  if (stateFile === undefined) return
  const state = await api(['show servers state'])
  try {
    // The first line is the version of the format.
    if (!state.startsWith('1\n')) throw new Error(shown(state))
    writeFileAtomically(stateFile, `${state.trimEnd()}\n`)
  } catch (error) {
    throw new ExternalError(
      {
        code: 'MW-DEPLOY-160',
        service: 'HAProxy',
        what: `the weights are in force, and could not be kept in ${stateFile}: its next reload would bring back what was before.`,
        retryable: true,
      },
      { cause: error },
    )
  }
}
