import { readFileSync } from 'node:fs'
import type { RunFacts } from '../../../ports/host.js'
import type { Environment } from '../environment.js'

type Json = Readonly<Record<string, unknown>>

/** What the event says about the change that this run is for. */
type Change = Pick<RunFacts, 'pullRequest' | 'headSha' | 'fromFork'>

const NO_CHANGE: Change = { pullRequest: undefined, headSha: undefined, fromFork: false }

/**
 * The run's facts from the runner's variables and its event file. A missing or malformed file
 * leaves what it would have said undefined, and is told to `debug`.
 */
export function readRunFacts(env: Environment, debug: (message: string) => void): RunFacts {
  const get = (name: string): string | undefined => env[name]?.trim() || undefined
  const event = get('GITHUB_EVENT_NAME')
  const attempt = Number(get('GITHUB_RUN_ATTEMPT'))
  const runAttempt = Number.isSafeInteger(attempt) && attempt > 0 ? attempt : undefined
  const serverUrl = get('GITHUB_SERVER_URL')?.replace(/\/+$/, '')
  const repository = get('GITHUB_REPOSITORY')
  const runId = get('GITHUB_RUN_ID')
  const payload = readEvent(get('GITHUB_EVENT_PATH'), debug)
  return {
    event,
    repository,
    sha: get('GITHUB_SHA'),
    ref: get('GITHUB_REF'),
    workflow: get('GITHUB_WORKFLOW'),
    job: get('GITHUB_JOB'),
    runId,
    runAttempt,
    runUrl: runUrl({ serverUrl, repository, runId, runAttempt }),
    actor: get('GITHUB_ACTOR'),
    serverUrl,
    ...readChange(event, payload),
  }
}

function runUrl(
  facts: Pick<RunFacts, 'serverUrl' | 'repository' | 'runId' | 'runAttempt'>,
): string | undefined {
  const { serverUrl, repository, runId, runAttempt } = facts
  if (serverUrl === undefined || repository === undefined || runId === undefined) return undefined
  const attempt = runAttempt === undefined || runAttempt === 1 ? '' : `/attempts/${runAttempt}`
  return `${serverUrl}/${repository}/actions/runs/${runId}${attempt}`
}

function readEvent(file: string | undefined, debug: (message: string) => void): Json {
  if (file === undefined) {
    debug('GITHUB_EVENT_PATH is not set: no facts about the event.')
    return {}
  }
  try {
    return asObject(JSON.parse(readFileSync(file, 'utf8')))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    debug(`The event file ${file} cannot be read: ${reason}`)
    return {}
  }
}

function readChange(event: string | undefined, payload: Json): Change {
  if (payload['pull_request'] !== undefined)
    return fromPullRequest(asObject(payload['pull_request']))
  if (event === 'issue_comment') return fromIssue(asObject(payload['issue']))
  if (event === 'workflow_run') return fromWorkflowRun(payload)
  if (event === 'merge_group') {
    // The queue's branch names one pull request, but the group may hold several.
    return { ...NO_CHANGE, headSha: asText(asObject(payload['merge_group'])['head_sha']) }
  }
  return NO_CHANGE
}

function fromPullRequest(pull: Json): Change {
  const head = asObject(pull['head'])
  const headName = repositoryName(head['repo'])
  const baseName = repositoryName(asObject(pull['base'])['repo'])
  // A head without a repository is a fork that has been deleted.
  const fromFork = baseName !== undefined && headName !== baseName
  return { pullRequest: asNumber(pull['number']), headSha: asText(head['sha']), fromFork }
}

function fromIssue(issue: Json): Change {
  if (issue['pull_request'] === undefined || issue['pull_request'] === null) return NO_CHANGE
  return { ...NO_CHANGE, pullRequest: asNumber(issue['number']) }
}

function fromWorkflowRun(payload: Json): Change {
  const run = asObject(payload['workflow_run'])
  const pulls = Array.isArray(run['pull_requests']) ? run['pull_requests'] : []
  const headName = repositoryName(run['head_repository'])
  const baseName = repositoryName(run['repository']) ?? repositoryName(payload['repository'])
  return {
    pullRequest: pulls.length === 1 ? asNumber(asObject(pulls[0])['number']) : undefined,
    headSha: asText(run['head_sha']),
    fromFork: baseName !== undefined && headName !== undefined && headName !== baseName,
  }
}

function repositoryName(value: unknown): string | undefined {
  return asText(asObject(value)['full_name'])?.toLowerCase()
}

function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined
}
