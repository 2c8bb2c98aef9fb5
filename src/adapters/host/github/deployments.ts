import { isDeepStrictEqual } from 'node:util'
import type {
  DeploymentRequest,
  DeploymentState,
  Deployments,
  DeploymentUpdate,
} from '../../../ports/host.js'
import type { GitHubClient } from './client.js'

export interface DeploymentsOptions {
  readonly client: GitHubClient
  /** The run's page, linked from each status. */
  readonly logUrl: string | undefined
  readonly hide: (text: string) => string
}

const NEEDS = 'deployments: write'
/** GitHub refuses longer descriptions. */
const LONGEST_DESCRIPTION = 140
const NEWEST = 30

/** The repository's deployment records. */
export function createDeployments(options: DeploymentsOptions): Deployments {
  const { client } = options
  const { owner, repo } = client
  const describe = (text: string): string => shorten(options.hide(text))
  return {
    create(request) {
      const description = describe(request.description)
      return client.call(
        NEEDS,
        async (rest) => {
          const answer = await rest.request('POST /repos/{owner}/{repo}/deployments', {
            owner,
            repo,
            ref: request.ref,
            environment: request.environment,
            description,
            payload: { ...request.payload },
            auto_merge: false,
            // The gate has decided already; the commit's statuses include this very run.
            required_contexts: [],
            production_environment: isProduction(request.environment),
            transient_environment: isTransient(request.environment),
          })
          if (!('id' in answer.data)) throw new Error('GitHub made no deployment.')
          return { id: String(answer.data.id) }
        },
        () => findMade(client, { ...request, description }),
      )
    },
    update: (id, update) => setStatus(options, id, update),
    async retireBefore(id, environment, isOurs) {
      const earlier = (await newest(client, environment)).filter(
        (one) => Number(one.id) < Number(id) && isOurs(readPayload(one.payload)),
      )
      for (const one of earlier) {
        const state = await latestState(client, one.id)
        // What is before one that is retired was retired with it.
        if (state === 'inactive') return
        const update = { state: 'inactive', description: 'replaced' } as const
        if (state === 'success') await setStatus(options, String(one.id), update)
      }
    },
    async list(environment) {
      const found = await newest(client, environment)
      return Promise.all(
        found.map(async ({ id, payload }) => ({
          id: String(id),
          state: await latestState(client, id),
          payload: readPayload(payload),
        })),
      )
    },
  }
}

async function setStatus(
  { client, logUrl, hide }: DeploymentsOptions,
  id: string,
  update: DeploymentUpdate,
): Promise<void> {
  const { owner, repo } = client
  await client.call(NEEDS, (rest) =>
    rest.request('POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      owner,
      repo,
      deployment_id: Number(id),
      ...statusOf(update, logUrl),
      description: shorten(hide(update.description)),
    }),
  )
}

function statusOf(update: DeploymentUpdate, logUrl: string | undefined) {
  const environmentUrl = webAddress(update.environmentUrl)
  const log = webAddress(logUrl)
  return {
    state: update.state,
    ...(log === undefined ? {} : { log_url: log }),
    ...(environmentUrl === undefined ? {} : { environment_url: environmentUrl }),
  }
}

/** GitHub refuses a whole status for an address that is not of the web. */
function webAddress(url: string | undefined): string | undefined {
  return url !== undefined && /^https?:\/\//i.test(url) ? url : undefined
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= LONGEST_DESCRIPTION) return line
  // Without half a surrogate pair at the cut.
  return `${line.slice(0, LONGEST_DESCRIPTION - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

function isProduction(environment: string): boolean {
  return /^prod(?:uction)?(?:$|[-_/. ])/i.test(environment)
}

/** Environments that go away, such as the preview of a pull request. */
function isTransient(environment: string): boolean {
  return /^(?:pr|pull|preview|review|ephemeral)(?:$|[-_/. ]|\d)/i.test(environment)
}

type Found = Awaited<ReturnType<typeof newest>>[number]

async function newest(client: GitHubClient, environment: string) {
  const { owner, repo } = client
  const answer = await client.call('deployments: read', (rest) =>
    rest.request('GET /repos/{owner}/{repo}/deployments', {
      owner,
      repo,
      environment,
      per_page: NEWEST,
    }),
  )
  return answer.data.toSorted((a, b) => Number(b.id) - Number(a.id))
}

async function latestState(
  client: GitHubClient,
  id: Found['id'],
): Promise<DeploymentState | undefined> {
  const { owner, repo } = client
  const answer = await client.call('deployments: read', (rest) =>
    rest.request('GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses', {
      owner,
      repo,
      deployment_id: Number(id),
      per_page: 100,
    }),
  )
  const [latest] = answer.data.toSorted((a, b) => Number(b.id) - Number(a.id))
  return STATES.find((state) => state === latest?.state)
}

const STATES: readonly DeploymentState[] = [
  'pending',
  'queued',
  'in_progress',
  'success',
  'failure',
  'inactive',
  'error',
]

/** The payload comes back as it was sent, or as its JSON text. */
function readPayload(payload: unknown): unknown {
  if (typeof payload !== 'string') return payload
  try {
    return JSON.parse(payload)
  } catch {
    return payload
  }
}

/**
 * The deployment that a request without an answer made after all: the newest one, if it is the
 * same and nobody has given it a status.
 */
async function findMade(
  client: GitHubClient,
  request: DeploymentRequest,
): Promise<{ readonly id: string } | undefined> {
  const [last] = await newest(client, request.environment)
  if (last === undefined || last.ref !== request.ref) return undefined
  if ((last.description ?? '') !== request.description) return undefined
  const sent: unknown = JSON.parse(JSON.stringify(request.payload))
  if (!isDeepStrictEqual(readPayload(last.payload), sent)) return undefined
  const state = await latestState(client, last.id)
  return state === undefined ? { id: String(last.id) } : undefined
}
