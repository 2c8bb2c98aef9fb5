import { randomUUID } from 'node:crypto'
import { Agent, createServer, request, type Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a version behaves: it answers with its name, with an error, that the request is none, or never. */
export type Behaviour = 'answers' | 'fails' | 'rejects' | 'hangs'

const STATUS = { answers: 200, fails: 500, rejects: 422 } as const

export interface Version {
  readonly port: number
  /** Requests that have come. */
  readonly seen: () => number
  readonly behave: (how: Behaviour) => void
  /** Is told of each answer, as a model server logs it: the request's id and the status. */
  readonly watch: (listener: (id: string, status: number) => void) => void
  readonly close: () => Promise<void>
}

/** A server that stands for a version of a model. */
export async function startVersion(name: string, port: number): Promise<Version> {
  let behaviour: Behaviour = 'answers'
  let seen = 0
  let listener: (id: string, status: number) => void = () => undefined
  const server: Server = createServer((incoming, outgoing) => {
    incoming.resume()
    incoming.on('end', () => {
      seen++
      if (behaviour === 'hangs') return
      outgoing.statusCode = STATUS[behaviour]
      listener(String(incoming.headers['x-request-id']), outgoing.statusCode)
      outgoing.end(name)
    })
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    port,
    seen: () => seen,
    behave: (how) => {
      behaviour = how
    },
    watch: (told) => {
      listener = told
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface Answer {
  /** 0: the connection was lost. */
  readonly status: number
  readonly body: string
}

export function post(port: number, agent: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const lost = () => resolve({ status: 0, body: '' })
    const headers = { 'x-request-id': randomUUID() }
    const outgoing = request(
      { host: '127.0.0.1', port, path: '/v2/models/m/infer', method: 'POST', agent, headers },
      (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (chunk: string) => {
          body += chunk
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', lost)
      },
    )
    outgoing.on('error', lost)
    outgoing.end('{"inputs":[]}')
  })
}

/** One user after the other, on one connection: what each was answered. */
export async function send(port: number, count: number): Promise<readonly Answer[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const answers: Answer[] = []
  for (let i = 0; i < count; i++) answers.push(await post(port, agent))
  agent.destroy()
  return answers
}

interface Load {
  readonly sent: number
  /** How many requests were answered with each status. */
  readonly statuses: ReadonlyMap<number, number>
}

/** What sixteen users on connections that are kept, with pauses up to so long, meet while something is done. */
export async function underLoad(
  port: number,
  work: () => Promise<void>,
  pauseMs = 0,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  const statuses = new Map<number, number>()
  let isOn = true
  let sent = 0
  const user = async () => {
    while (isOn) {
      sent++
      const { status } = await post(port, agent)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (pauseMs > 0) await sleep(Math.random() * pauseMs)
    }
  }
  const users = Array.from({ length: 16 }, user)
  try {
    await work()
  } finally {
    // Also where the work failed: users who go on keep the test from ending.
    isOn = false
    await Promise.all(users)
    agent.destroy()
  }
  return { sent, statuses }
}
