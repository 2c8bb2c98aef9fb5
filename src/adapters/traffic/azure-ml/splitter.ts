import { AZURE_ML_NAME } from '../../../config/deploy/azure.js'
import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend, TrafficSetting } from '../../../ports/traffic.js'
import { trafficProblems } from '../problems.js'
import type { EndpointApi, OnlineEndpoint, TrafficShares, Wanted } from './endpoint.js'
import { changeTraffic, sharesOf } from './write.js'

export interface AzureMlSplitterOptions {
  readonly api: EndpointApi
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** How long a change may take. */
  readonly limitMs: number
}

interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

/**
 * Divides by the traffic of an online endpoint, by chance, in whole percentages. Azure has no write that depends on what was
 * before, so another hand is noticed by reading the traffic just before.
 */
export function createAzureMlSplitter(options: AzureMlSplitterOptions): Splitter {
  const set = (roles: BothRoles, traffic: TrafficSetting, guard: Guard) =>
    share(options, roles, { ...traffic, guard })
  return {
    kind: 'azure-ml',
    capabilities: { mirror: true, split: 'chance' },
    read: async (roles) => splitOf(await options.api.read(), namesOf(roles)),
    admit: async (roles, guard) => {
      await requireServing(options.api, deploymentName(roles.canary, 'canary'), READY)
      return set(roles, { weight: 0, mirror: 0 }, guard)
    },
    share: (roles, traffic, guard) => set(roles, traffic, guard),
    promote: (roles, guard) => set(roles, { weight: 100, mirror: 0 }, guard),
    rollback: async (roles) => {
      const names = namesOf(roles)
      const wanted = { traffic: { [names.stable]: 100 }, mirrorTraffic: {} }
      return splitOf(await changeTraffic(options, { wanted }), names)
    },
  }
}

function namesOf({ stable, canary }: Roles): Names {
  return {
    stable: deploymentName(stable, 'stable'),
    canary: canary === undefined ? undefined : deploymentName(canary, 'canary'),
  }
}

/** Names of deployments are the same in either case; Azure's own tools write them in lower case. */
function deploymentName({ name, version }: Backend, role: string): string {
  const deployment = name ?? version
  if (AZURE_ML_NAME.test(deployment)) return deployment.toLowerCase()
  throw new UserError({
    code: 'MW-DEPLOY-276',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(deployment)} cannot be the name of a deployment.`,
    fix: 'Use 3 to 32 letters, digits and hyphens, the first of them a letter.',
  })
}

function splitOf({ properties }: OnlineEndpoint, { canary }: Names): Split {
  const traffic = sharesOf(properties.traffic)
  const mirror = sharesOf(properties.mirrorTraffic)
  const total = Object.values(traffic).reduce((sum, part) => sum + part, 0)
  const part = canary === undefined ? 0 : (traffic[canary] ?? 0)
  return {
    weight: total === 0 ? 0 : (100 * part) / total,
    mirror: canary === undefined ? 0 : (mirror[canary] ?? 0),
    revision: `${textOf(traffic)} / ${textOf(mirror)}`,
    url: properties.scoringUri ?? undefined,
    ejected: undefined,
  }
}

function textOf(shares: TrafficShares): string {
  return Object.entries(shares)
    .map(([name, part]) => `${name}=${part}`)
    .sort()
    .join(' ')
}

interface Change extends TrafficSetting {
  readonly guard: Guard
}

async function share(
  options: AzureMlSplitterOptions,
  roles: BothRoles,
  { guard, ...traffic }: Change,
): Promise<Split> {
  const names = { ...namesOf(roles), canary: deploymentName(roles.canary, 'canary') }
  const wanted = wantedFor(names, traffic)
  await requireServing(options.api, names.canary, SERVING)
  const check = (endpoint: OnlineEndpoint) => {
    const now = splitOf(endpoint, names)
    if (now.revision !== guard.revision) throw trafficProblems('Azure ML').changed(now)
    requireTwo(endpoint, names)
    if (traffic.mirror > 0) requireManaged(endpoint)
  }
  return splitOf(await changeTraffic(options, { wanted, check }), names)
}

function wantedFor(
  { stable, canary }: { readonly stable: string; readonly canary: string },
  { weight, mirror }: TrafficSetting,
): Wanted {
  if (!Number.isInteger(weight) || weight < 0 || weight > 100) {
    throw unfit(
      'deploy.steps',
      `give a version ${weight} %`,
      'Use whole percentages from 0 to 100.',
    )
  }
  if (!Number.isInteger(mirror) || mirror < 0 || mirror > 50) {
    throw unfit('deploy.mirror', `copy ${mirror} %`, 'Use whole percentages from 0 to 50.')
  }
  if (weight > 0 && mirror > 0) {
    const fix = 'Mirror in a step of weight 0, or leave deploy.mirror out.'
    throw unfit('deploy.mirror', 'give a deployment users and copies at a time', fix)
  }
  return {
    traffic: withoutZeros({ [stable]: 100 - weight, [canary]: weight }),
    mirrorTraffic: withoutZeros({ [canary]: mirror }),
  }
}

function withoutZeros(shares: TrafficShares): TrafficShares {
  return Object.fromEntries(Object.entries(shares).filter(([, part]) => part > 0))
}

function unfit(where: string, what: string, fix: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-277',
    where,
    what: `Azure Machine Learning cannot ${what}.`,
    fix,
  })
}

const READY: ReadonlySet<string> = new Set(['Succeeded', 'Scaling'])
/** One that is changed goes on answering; to begin with, it would not be known with what. */
const SERVING: ReadonlySet<string> = new Set([...READY, 'Updating'])

/** A deployment that is still made, or that failed, would answer nobody. */
async function requireServing(
  api: EndpointApi,
  deployment: string,
  states: ReadonlySet<string>,
): Promise<void> {
  const state = await api.stateOf(deployment)
  if (state !== undefined && states.has(state)) return
  throw new UserError({
    code: 'MW-DEPLOY-278',
    where: 'deploy.backends.canary.name',
    what:
      state === undefined
        ? `endpoint ${api.name} has no deployment ${deployment}.`
        : `deployment ${deployment} of endpoint ${api.name} is ${state}.`,
    fix: 'Create the deployment before, with no traffic, and wait until it has succeeded.',
  })
}

function requireTwo({ properties }: OnlineEndpoint, { stable, canary }: Names): void {
  const all = { ...sharesOf(properties.traffic), ...sharesOf(properties.mirrorTraffic) }
  const other = Object.keys(all).find((name) => name !== stable && name !== canary)
  if (other === undefined) return
  throw new UserError({
    code: 'MW-DEPLOY-279',
    where: 'deploy.azure-ml.online-endpoint',
    what: `deployment ${other} has traffic too: shares of two versions would be none of all requests.`,
    fix: 'Take its traffic away, or name it with deploy.backends.stable.name.',
  })
}

function requireManaged({ properties }: OnlineEndpoint): void {
  if (properties.compute === null || properties.compute === undefined) return
  const fix = 'Leave deploy.mirror out.'
  throw unfit('deploy.mirror', 'copy requests at an endpoint on Kubernetes', fix)
}
