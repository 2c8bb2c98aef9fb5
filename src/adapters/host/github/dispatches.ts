import { ExternalError } from '../../../errors.js'
import type { Dispatches, RepositoryDispatch, WorkflowDispatch } from '../../../ports/forge.js'
import { PER_PAGE, readPages } from './answers.js'
import type { GitHubClient } from './client.js'
import type { Pauses } from './retry.js'

/** How far GitHub's clock may be behind ours. */
const CLOCKS_DIFFER = 5000
/** A run that begins later is not of the event that was sent then, but of another. */
const SOON = 5 * 60_000

/** Events for workflows. A lost answer is no reason to fire twice: the runs are looked through before a repetition. */
export function createDispatches(client: GitHubClient, pauses: Pauses): Dispatches {
  const recentRun = (what: Parameters<Dispatches['startedSince']>[0]) => {
    const since = new Date(pauses.now() - CLOCKS_DIFFER).toISOString()
    return async () => {
      // Who may dispatch need not be allowed to look.
      const found = await startedSince(client, what, since).catch(() => undefined)
      return found === undefined ? undefined : { url: found.url }
    }
  }
  return {
    async repository(dispatch) {
      const { eventType, repository, payload } = dispatch
      const [owner = client.owner, repo = client.repo] = repository?.split('/') ?? []
      const isHere = owner === client.owner && repo === client.repo
      await explained(describeRepository(dispatch), () =>
        client.call<unknown>(
          'contents: write',
          (rest) =>
            rest.request('POST /repos/{owner}/{repo}/dispatches', {
              ...{ owner, repo, event_type: eventType, client_payload: { ...payload } },
            }),
          isHere ? recentRun({ eventType }) : undefined,
        ),
      )
    },
    async workflow(dispatch) {
      const ref = dispatch.ref ?? (await defaultBranch(client))
      const { workflow } = dispatch
      return explained(describeWorkflow(workflow, ref), () =>
        dispatchWorkflow({ client, dispatch, ref, recover: recentRun({ workflow }) }),
      )
    },
    startedSince: (what, since) => startedSince(client, what, since),
  }
}

interface Dispatching {
  readonly client: GitHubClient
  readonly dispatch: WorkflowDispatch
  readonly ref: string
  readonly recover: () => Promise<{ readonly url: string } | undefined>
}

async function dispatchWorkflow({ client, dispatch, ref, recover }: Dispatching) {
  const { owner, repo } = client
  const { workflow, inputs } = dispatch
  const ask = (details: object) =>
    client.call<{ readonly url: string | undefined }>(
      'actions: write',
      async (rest) => {
        const answer = await rest.request(
          'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
          { ...{ owner, repo, workflow_id: workflow, ref, inputs: { ...inputs } }, ...details },
        )
        return { url: runUrl(answer.data) }
      },
      recover,
    )
  try {
    return await ask({ return_run_details: true })
  } catch (error) {
    // An Enterprise Server from before 2026 refuses what it does not know.
    if (!isStatus(error, 400, 422) || !/return_run_details/.test(error.message)) throw error
    return ask({})
  }
}

function runUrl(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('html_url' in data)) return undefined
  return typeof data.html_url === 'string' ? data.html_url : undefined
}

async function defaultBranch(client: GitHubClient): Promise<string> {
  const { owner, repo } = client
  const answer = await client.call('metadata: read', (rest) =>
    rest.request('GET /repos/{owner}/{repo}', { owner, repo }),
  )
  return answer.data.default_branch
}

async function startedSince(
  client: GitHubClient,
  what: { readonly eventType: string } | { readonly workflow: string },
  since: string,
): Promise<{ readonly url: string } | undefined> {
  const { owner, repo } = client
  const byType = 'eventType' in what
  const event = byType ? 'repository_dispatch' : 'workflow_dispatch'
  const from = Date.parse(since)
  const runs = await readPages(
    async (page) => {
      const answer = await client.call('actions: read', (rest) =>
        rest.request('GET /repos/{owner}/{repo}/actions/runs', {
          ...{ owner, repo, event, per_page: PER_PAGE, page },
        }),
      )
      return { data: answer.data.workflow_runs, headers: answer.headers }
    },
    // GitHub's times are whole seconds.
    (run) => Date.parse(run.created_at) < Math.floor(from / 1000) * 1000,
  )
  const ours = runs.findLast(
    (run) =>
      Date.parse(run.created_at) <= from + SOON &&
      (byType ? run.display_title === what.eventType : isFile(run.path, what.workflow)),
  )
  return ours === undefined ? undefined : { url: ours.html_url }
}

function isFile(path: string, workflow: string): boolean {
  return path.split('@')[0]?.split('/').at(-1) === workflow.split('/').at(-1)
}

function describeRepository({ repository }: RepositoryDispatch): (status: number) => string {
  const there = repository === undefined ? 'this repository' : repository
  return (status) =>
    status === 404
      ? `${there} was not found, or the token may not see it`
      : `the event for ${there} was refused`
}

function describeWorkflow(workflow: string, ref: string): (status: number) => string {
  return (status) =>
    status === 404
      ? `there is no workflow ${workflow} that the token may see`
      : `the event for ${workflow} at ${ref} was refused`
}

/** Adds to a refusal what was asked for. */
async function explained<T>(
  describe: (status: number) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isStatus(error, 404, 422)) throw error
    const { status = 0, what } = error.details
    throw new ExternalError(
      {
        ...{ code: 'MW-HOST-030', service: 'GitHub', status, retryable: false },
        what: `${describe(status)}: ${what}`,
      },
      { cause: error },
    )
  }
}

function isStatus(error: unknown, ...statuses: readonly number[]): error is ExternalError {
  return error instanceof ExternalError && statuses.includes(error.details.status ?? 0)
}
