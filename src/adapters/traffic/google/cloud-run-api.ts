import type { GoogleCall, GoogleClient } from '../../../clouds/google.js'
import { notUnderstood } from '../../../clouds/google-failures.js'
import type { CloudRunTarget } from '../../../config/deploy/cloud-run.js'
import { UserError } from '../../../errors.js'
import { type Condition, type Entry, Service } from './cloud-run-traffic.js'
import { tooLong, untilDone } from './operation.js'

/** The few calls of the Cloud Run Admin API (v2) that dividing traffic takes. */
export interface CloudRunApi {
  readonly client: GoogleClient
  /** For messages. */
  readonly title: string
  readonly limitMs: number
  read(): Promise<Service>
  /** Begins the change of one field; what has become of it, the service says. `etag` guards it. */
  patch(change: Change): Promise<Operation>
  /** Resolves when the revision can serve; throws UserError where it never will. */
  requireReady(revision: string): Promise<void>
}

export type Change =
  | { readonly etag?: string; readonly traffic: readonly Entry[] }
  | { readonly etag?: string; readonly annotations: Readonly<Record<string, string>> }

export interface Operation {
  /** Throws ExternalError where it ends with an error. */
  done(): Promise<void>
}

const PERMISSION =
  'run.services.get, run.services.update, run.revisions.get and run.operations.get (roles/run.developer), with iam.serviceAccounts.actAs on the account that the service runs as'
const WHERE = 'deploy.cloud-run'

/** The service that the settings name. */
export function openCloudRunApi(settings: CloudRunTarget, client: GoogleClient): CloudRunApi {
  const { project, location, service, endpoint, timeout: limitMs } = settings
  const base = new URL(`${endpoint.replace(/\/+$/, '')}/v2/`)
  const place = ['projects', project, 'locations', location, 'services', service]
  const url = new URL(place.map(encodeURIComponent).join('/'), base)
  const title = `Cloud Run service ${service}`
  const call = (method: GoogleCall['method'], to: URL, subject: string): GoogleCall => ({
    method,
    url: to,
    subject,
    where: `${WHERE}.service`,
    permission: PERMISSION,
  })
  const api: CloudRunApi = {
    client,
    title,
    limitMs,
    read: async () => {
      const parsed = Service.safeParse(await client.call(call('GET', url, title)))
      if (parsed.success) return parsed.data
      throw notUnderstood(title)
    },
    patch: async (change) => {
      const to = new URL(url)
      to.searchParams.set('updateMask', 'traffic' in change ? 'traffic' : 'annotations')
      const wanted = { ...call('PATCH', to, title), body: change }
      const begun = await client.call(wanted)
      return { done: () => untilDone(begun, { client, call: wanted, base, limitMs }) }
    },
    requireReady: async (revision) => {
      const to = new URL(`${url.href}/revisions/${encodeURIComponent(revision)}`)
      const subject = `revision ${revision} of ${title}`
      const asked = { ...call('GET', to, subject), where: 'deploy.backends.canary.name' }
      const ask = async () => Revision.safeParse(await client.call(asked)).data?.conditions
      await untilReady(api, revision, ask)
    },
  }
  return api
}

const Revision = Service.pick({ conditions: true })
const PAUSE_MS = 2000

async function untilReady(
  { client, title, limitMs }: CloudRunApi,
  revision: string,
  ask: () => Promise<readonly Condition[] | undefined>,
): Promise<void> {
  const until = client.now() + limitMs
  for (;;) {
    const conditions = await ask()
    if (conditions === undefined) throw notUnderstood(title)
    const ready = conditions.find(({ type }) => type === 'Ready')
    if (ready?.state === 'CONDITION_SUCCEEDED') return
    if (ready?.state === 'CONDITION_FAILED') throw neverReady(revision, ready)
    if (client.now() >= until) throw tooLong(title, limitMs, `revision ${revision} is not ready`)
    await client.sleep(PAUSE_MS)
  }
}

/** What a condition says, in a few words. */
export function reasonOf({ message, revisionReason, reason }: Condition): string {
  const words = [revisionReason ?? reason, message].filter((text) => text !== undefined)
  return words.join(': ').slice(0, 500)
}

function neverReady(revision: string, condition: Condition): UserError {
  return new UserError({
    code: 'MW-DEPLOY-259',
    where: 'deploy.backends.canary.name',
    what: `revision ${revision} cannot serve (${reasonOf(condition)}); traffic is unchanged.`,
    fix: 'Deploy a revision that starts, and name it.',
  })
}
