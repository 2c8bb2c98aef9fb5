import type * as z from 'zod'
import { ExternalError } from '../../../errors.js'
import {
  type Prediction,
  type RouterFile,
  SamplesAnswer,
  StateAnswer,
  type StateAnswerType,
  type Traffic,
  TrafficSchema,
} from './protocol.js'

export interface RouterClient {
  state(): Promise<StateAnswerType>
  /** Answers after the cursor, all that are kept. */
  samples(cursor: string): Promise<{ samples: Prediction[]; next: string; lost: number }>
  /** `conflict` carries the traffic as it is now. */
  write(route: WriteRoute, body: object): Promise<{ conflict: boolean; traffic: Traffic }>
  shutdown(): Promise<void>
}

export type WriteRoute = '/weights' | '/mirror' | '/backends' | '/rollout'

const TIMEOUT_MS = 10_000
const TRIES = 3

interface Reply {
  readonly status: number
  readonly body: unknown
}

/** Speaks to the control port of a running router. Throws ExternalError MW-DEPLOY-008 where it does not answer. */
export function createRouterClient({
  control,
  token,
}: Pick<RouterFile, 'control' | 'token'>): RouterClient {
  const call = async (method: string, path: string, body?: object): Promise<Reply> => {
    const response = await fetch(`${control}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: await response.json() }
  }
  const ask = (method: string, path: string, body?: object) =>
    repeatedly(() => call(method, path, body))
  return {
    state: async () => parse(StateAnswer, await ask('GET', '/state')),
    samples: (cursor) => readAll(cursor, (path) => ask('GET', path)),
    async write(route, body) {
      const reply = await ask('PUT', route, body)
      const conflict = reply.status === 409
      const status = conflict ? 200 : reply.status
      const traffic = parse(TrafficSchema, { status, body: trafficOf(reply.body) })
      return { conflict, traffic }
    },
    async shutdown() {
      await ask('POST', '/shutdown')
    },
  }
}

/** Sent again when no answer came: a write that did arrive is then a conflict with itself, which the adapter sees. */
async function repeatedly(call: () => Promise<Reply>): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (cause) {
      if (attempt < TRIES) continue
      throw new ExternalError(
        {
          code: 'MW-DEPLOY-008',
          service: 'embedded router',
          what: 'its control port does not answer',
          retryable: true,
        },
        { cause },
      )
    }
  }
}

async function readAll(first: string, ask: (path: string) => Promise<Reply>) {
  const samples: Prediction[] = []
  let cursor = first
  let lost = 0
  for (;;) {
    const path = `/samples?after=${encodeURIComponent(cursor)}`
    const page = parse(SamplesAnswer, await ask(path))
    samples.push(...page.samples)
    lost += page.lost
    if (page.samples.length === 0) return { samples, next: page.next, lost }
    cursor = page.next
  }
}

function trafficOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'traffic' in body ? body.traffic : body
}

function parse<Schema extends z.ZodType>(schema: Schema, reply: Reply): z.output<Schema> {
  const parsed = reply.status === 200 ? schema.safeParse(reply.body) : undefined
  if (parsed?.success) return parsed.data
  throw new ExternalError({
    code: 'MW-DEPLOY-009',
    service: 'embedded router',
    what: `unexpected answer ${JSON.stringify(reply.body).slice(0, 300)}`,
    status: reply.status,
    retryable: false,
  })
}
