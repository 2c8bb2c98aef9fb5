import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { issueDocument, pullAsIssue } from '../documents/issues.js'
import type { Issue } from '../state.js'

/** Issues that are no pull requests; pull requests appear in the list, as they do on GitHub. */

const bodyLimit = 65_536

function names(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function problem({ site, body }: Call): Answer | undefined {
  const invalid = (field: string, message: string) =>
    refusal(422, 'Validation Failed', [{ resource: 'Issue', code: 'invalid', field, message }])
  if ((text(body, 'body') ?? '').length > bodyLimit) {
    return invalid('body', `body is too long (maximum is ${bodyLimit} characters)`)
  }
  if ('title' in body && (text(body, 'title') ?? '').trim() === '') {
    return invalid('title', 'title is missing')
  }
  const stranger = names(body['assignees']).find(
    (login) => !site.state.collaborators.has(login.toLowerCase()),
  )
  return stranger === undefined ? undefined : invalid('assignees', `${stranger} is not assignable`)
}

function off(call: Call): Answer | undefined {
  return call.site.state.hasIssues
    ? undefined
    : refusal(410, 'Issues has been disabled in this repository.')
}

function list({ site, query }: Call): Answer {
  if (!site.state.hasIssues) return { list: [] }
  const wanted = (query.get('labels') ?? '').split(',').filter(Boolean)
  const state = query.get('state') ?? 'open'
  const found = [...site.state.tracked.values()]
    .filter((issue) => state === 'all' || issue.state === state)
    .filter((issue) => wanted.every((label) => issue.labels.includes(label)))
    .sort((a, b) => a.number - b.number)
  if (query.get('direction') !== 'asc') found.reverse()
  return {
    list: found.map((issue) =>
      issue.isPull ? pullAsIssue(site, issue) : issueDocument(site, issue),
    ),
  }
}

function create(call: Call): Answer {
  const { site, token, body } = call
  const refused = off(call) ?? problem(call)
  if (refused !== undefined) return refused
  const { state } = site
  const createdAt = state.now()
  const issue: Issue = {
    number: Math.max(0, ...state.pulls.keys(), ...state.issues) + 1,
    title: text(body, 'title') ?? '',
    body: text(body, 'body') ?? null,
    labels: names(body['labels']),
    assignees: names(body['assignees']),
    state: 'open',
    stateReason: null,
    user: token.user,
    isPull: false,
    createdAt,
    updatedAt: createdAt,
  }
  state.issues.add(issue.number)
  state.tracked.set(issue.number, issue)
  return { status: 201, body: issueDocument(site, issue) }
}

function update(call: Call): Answer {
  const { site, variables, body } = call
  const issue = site.state.tracked.get(Number(variables['issue_number']))
  if (issue === undefined) return notFound
  const refused = off(call) ?? problem(call)
  if (refused !== undefined) return refused
  const state = text(body, 'state')
  if (state !== undefined && state !== issue.state) {
    issue.state = state === 'closed' ? 'closed' : 'open'
    const usual = issue.state === 'closed' ? 'completed' : 'reopened'
    issue.stateReason = text(body, 'state_reason') ?? usual
  }
  issue.body = text(body, 'body') ?? issue.body
  issue.title = text(body, 'title') ?? issue.title
  if ('labels' in body) issue.labels = names(body['labels'])
  if ('assignees' in body) issue.assignees = names(body['assignees'])
  issue.updatedAt = site.state.now()
  return { status: 200, body: issueDocument(site, issue) }
}

const needs = ['issues'] as const

export const issueRoutes: Routes = {
  'issues/list-for-repo': { needs, access: 'read', run: list },
  'issues/create': { needs, access: 'write', run: create },
  'issues/update': { needs, access: 'write', run: update },
}
