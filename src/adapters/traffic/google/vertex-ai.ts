import { Conflict } from '../../../clouds/google-failures.js'
import type { VertexAiTarget } from '../../../config/deploy/vertex-ai.js'
import { UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { requireWholePercent } from '../kubernetes/whole-percent.js'
import { trafficProblems } from '../problems.js'
import { tooLong } from './operation.js'
import { isLate, isOvertaken } from './overtaken.js'
import { requireTwo } from './third-version.js'
import type { Endpoint, VertexApi } from './vertex-api.js'

const TRIES = 6
const PAUSE_MS = 500
const DEPLOY_PAUSE_MS = 10_000
/** An update of the split is no long-running operation: it is in force when it is read back. */
const IN_FORCE_MS = 60_000
/** A way back that does not hold is written again. */
const AGAIN_MS = 10_000

export interface VertexSplitterOptions {
  readonly api: VertexApi
  readonly deploy: VertexAiTarget['deploy']
}

/** Divides the requests of an endpoint of Vertex AI between two of its deployed models, each by chance, in whole percentages. */
export function createVertexSplitter({ api, deploy }: VertexSplitterOptions): Splitter {
  return {
    kind: 'vertex-ai',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(api, await api.read(), roles),
    admit: async (roles, guard) => {
      requireUnchanged(api, splitOf(api, await api.read(), roles), guard)
      await requireDeployed(api, idOf(roles.canary, 'canary'), deploy)
      return share(api, roles, { weight: 0, guard })
    },
    share: (roles, { weight }, guard) => share(api, roles, { weight, guard }),
    promote: (roles, guard) => share(api, roles, { weight: 100, guard }),
    rollback: (roles) => rollback(api, roles),
  }
}

function idOf({ name, version }: Backend, role: string): string {
  const id = name ?? version
  if (/^\d{1,20}$/.test(id)) return id
  throw new UserError({
    code: 'MW-DEPLOY-262',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(id)} cannot be the id of a deployed model of Vertex AI.`,
    fix: 'Write the id, which has digits only (gcloud ai endpoints describe); the model itself is named by deploy.vertex-ai.deploy.model.',
  })
}

function splitOf(api: VertexApi, endpoint: Endpoint, { canary }: Roles): Split {
  const id = canary === undefined ? undefined : (canary.name ?? canary.version)
  const isThere = endpoint.deployedModels.some((deployed) => deployed.id === id)
  return {
    weight: id === undefined ? 0 : (endpoint.trafficSplit[id] ?? 0),
    mirror: 0,
    revision: textOf(endpoint.trafficSplit),
    url: api.predictUrl(endpoint),
    ejected: id === undefined || isThere ? undefined : 'it is not deployed on the endpoint',
  }
}

type Shares = Readonly<Record<string, number>>

/** The same for the same shares: a model that is not listed gets as much as one at 0. */
function textOf(shares: Shares): string {
  const some = Object.entries(shares).filter(([, percent]) => percent > 0)
  return JSON.stringify(some.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function requireUnchanged({ title }: VertexApi, split: Split, { revision }: Guard): void {
  if (split.revision !== revision) throw trafficProblems(title).changed(split)
}

async function requireDeployed(
  api: VertexApi,
  id: string,
  deploy: VertexAiTarget['deploy'],
): Promise<void> {
  const { deployedModels } = await api.read()
  const found = deployedModels.find((deployed) => deployed.id === id)
  if (found !== undefined) {
    requireSameModel(id, found.model, deploy)
    return
  }
  if (deploy === undefined) throw notDeployed(api, id)
  if (id.length > 10 || id === '0') throw notOwnId(id)
  try {
    await api.deploy(id, deploy)
  } catch (error) {
    // An answer that was lost, and another run that deploys it, look alike: what counts is that it comes.
    if (!(error instanceof Conflict) || !(await comes(api, id))) throw error
  }
}

async function comes({ client, limitMs, read }: VertexApi, id: string): Promise<boolean> {
  const until = client.now() + limitMs
  for (;;) {
    if ((await read()).deployedModels.some((deployed) => deployed.id === id)) return true
    if (client.now() >= until) return false
    await client.sleep(DEPLOY_PAUSE_MS)
  }
}

/** The endpoint may name the project by its number. */
function requireSameModel(
  id: string,
  found: string | undefined,
  deploy: VertexAiTarget['deploy'],
): void {
  if (deploy === undefined || found === undefined) return
  const modelOf = (name: string) => /\/models\/([^@]+)/.exec(name)?.[1]
  if (modelOf(found) === modelOf(deploy.model)) return
  throw new UserError({
    code: 'MW-DEPLOY-267',
    where: 'deploy.vertex-ai.deploy.model',
    what: `deployed model ${id} is there already, and is ${found}, not ${deploy.model}.`,
    fix: 'Give the canary another id (deploy.backends.canary.name).',
  })
}

interface Weight {
  readonly weight: number
  readonly guard: Guard
}

async function share(api: VertexApi, roles: BothRoles, { weight, guard }: Weight): Promise<Split> {
  requireWholePercent(weight)
  const stable = idOf(roles.stable, 'stable')
  const canary = idOf(roles.canary, 'canary')
  const shares = { [stable]: 100 - weight, [canary]: weight }
  for (let attempt = 1; ; attempt++) {
    const endpoint = await api.read()
    const isWanted = textOf(endpoint.trafficSplit) === textOf(shares)
    const split = splitOf(api, endpoint, roles)
    if (attempt === 1 || !isWanted) requireUnchanged(api, split, guard)
    requireTwo(Object.entries(endpoint.trafficSplit), [stable, canary])
    if (!endpoint.deployedModels.some(({ id }) => id === canary)) throw notDeployed(api, canary)
    if (isWanted) return split
    try {
      await api.setSplit(shares, endpoint.etag)
      return splitOf(api, await untilInForce(api, shares), roles)
    } catch (error) {
      if (!(error instanceof Conflict) || attempt >= TRIES) throw error
    }
    await api.client.sleep(PAUSE_MS * attempt)
  }
}

/** Unguarded, in one write. The canary stays deployed, without users. */
async function rollback(api: VertexApi, roles: Roles): Promise<Split> {
  const stable = idOf(roles.stable, 'stable')
  const shares = { [stable]: 100 }
  for (let attempt = 1; ; attempt++) {
    try {
      const { trafficSplit } = await api.read()
      if (textOf(trafficSplit) !== textOf(shares)) {
        const others = Object.keys(trafficSplit).filter((id) => id !== stable)
        await api.setSplit({ ...Object.fromEntries(others.map((id) => [id, 0])), ...shares })
      }
      return splitOf(api, await untilInForce(api, shares, AGAIN_MS), roles)
    } catch (error) {
      // Whoever drives the rollout may have written once more in between.
      if (!(isOvertaken(error) || isLate(error)) || attempt >= TRIES) throw error
    }
    await api.client.sleep(PAUSE_MS * attempt)
  }
}

async function untilInForce(
  api: VertexApi,
  shares: Shares,
  limitMs = IN_FORCE_MS,
): Promise<Endpoint> {
  const until = api.client.now() + limitMs
  for (;;) {
    const endpoint = await api.read()
    if (textOf(endpoint.trafficSplit) === textOf(shares)) return endpoint
    if (api.client.now() >= until) {
      const now = `the endpoint has ${textOf(endpoint.trafficSplit)}`
      throw tooLong(api.title, limitMs, now)
    }
    await api.client.sleep(PAUSE_MS)
  }
}

function notDeployed({ title }: VertexApi, id: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-268',
    where: 'deploy.backends.canary.name',
    what: `${title} has no deployed model ${id}.`,
    fix: 'Deploy it without traffic, or say by deploy.vertex-ai.deploy what to deploy.',
  })
}

function notOwnId(id: string): UserError {
  return new UserError({
    code: 'MW-DEPLOY-266',
    where: 'deploy.backends.canary.name',
    what: `a model cannot be deployed under the id ${id}.`,
    fix: 'Choose 1 to 10 digits, not 0, such as the number of the run.',
  })
}
