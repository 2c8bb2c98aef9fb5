import { type Answer, type Call, notFound, type Routes, refusal, text } from '../answer.js'
import { commentDocument } from '../documents/pulls.js'
import type { Comment } from '../state.js'

/** GitHub's limit on the text of a comment. */
export const commentLimit = 65_536

const needs = ['issues', 'pull-requests'] as const

function find({ site, variables }: Call): Comment | undefined {
  return site.state.comments.find((comment) => comment.id === Number(variables['comment_id']))
}

function bodyProblem(body: string): Answer | undefined {
  const refused = (message: string) =>
    refusal(422, 'Validation Failed', [
      { resource: 'IssueComment', code: 'unprocessable', field: 'data', message },
    ])
  if (body.trim() === '') return refused('Body cannot be blank')
  if (body.length > commentLimit) {
    return refused(`Body is too long (maximum is ${commentLimit} characters)`)
  }
  return undefined
}

function list({ site, variables, query }: Call): Answer {
  const issue = Number(variables['issue_number'])
  if (!site.state.pulls.has(issue) && !site.state.issues.has(issue)) return notFound
  const since = query.get('since')
  const found = site.state.comments.filter(
    (comment) => comment.issue === issue && (since === null || comment.updatedAt >= since),
  )
  return { list: found.map((comment) => commentDocument(site, comment)) }
}

function create({ site, token, variables, body }: Call): Answer {
  const issue = Number(variables['issue_number'])
  if (!site.state.pulls.has(issue) && !site.state.issues.has(issue)) return notFound
  const content = text(body, 'body') ?? ''
  const problem = bodyProblem(content)
  if (problem !== undefined) return problem
  const createdAt = site.state.now()
  const comment = {
    id: site.state.nextId(),
    issue,
    user: token.user,
    createdAt,
    updatedAt: createdAt,
    body: content,
  }
  site.state.comments.push(comment)
  return { status: 201, body: commentDocument(site, comment) }
}

function update(call: Call): Answer {
  const comment = find(call)
  if (comment === undefined) return notFound
  const content = text(call.body, 'body') ?? ''
  const problem = bodyProblem(content)
  if (problem !== undefined) return problem
  comment.body = content
  comment.updatedAt = call.site.state.now()
  return { status: 200, body: commentDocument(call.site, comment) }
}

function get(call: Call): Answer {
  const comment = find(call)
  return comment === undefined
    ? notFound
    : { status: 200, body: commentDocument(call.site, comment) }
}

function remove(call: Call): Answer {
  const comment = find(call)
  if (comment === undefined) return notFound
  const { comments } = call.site.state
  comments.splice(comments.indexOf(comment), 1)
  return { status: 204 }
}

export const commentRoutes: Routes = {
  'issues/list-comments': { needs, access: 'read', run: list },
  'issues/create-comment': { needs, access: 'write', run: create },
  'issues/get-comment': { needs, access: 'read', run: get },
  'issues/update-comment': { needs, access: 'write', run: update },
  'issues/delete-comment': { needs, access: 'write', run: remove },
}
