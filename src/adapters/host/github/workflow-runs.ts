import type { RunFilter, WorkflowRun, WorkflowRuns } from '../../../ports/forge.js'
import { ifThere, PER_PAGE, readPages } from './answers.js'
import type { GitHubClient } from './client.js'
import { sameRepository } from './pull-requests.js'

const READ = 'actions: read'

/** Runs of workflows, and their repetition. */
export function createWorkflowRuns(client: GitHubClient): WorkflowRuns {
  const { owner, repo } = client
  const get = (id: number) =>
    client.call(READ, (rest) =>
      rest.request('GET /repos/{owner}/{repo}/actions/runs/{run_id}', { owner, repo, run_id: id }),
    )
  const list = (query: ListQuery, number: number) =>
    client.call(READ, async (rest) => {
      const answer = await rest.request('GET /repos/{owner}/{repo}/actions/runs', {
        ...{ owner, repo, ...query, exclude_pull_requests: true },
        ...{ per_page: PER_PAGE, page: number },
      })
      return { data: answer.data.workflow_runs, headers: answer.headers }
    })
  return {
    get: (id) => ifThere(async () => fromAnswer((await get(id)).data)),
    async ofCommit(sha, filter = {}) {
      const query: ListQuery = {
        head_sha: sha,
        ...(filter.event === undefined ? {} : { event: filter.event }),
        ...(filter.successful === true ? { status: 'success' } : {}),
      }
      const found = await readPages((page) => list(query, page))
      return newestFirst(found.map(fromAnswer)).filter((run) => isOfWorkflow(run, filter))
    },
    async ofBranch(repository, ref, since) {
      const found = await readPages(
        (page) => list({ branch: ref }, page),
        (run) => run.created_at < since,
      )
      return newestFirst(found.map(fromAnswer)).filter(({ headRepository }) =>
        sameRepository(headRepository, repository),
      )
    },
    async rerunFailed(id) {
      await client.call('actions: write', (rest) =>
        rest.request('POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun-failed-jobs', {
          ...{ owner, repo, run_id: id },
        }),
      )
    },
  }
}

interface ListQuery {
  readonly head_sha?: string
  readonly branch?: string
  readonly event?: string
  readonly status?: 'success'
}

function newestFirst(runs: readonly WorkflowRun[]): readonly WorkflowRun[] {
  return runs.toSorted((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt) || b.id - a.id)
}

function isOfWorkflow(run: WorkflowRun, { workflow }: RunFilter): boolean {
  if (workflow === undefined) return true
  return [run.workflow, run.path, run.path.replace(/^\.github\/workflows\//, '')].includes(workflow)
}

interface RunAnswer {
  readonly id: number | bigint
  readonly name?: string | null | undefined
  readonly path: string
  readonly event: string
  readonly head_sha: string
  readonly head_branch: string | null
  readonly head_repository: { readonly full_name: string } | null
  readonly status: string | null
  readonly conclusion: string | null
  readonly run_attempt?: number | undefined
  readonly created_at: string
  readonly html_url: string
}

function fromAnswer(run: RunAnswer): WorkflowRun {
  return {
    id: Number(run.id),
    workflow: run.name ?? '',
    path: run.path.replace(/@.*$/, ''),
    event: run.event,
    headSha: run.head_sha,
    headRef: run.head_branch ?? undefined,
    headRepository: run.head_repository?.full_name,
    status: run.status ?? '',
    conclusion: run.conclusion ?? undefined,
    attempt: run.run_attempt ?? 1,
    createdAt: run.created_at,
    url: run.html_url,
  }
}
