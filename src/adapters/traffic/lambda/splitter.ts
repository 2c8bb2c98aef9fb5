import { AwsRefusal } from '../../../clouds/aws.js'
import { ExternalError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import type { AliasApi, AliasRoutes, AliasState } from './api.js'
import { brokenVersion, noVersionNumber, otherVersion, thirdVersion } from './problems.js'

export interface LambdaOptions {
  readonly api: AliasApi
  readonly timeoutMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

/** Divides by the weights of an alias, by chance; each write is taken only at the revision that was read (RevisionId). */
export function createLambdaSplitter(options: LambdaOptions): Splitter {
  const { api } = options
  return {
    kind: 'lambda',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(api, await api.read(), roles),
    admit: async (roles, guard) => {
      const canary = versionOf(roles.canary)
      const why = await api.broken(canary)
      if (why !== undefined) throw brokenVersion(`version ${canary} of ${api.title}`, why)
      return guarded(options, roles, { routes: routesAt(roles, 0), guard })
    },
    share: (roles, { weight }, guard) =>
      guarded(options, roles, { routes: routesAt(roles, weight), guard }),
    promote: (roles, guard) =>
      guarded(options, roles, { routes: { version: versionOf(roles.canary), others: {} }, guard }),
    rollback: async (roles) => {
      const routes = { version: versionOf(roles.stable), others: {} }
      await written(options, routes, undefined)
      return splitOf(api, await untilRead(options, routes), roles)
    },
  }
}

const NUMBER = /^[1-9]\d{0,18}$/

function versionOf({ name, version }: Backend): string {
  const number = name ?? version
  if (NUMBER.test(number)) return number
  throw noVersionNumber(version, name)
}

/** Reading and going back must not fail because of what was written down about a canary. */
function canaryVersion(canary: Backend | undefined): string | undefined {
  const number = canary?.name ?? canary?.version
  return number !== undefined && NUMBER.test(number) ? number : undefined
}

function routesAt({ stable, canary }: BothRoles, weight: number): AliasRoutes {
  const others = weight === 0 ? {} : { [versionOf(canary)]: weight / 100 }
  return { version: versionOf(stable), others }
}

function splitOf(api: AliasApi, state: AliasState, roles: Roles): Split {
  const canary = canaryVersion(roles.canary)
  if (state.version !== versionOf(roles.stable) && state.version !== canary) {
    throw otherVersion(api.title, state.version)
  }
  return {
    weight: canary === undefined ? 0 : shareOf(state, canary),
    mirror: 0,
    revision: state.revision,
    url: undefined,
    ejected: undefined,
  }
}

/** Percent. */
function shareOf({ version, others }: AliasRoutes, wanted: string): number {
  const elsewhere = Object.values(others).reduce((sum, share) => sum + share, 0)
  const share = version === wanted ? 1 - elsewhere : (others[wanted] ?? 0)
  return Math.round(share * 1e8) / 1e6
}

function isAs(state: AliasRoutes, { version, others }: AliasRoutes): boolean {
  const versions = new Set([...Object.keys(state.others), ...Object.keys(others), version])
  return (
    state.version === version &&
    [...versions].every((one) => shareOf(state, one) === shareOf({ version, others }, one))
  )
}

interface Change {
  readonly routes: AliasRoutes
  readonly guard: Guard
}

async function guarded(
  options: LambdaOptions,
  roles: BothRoles,
  { routes, guard }: Change,
): Promise<Split> {
  const { api } = options
  const before = await api.read()
  const split = splitOf(api, before, roles)
  if (before.revision !== guard.revision) {
    throw trafficProblems(api.title).changed({ weight: split.weight })
  }
  const known = [versionOf(roles.stable), versionOf(roles.canary)]
  const third = Object.keys(before.others).find((one) => !known.includes(one))
  if (third !== undefined) throw thirdVersion(api.title, third)
  if (isAs(before, routes)) return split
  if ((await written(options, routes, guard.revision)) === undefined) {
    const now = await api.read()
    // Where only the answer to our own write was lost, the repetition is refused, and nobody else has written.
    if (!isAs(now, routes)) {
      throw trafficProblems(api.title).changed({ weight: shareOf(now, versionOf(roles.canary)) })
    }
  }
  return splitOf(api, await untilRead(options, routes), roles)
}

const PAUSE_MS = 1000

/** While Lambda itself is still busy with the function, it takes no change of its aliases. */
async function written(
  { api, timeoutMs, now, sleep }: LambdaOptions,
  routes: AliasRoutes,
  revision: string | undefined,
): Promise<AliasState | undefined> {
  const until = now() + timeoutMs
  for (;;) {
    try {
      return await api.write(routes, revision)
    } catch (error) {
      const isBusy = error instanceof AwsRefusal && error.failure.status === 409
      if (!isBusy || now() >= until) throw error
      await sleep(PAUSE_MS)
    }
  }
}

/** Lambda answers from several places: it counts as in force where the alias reads as it was written. */
async function untilRead(
  { api, timeoutMs, now, sleep }: LambdaOptions,
  routes: AliasRoutes,
): Promise<AliasState> {
  const until = now() + timeoutMs
  for (;;) {
    const state = await api.read()
    if (isAs(state, routes)) return state
    if (now() >= until) {
      throw new ExternalError({
        code: 'MW-DEPLOY-243',
        service: `Lambda, ${api.title}`,
        what: `the change was written and is not in force after ${timeoutMs} ms.`,
        retryable: true,
      })
    }
    await sleep(PAUSE_MS)
  }
}
