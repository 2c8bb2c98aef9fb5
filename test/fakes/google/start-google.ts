import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudRun } from './cloud-run.js'
import { type Api, answerProblems, matchMethod, requestProblems } from './discovery.js'
import { Monitoring } from './monitoring.js'
import { type Answer, type Call, type Clock, refused } from './protocol.js'
import { VertexAi } from './vertex-ai.js'

/** A stand-in for three APIs of Google Cloud, with a clock of its own; each request and answer is checked by their discovery documents. */
export interface GoogleFake {
  readonly url: string
  readonly clock: Clock
  readonly run: CloudRun
  readonly vertex: VertexAi
  readonly monitoring: Monitoring
  /** Tokens that are taken; others are refused with 401. */
  readonly tokens: Set<string>
  readonly requests: string[]
  /** What Google's own descriptions do not know; tests assert that there is none. */
  readonly violations: string[]
  /** The next requests whose line (`GET /v2/…`) fits get this answer, or, with `after`, do their work first and are answered so. */
  failNext(line: RegExp, failure: Failure): void
  /** Something happens just before the next request whose line fits is answered. */
  beforeNext(line: RegExp, happens: () => void): void
  close(): Promise<void>
}

export interface Failure {
  readonly status: number
  readonly kind?: string
  readonly message?: string
  readonly retryAfter?: string
  readonly times?: number
  /** The request does its work, and only its answer is lost. */
  readonly after?: boolean
}

export const TOKEN = 'ya29.first-token'

export async function startGoogle(): Promise<GoogleFake> {
  const clock: Clock = { now: Date.UTC(2026, 10, 24, 12, 0, 30) }
  const monitoring = new Monitoring(clock)
  const fake: Fake = {
    clock,
    monitoring,
    run: new CloudRun(clock, monitoring),
    vertex: new VertexAi(clock, monitoring),
    tokens: new Set([TOKEN]),
    requests: [],
    violations: [],
    faults: [],
    events: [],
  }
  const server = createServer((incoming, outgoing) => {
    void bodyOf(incoming).then((text) => {
      const answer = answerTo(fake, incoming, text)
      outgoing.writeHead(answer.status, {
        'content-type': 'application/json; charset=UTF-8',
        ...(answer.retryAfter === undefined ? {} : { 'retry-after': answer.retryAfter }),
      })
      outgoing.end(JSON.stringify(answer.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    ...fake,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    failNext: (line, failure) => fake.faults.push({ line, failure, left: failure.times ?? 1 }),
    beforeNext: (line, happens) => fake.events.push({ line, happens }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Fake extends Omit<GoogleFake, 'url' | 'failNext' | 'beforeNext' | 'close'> {
  events: { readonly line: RegExp; readonly happens: () => void }[]
  readonly faults: { readonly line: RegExp; readonly failure: Failure; left: number }[]
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  return text
}

function answerTo(fake: Fake, incoming: IncomingMessage, text: string): Answer {
  const url = new URL(incoming.url ?? '/', 'http://google')
  const line = `${incoming.method} ${decodeURIComponent(url.pathname)}${url.search}`
  fake.requests.push(line)
  const token = /^Bearer (.+)$/.exec(incoming.headers.authorization ?? '')?.[1] ?? ''
  if (!fake.tokens.has(token)) {
    const message = `Request had invalid authentication credentials (${token}).`
    return refused(401, 'UNAUTHENTICATED', message)
  }
  const event = fake.events.find((one) => one.line.test(line))
  fake.events = fake.events.filter((one) => one !== event)
  event?.happens()
  const fault = fake.faults.find((one) => one.left > 0 && one.line.test(line))
  if (fault === undefined) return dispatch(fake, { incoming, url, text })
  fault.left -= 1
  if (fault.failure.after === true) dispatch(fake, { incoming, url, text })
  const { status, kind = 'UNAVAILABLE', message = `ordered fault ${status}` } = fault.failure
  const { retryAfter } = fault.failure
  return { ...refused(status, kind, message), ...(retryAfter === undefined ? {} : { retryAfter }) }
}

interface Incoming {
  readonly incoming: IncomingMessage
  readonly url: URL
  readonly text: string
}

function dispatch(fake: Fake, { incoming, url, text }: Incoming): Answer {
  const method = incoming.method ?? ''
  const body: unknown = text === '' ? undefined : JSON.parse(text)
  const apis: readonly [Api, (call: Call) => Answer][] = [
    ['run.v2', (call) => fake.run.answer(call)],
    ['aiplatform.v1', (call) => fake.vertex.answer(call)],
    ['monitoring.v3', (call) => fake.monitoring.answer(call)],
  ]
  for (const [api, handle] of apis) {
    const match = matchMethod(api, method, decodeURIComponent(url.pathname))
    if (match === undefined) continue
    const problems = requestProblems(api, match.id, { query: url.searchParams, body })
    if (problems.length > 0) {
      fake.violations.push(...problems)
      return refused(400, 'INVALID_ARGUMENT', problems.join('; '))
    }
    const answer = handle({ ...match, query: url.searchParams, body })
    if (answer.status === 200) fake.violations.push(...answerProblems(api, match.id, answer.body))
    return answer
  }
  fake.violations.push(`${method} ${url.pathname}`)
  return refused(404, 'NOT_FOUND', 'Method not found.')
}
