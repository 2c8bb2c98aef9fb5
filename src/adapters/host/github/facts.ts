import { readFileSync } from 'node:fs'
import type { CommentEvent, RunFacts, TriggeringRun } from '../../../ports/host.js'
import type { Environment } from '../environment.js'

type Json = Readonly<Record<string, unknown>>

/** What the event says about the change that this run is for. */
type Change = Pick<
  RunFacts,
  'pullRequest' | 'headSha' | 'fromFork' | 'baseRef' | 'baseSha' | 'triggeringRun' | 'comment'
>

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
  if (event === 'issue_comment') return fromIssueComment(payload)
  if (event === 'workflow_run') return fromWorkflowRun(payload)
  if (event === 'merge_group') {
    return fromMergeGroup(asObject(payload['merge_group']))
  }
  return NO_CHANGE
}

function fromPullRequest(pull: Json): Change {
  const head = asObject(pull['head'])
  const headName = repositoryName(head['repo'])
  const baseName = repositoryName(asObject(pull['base'])['repo'])
  // A head without a repository is a fork that has been deleted.
  const fromFork = baseName !== undefined && headName !== baseName
  const base = asObject(pull['base'])
  return {
    pullRequest: asNumber(pull['number']),
    headSha: asText(head['sha']),
    fromFork,
    baseRef: asText(base['ref']),
    baseSha: asText(base['sha']),
  }
}

/** The queue's branch names one pull request, but the group may hold several: it is for none. */
function fromMergeGroup(group: Json): Change {
  return {
    ...NO_CHANGE,
    headSha: asText(group['head_sha']),
    baseRef: asText(group['base_ref'])?.replace(/^refs\/heads\//, ''),
    baseSha: asText(group['base_sha']),
  }
}

/** A comment names no commit: what it is about must be asked of the forge. */
function fromIssueComment(payload: Json): Change {
  const issue = asObject(payload['issue'])
  const comment = readComment(payload)
  if (issue['pull_request'] === undefined || issue['pull_request'] === null) {
    return { ...NO_CHANGE, comment }
  }
  return { ...NO_CHANGE, pullRequest: asNumber(issue['number']), comment }
}

function readComment(payload: Json): CommentEvent | undefined {
  const comment = asObject(payload['comment'])
  const id = asNumber(comment['id'])
  if (id === undefined) return undefined
  return {
    id,
    action: asText(payload['action']),
    author: asText(asObject(comment['user'])['login']),
    body: asText(comment['body']) ?? '',
  }
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
    triggeringRun: readTriggeringRun(run),
  }
}

function readTriggeringRun(run: Json): TriggeringRun | undefined {
  const id = asNumber(run['id'])
  const headSha = asText(run['head_sha'])
  if (id === undefined || headSha === undefined) return undefined
  return {
    id,
    attempt: asNumber(run['run_attempt']) ?? 1,
    event: asText(run['event']),
    workflow: asText(run['name']),
    conclusion: asText(run['conclusion']),
    headSha,
    headRef: asText(run['head_branch']),
    headRepository: asText(asObject(run['head_repository'])['full_name']),
    url: asText(run['html_url']),
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
