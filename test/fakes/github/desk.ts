import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Answer, type Call, notFound, type Route, refusal } from './answer.js'
import type { Site } from './documents/site.js'
import { Failures, type Fault } from './failures.js'
import { allows, type Token } from './identity.js'
import { type Match, matchOperation, requestProblems, responseProblems } from './openapi.js'
import { pageOf } from './pages.js'
import { commentRoutes } from './routes/comments.js'
import { commitRoutes } from './routes/commits.js'
import { deploymentRoutes } from './routes/deployments.js'
import { dispatchRoutes } from './routes/dispatches.js'
import { gitRoutes } from './routes/git.js'
import { issueRoutes } from './routes/issues.js'
import { pullRoutes } from './routes/pulls.js'
import { repositoryRoutes } from './routes/repository.js'
import { blobOf, runRoutes } from './routes/runs.js'
import { sourceRoutes } from './routes/source.js'

export interface JournalEntry {
  readonly method: string
  /** With the query. */
  readonly path: string
  /** GitHub's name of the operation, such as `issues/create-comment`; undefined where none fits. */
  readonly operation: string | undefined
  readonly login: string | undefined
  readonly body: unknown
  /** 0 where no answer was given. */
  readonly status: number
  readonly answer: unknown
}

/** Something that the real GitHub does not document; tests assert that there is none. */
export interface Violation {
  readonly kind: 'undocumented-route' | 'request' | 'response'
  readonly operation: string
  readonly problems: readonly string[]
}

const routes: Readonly<Record<string, Route>> = {
  ...commentRoutes,
  ...commitRoutes,
  ...deploymentRoutes,
  ...dispatchRoutes,
  ...gitRoutes,
  ...issueRoutes,
  ...pullRoutes,
  ...repositoryRoutes,
  ...runRoutes,
  ...sourceRoutes,
}

interface Request {
  readonly method: string
  readonly url: URL
  readonly path: string
  readonly match: Match | undefined
  readonly token: Token | undefined
  readonly authorized: 'none' | 'unknown' | 'known'
  readonly body: unknown
  readonly bodyIsJson: boolean
}

interface Reply {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Takes one request after the other: faults that were ordered, permissions, description, route, description again. */
export class Desk {
  readonly journal: JournalEntry[] = []
  readonly violations: Violation[] = []
  readonly failures = new Failures()
  private readonly site: Site
  private readonly basePath: string

  constructor(site: Site, basePath: string) {
    this.site = site
    this.basePath = basePath
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.url?.startsWith('/_storage/') === true) {
      return this.serveStorage(incoming, outgoing)
    }
    const request = await this.read(incoming)
    const fault = request.match && this.failures.next(request.match.id)
    const reply =
      fault === undefined || fault.kind === 'lost-answer' ? this.reply(request) : undefined
    const sent = fault === undefined ? reply : faultReply(fault)
    this.journal.push({
      method: request.method,
      path: `${request.path}${request.url.search}`,
      operation: request.match?.id,
      login: request.token?.user.login,
      body: request.body,
      status: sent?.status ?? 0,
      answer: sent?.body,
    })
    if (sent === undefined) outgoing.destroy()
    else send(outgoing, sent)
  }

  /** The storage that artifacts are downloaded from: another service, which refuses a request with GitHub's token. */
  private serveStorage(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const url = new URL(incoming.url ?? '/', new URL(this.site.api).origin)
    if (incoming.headers.authorization !== undefined) {
      const problems = ['the token was sent to the storage']
      this.violations.push({ kind: 'request', operation: 'storage', problems })
      outgoing.writeHead(400).end()
      return
    }
    const zip = blobOf(this.site, url)
    if (zip === undefined) outgoing.writeHead(403).end()
    else outgoing.writeHead(200, { 'content-type': 'application/zip' }).end(zip)
  }

  private async read(incoming: IncomingMessage): Promise<Request> {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks).toString('utf8')
    const url = new URL(incoming.url ?? '/', new URL(this.site.api).origin)
    const method = incoming.method ?? 'GET'
    const path = url.pathname.startsWith(`${this.basePath}/`)
      ? url.pathname.slice(this.basePath.length)
      : `(outside ${this.basePath})${url.pathname}`
    const secret = /^(?:bearer|token) +(\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1]
    const token = secret === undefined ? undefined : this.site.state.tokens.get(secret)
    return {
      method,
      url,
      path,
      match: matchOperation(method, path),
      token,
      authorized: secret === undefined ? 'none' : token === undefined ? 'unknown' : 'known',
      ...parsed(raw),
    }
  }

  private reply(request: Request): Reply {
    const { match } = request
    if (match === undefined) {
      const operation = `${request.method} ${request.path}`
      this.violations.push({ kind: 'undocumented-route', operation, problems: ['not documented'] })
      return plain(refusal(500, `The stand-in for GitHub has no route ${operation}`))
    }
    const answer = this.refuse(request, match) ?? this.run(request, match)
    const reply = toReply(answer, request.url)
    const problems = responseProblems(match, reply.status, reply.body)
    if (problems.length === 0) return reply
    this.violations.push({ kind: 'response', operation: match.id, problems })
    return plain(refusal(500, `The stand-in's answer is not GitHub's: ${problems.join('; ')}`))
  }

  /** In GitHub's order: who are you, does it exist for you, may you, is it well-formed. */
  private refuse(request: Request, match: Match): Answer | undefined {
    if (request.authorized === 'none') return refusal(401, 'Requires authentication')
    if (request.token === undefined) return refusal(401, 'Bad credentials')
    const { owner, repo } = match.variables
    const { state } = this.site
    if (
      owner !== undefined &&
      `${owner}/${repo}`.toLowerCase() !== state.repository.toLowerCase()
    ) {
      return notFound
    }
    const route = routes[match.id]
    if (route === undefined) return refusal(500, `The stand-in does not answer ${match.id} yet.`)
    if (route.needs.length > 0 && !allows(request.token, route.needs, route.access)) {
      const what = request.token.kind === 'installation' ? 'integration' : 'personal access token'
      return refusal(403, `Resource not accessible by ${what}`)
    }
    if (!request.bodyIsJson) return this.malformed(match, ['the body is no JSON'], 400)
    const problems = requestProblems(match, { query: request.url.searchParams, body: request.body })
    return problems.length > 0 ? this.malformed(match, problems, 422) : undefined
  }

  private malformed(match: Match, problems: readonly string[], status: number): Answer {
    this.violations.push({ kind: 'request', operation: match.id, problems })
    if (status === 400) return refusal(422, 'Problems parsing JSON')
    return refusal(422, `Invalid request.\n\n${problems.join('\n')}`)
  }

  private run(request: Request, match: Match): Answer {
    const route = routes[match.id]
    if (route === undefined || request.token === undefined) return notFound
    const call: Call = {
      site: this.site,
      token: request.token,
      variables: match.variables,
      query: request.url.searchParams,
      body: (request.body ?? {}) as Call['body'],
    }
    return route.run(call)
  }
}

function parsed(raw: string): { body: unknown; bodyIsJson: boolean } {
  if (raw === '') return { body: undefined, bodyIsJson: true }
  try {
    return { body: JSON.parse(raw), bodyIsJson: true }
  } catch {
    return { body: raw, bodyIsJson: false }
  }
}

function plain(answer: Answer): Reply {
  return 'status' in answer ? answer : { status: 500 }
}

function toReply(answer: Answer, url: URL): Reply {
  if ('status' in answer) return answer
  const page = pageOf(answer.list, url)
  const body = answer.wrap === undefined ? page.items : answer.wrap(page.items)
  return { status: 200, body, headers: page.link === undefined ? {} : { link: page.link } }
}

function faultReply(fault: Fault): Reply | undefined {
  if (fault.kind === 'status') {
    return plain(refusal(fault.status, fault.message ?? `Ordered fault ${fault.status}`))
  }
  if (fault.kind !== 'rate-limit') return undefined
  const primary = fault.limit === 'primary'
  const message = primary
    ? 'API rate limit exceeded for installation ID 1.'
    : 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.'
  const reset = Math.ceil(Date.now() / 1000) + fault.retryAfterSeconds
  const headers: Readonly<Record<string, string>> = primary
    ? { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) }
    : { 'retry-after': String(fault.retryAfterSeconds) }
  return { ...plain(refusal(fault.status, message)), headers }
}

function send(outgoing: ServerResponse, reply: Reply): void {
  const payload = reply.body === undefined ? undefined : JSON.stringify(reply.body)
  outgoing.writeHead(reply.status, {
    ...(payload === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' }),
    'x-github-request-id': 'FAKE:0:0:0:0',
    'x-github-media-type': 'github.v3; format=json',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000) + 3600),
    ...reply.headers,
  })
  outgoing.end(payload)
}
