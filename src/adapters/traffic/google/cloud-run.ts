import { Conflict } from '../../../clouds/google-failures.js'
import { CLOUD_RUN_NAME } from '../../../config/deploy/cloud-run.js'
import { ExternalError, UserError } from '../../../errors.js'
import type { BothRoles, Guard, Roles, Split, Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { requireWholePercent } from '../kubernetes/whole-percent.js'
import { trafficProblems } from '../problems.js'
import { type CloudRunApi, type Operation, reasonOf } from './cloud-run-api.js'
import {
  entriesFor,
  followsLatest,
  observedShares,
  type Service,
  type Shares,
  sharesText,
  wantedShares,
} from './cloud-run-traffic.js'
import { tooLong } from './operation.js'
import { isOvertaken } from './overtaken.js'
import { requireTwo } from './third-version.js'

/** Another hand's change of something else in between is passed by in so many tries. */
const TRIES = 6
const PAUSE_MS = 500
const MOST_PAUSE_MS = 5000

/**
 * Divides the requests of a service of Cloud Run between two revisions, each by chance. The first change pins traffic to
 * revisions by name, so that neither a later deployment nor going back gives users to whatever is the latest.
 */
export function createCloudRunSplitter(api: CloudRunApi): Splitter {
  return {
    kind: 'cloud-run',
    capabilities: { mirror: false, split: 'chance' },
    read: async (roles) => splitOf(await api.read(), roles),
    admit: async (roles, guard) => {
      await api.requireReady(revisionOf(roles.canary, 'canary'))
      return share(api, roles, { weight: 0, guard })
    },
    share: (roles, { weight }, guard) => share(api, roles, { weight, guard }),
    promote: (roles, guard) => share(api, roles, { weight: 100, guard }),
    rollback: (roles) => rollback(api, roles),
  }
}

function revisionOf({ name, version }: Backend, role: string): string {
  const revision = name ?? version
  if (CLOUD_RUN_NAME.test(revision)) return revision
  throw new UserError({
    code: 'MW-DEPLOY-262',
    where: `deploy.backends.${role}.name`,
    what: `${JSON.stringify(revision)} cannot be the name of a revision of Cloud Run.`,
    fix: 'Write the name of the revision, such as api-00042-abc.',
  })
}

function splitOf(service: Service, { canary }: Roles): Split {
  const name = canary === undefined ? '' : (canary.name ?? canary.version)
  const observed = observedShares(service).get(name) ?? 0
  return {
    weight: observed,
    mirror: 0,
    revision: sharesText(wantedShares(service)),
    url: service.uri,
    ejected: ejectionOf(service, name, observed),
  }
}

/** Cloud Run gives a revision that it cannot start less than was asked for, and says so when it has given up. */
function ejectionOf(service: Service, canary: string, observed: number): string | undefined {
  const { reconciling, terminalCondition } = service
  const isLess = observed < (wantedShares(service).get(canary) ?? 0)
  if (!isLess || reconciling || terminalCondition?.state !== 'CONDITION_FAILED') return undefined
  return reasonOf(terminalCondition)
}

interface Weight {
  readonly weight: number
  readonly guard: Guard
}

async function share(
  api: CloudRunApi,
  roles: BothRoles,
  { weight, guard }: Weight,
): Promise<Split> {
  requireWholePercent(weight)
  const stable = revisionOf(roles.stable, 'stable')
  const canary = revisionOf(roles.canary, 'canary')
  const shares = new Map([
    [stable, 100 - weight],
    [canary, weight],
  ])
  for (let attempt = 1; ; attempt++) {
    const service = await api.read()
    const split = splitOf(service, roles)
    const isOurs = attempt > 1 && isWanted(service, shares)
    if (split.revision !== guard.revision && !isOurs) {
      throw trafficProblems(api.title).changed(split)
    }
    requireTwo(wantedShares(service), [stable, canary])
    const operation = await change(api, service, { shares, isLast: attempt >= TRIES })
    if (operation !== 'again') return splitOf(await untilInForce(api, shares, operation), roles)
    await api.client.sleep(PAUSE_MS * attempt)
  }
}

interface Wanted {
  readonly shares: Shares
  readonly isLast: boolean
}

/** Begins a guarded change; undefined where nothing is to be changed, `again` where the service is another by now. */
async function change(
  api: CloudRunApi,
  service: Service,
  { shares, isLast }: Wanted,
): Promise<Operation | undefined | 'again'> {
  if (isWanted(service, shares)) return undefined
  try {
    return await api.patch({ etag: service.etag, traffic: entriesFor(service, shares) })
  } catch (error) {
    if (error instanceof Conflict && !isLast) return 'again'
    throw error
  }
}

function isWanted(service: Service, shares: Shares): boolean {
  return !followsLatest(service) && sharesText(wantedShares(service)) === textOf(shares)
}

function textOf(shares: Shares): string {
  return sharesText(new Map([...shares].filter(([, percent]) => percent > 0)))
}

/** Unguarded, in one write: nothing is left for the canary, nor for the latest revision, which it may be. */
async function rollback(api: CloudRunApi, { stable }: Roles): Promise<Split> {
  const shares = new Map([[revisionOf(stable, 'stable'), 100]])
  for (let attempt = 1; ; attempt++) {
    try {
      const service = await api.read()
      const operation = isWanted(service, shares)
        ? undefined
        : await api.patch({ traffic: entriesFor(service, shares) })
      return splitOf(await untilInForce(api, shares, operation), { stable, canary: undefined })
    } catch (error) {
      // Whoever drives the rollout may have written once more in between.
      if (!isOvertaken(error) || attempt >= TRIES) throw error
    }
    await api.client.sleep(PAUSE_MS * attempt)
  }
}

/**
 * Waits until the service says that users are divided so. An operation ends with an error also where only the service's newest
 * revision cannot start: what users meet decides.
 */
async function untilInForce(
  api: CloudRunApi,
  shares: Shares,
  operation: Operation | undefined,
): Promise<Service> {
  const { client, title, limitMs } = api
  const failure = await operation?.done().then(
    () => undefined,
    (error: unknown) => error,
  )
  const until = client.now() + limitMs
  let pause = PAUSE_MS
  for (;;) {
    const service = await api.read()
    if (sharesText(wantedShares(service)) !== textOf(shares)) {
      throw trafficProblems(title).changed(splitOf(service, NOBODY))
    }
    if (sharesText(observedShares(service)) === textOf(shares)) return service
    if (!service.reconciling && service.terminalCondition?.state === 'CONDITION_FAILED') {
      throw failure ?? notTaken(title, reasonOf(service.terminalCondition))
    }
    if (client.now() >= until) throw failure ?? tooLong(title, limitMs, seen(service))
    await client.sleep(pause)
    pause = Math.min(MOST_PAUSE_MS, pause * 1.6)
  }
}

const NOBODY: Roles = { stable: { version: '' }, canary: undefined }

function seen(service: Service): string {
  const shares = [...observedShares(service)].map(([name, percent]) => `${name} ${percent} %`)
  return `users meet ${shares.join(', ') || 'nothing that it names'}`
}

function notTaken(service: string, reason: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-265',
    service,
    what: `the change was written, and Cloud Run does not put it in force: ${reason}`,
    retryable: false,
  })
}
