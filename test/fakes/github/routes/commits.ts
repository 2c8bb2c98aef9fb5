import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { checkRunDocument, statusDocument } from '../documents/commits.js'
import { repositoryDocument } from '../documents/repository.js'
import type { CommitStatus, GitHubState } from '../state.js'

/** Statuses and check runs of commits. */

const fullSha = /^[0-9a-f]{40}$/

/** The commit that a branch, tag or SHA names; git itself is not part of the stand-in. */
export function commitOf(state: GitHubState, ref: string): string | undefined {
  if (fullSha.test(ref)) return ref
  return state.refs.get(ref) ?? state.refs.get(ref.replace(/^(refs\/)?(heads|tags)\//, ''))
}

/** The newest status of each context. */
export function latestStatuses(state: GitHubState, sha: string): readonly CommitStatus[] {
  const latest = new Map<string, CommitStatus>()
  for (const status of state.statuses) if (status.sha === sha) latest.set(status.context, status)
  return [...latest.values()]
}

function createStatus({ site, token, variables, body }: Call): Answer {
  const sha = variables['sha'] ?? ''
  if (!fullSha.test(sha)) return refusal(422, `No commit found for SHA: ${sha}`)
  const description = text(body, 'description') ?? null
  if (description !== null && description.length > 140) {
    return refusal(422, 'Validation Failed', [
      {
        resource: 'Status',
        code: 'custom',
        field: 'description',
        message: 'description is too long (maximum is 140 characters)',
      },
    ])
  }
  const status: CommitStatus = {
    id: site.state.nextId(),
    sha,
    state: text(body, 'state') ?? '',
    context: text(body, 'context') ?? 'default',
    description,
    targetUrl: text(body, 'target_url') ?? null,
    user: token.user,
    createdAt: site.state.now(),
  }
  site.state.statuses.push(status)
  return { status: 201, body: statusDocument(site, status) }
}

function listStatuses({ site, variables }: Call): Answer {
  const sha = commitOf(site.state, variables['ref'] ?? '')
  const found = site.state.statuses.filter((status) => status.sha === sha)
  return { list: found.reverse().map((status) => statusDocument(site, status)) }
}

function combined({ site, variables }: Call): Answer {
  const sha = commitOf(site.state, variables['ref'] ?? '')
  if (sha === undefined) return notFound
  const statuses = latestStatuses(site.state, sha)
  const url = `${site.api}/repos/${site.state.repository}/commits/${sha}`
  const body = {
    state: combinedState(statuses),
    statuses: statuses.map((status) => {
      const { creator: _creator, ...document } = statusDocument(site, status)
      return document
    }),
    sha,
    total_count: statuses.length,
    repository: repositoryDocument(site),
    commit_url: url,
    url: `${url}/status`,
  }
  return { status: 200, body }
}

function combinedState(statuses: readonly CommitStatus[]): string {
  if (statuses.some(({ state }) => state === 'failure' || state === 'error')) return 'failure'
  return statuses.length > 0 && statuses.every(({ state }) => state === 'success')
    ? 'success'
    : 'pending'
}

function createCheck({ site, token, body }: Call): Answer {
  const run = {
    id: site.state.nextId(),
    headSha: text(body, 'head_sha') ?? '',
    createdAt: site.state.now(),
    user: token.user,
    fields: body,
  }
  site.state.checkRuns.push(run)
  return { status: 201, body: checkRunDocument(site, run) }
}

function findCheck({ site, variables }: Call) {
  return site.state.checkRuns.find((run) => run.id === Number(variables['check_run_id']))
}

function getCheck(call: Call): Answer {
  const run = findCheck(call)
  return run === undefined ? notFound : { status: 200, body: checkRunDocument(call.site, run) }
}

function updateCheck(call: Call): Answer {
  const run = findCheck(call)
  if (run === undefined) return notFound
  run.fields = { ...run.fields, ...call.body }
  return { status: 200, body: checkRunDocument(call.site, run) }
}

const statuses = ['statuses'] as const
const checks = ['checks'] as const

export const commitRoutes: Routes = {
  'repos/create-commit-status': { needs: statuses, access: 'write', run: createStatus },
  'repos/list-commit-statuses-for-ref': { needs: statuses, access: 'read', run: listStatuses },
  'repos/get-combined-status-for-ref': { needs: statuses, access: 'read', run: combined },
  'checks/create': { needs: checks, access: 'write', run: createCheck },
  'checks/get': { needs: checks, access: 'read', run: getCheck },
  'checks/update': { needs: checks, access: 'write', run: updateCheck },
}
