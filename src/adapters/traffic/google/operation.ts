import * as z from 'zod'
import type { GoogleCall, GoogleClient } from '../../../clouds/google.js'
import { notUnderstood } from '../../../clouds/google-failures.js'
import { ExternalError } from '../../../errors.js'

/** google.longrunning.Operation. */
const Operation = z.object({
  // Below our own address, wherever it is.
  name: z.string().regex(/^projects\/[\w.:/-]+$/),
  done: z.boolean().default(false),
  error: z.object({ code: z.number().optional(), message: z.string().default('') }).optional(),
})

const FIRST_MS = 250
const MOST_MS = 10_000

export interface Waiting {
  readonly client: GoogleClient
  /** The call that has begun it. */
  readonly call: GoogleCall
  /** Where its name is below, with the version: https://run.googleapis.com/v2/. */
  readonly base: URL
  readonly limitMs: number
}

/** Asks for a long-running operation until it is done. Throws ExternalError where it ends with an error, or does not end in time. */
export async function untilDone(begun: unknown, waiting: Waiting): Promise<void> {
  const { client, call, base, limitMs } = waiting
  const until = client.now() + limitMs
  let pause = FIRST_MS
  let operation = parsed(begun, call)
  for (;;) {
    if (operation.error !== undefined) throw failed(call, operation.error)
    if (operation.done) return
    if (client.now() >= until) throw tooLong(call.subject, limitMs, 'its operation is not done')
    await client.sleep(pause)
    pause = Math.min(MOST_MS, pause * 1.6)
    const { subject, where, permission } = call
    const url = new URL(operation.name, base)
    const asked: GoogleCall = { method: 'GET', url, subject, where, permission }
    operation = parsed(await client.call(asked), call)
  }
}

function parsed(answer: unknown, { subject }: GoogleCall): z.output<typeof Operation> {
  const operation = Operation.safeParse(answer)
  if (operation.success) return operation.data
  throw notUnderstood(subject)
}

interface Failure {
  readonly code?: number | undefined
  readonly message: string
}

function failed({ subject }: GoogleCall, { code, message }: Failure): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-260',
    service: subject,
    what: `the change was begun and has failed${code === undefined ? '' : ` (google.rpc.Code ${code})`}: ${message.slice(0, 500)}`,
    retryable: false,
  })
}

/** What was asked for is not there in time; `because` says what is missing. */
export function tooLong(service: string, limitMs: number, because: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-261',
    service,
    what: `the change is not in force after ${limitMs} ms: ${because}.`,
    retryable: true,
  })
}
