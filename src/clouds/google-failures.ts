import * as z from 'zod'
import { ExternalError, UserError } from '../errors.js'
import { excerptOf, type Redaction } from '../secrets.js'

interface Called {
  readonly subject: string
  readonly where: string
  readonly permission: string
}

/** An etag that is no longer the newest, or a resource that exists already. */
export class Conflict extends ExternalError {}

export function unreachable(host: string, error: unknown, hide: Redaction): ExternalError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? cause.message : String(cause)
  const service = `Google Cloud at ${host}`
  const what = `cannot be reached: ${excerptOf(reason, hide)}.`
  const details = { code: 'MW-DEPLOY-250', service, what, retryable: true }
  return new ExternalError(details, { cause: error })
}

/** What an API answered is not of the form that its description promises. */
export function notUnderstood(subject: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-257',
    service: subject,
    what: 'what came is no answer of the API of Google Cloud. Is the address right?',
    retryable: false,
  })
}

/** google.rpc.Status, as JSON answers wrap it. */
const Failure = z.object({
  error: z.object({ message: z.string().default(''), status: z.string().default('') }),
})

export function statusOf(text: string): { readonly message: string; readonly status: string } {
  try {
    return Failure.parse(JSON.parse(text)).error
  } catch {
    return { message: '', status: '' }
  }
}

/** What was called, and what it answered. */
export interface Refused {
  readonly call: Called
  readonly status: number
  /** The name of a google.rpc.Code; empty where it is not said. */
  readonly kind: string
  readonly message: string
}

export function busy({ call, status, kind, message }: Refused): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-255',
    service: call.subject,
    status,
    what: `is busy or away${kind === '' ? '' : ` (${kind})`}: ${message}`,
    retryable: true,
  })
}

export function refusal(refused: Refused): Error {
  const { call, status, kind, message } = refused
  if (status === 409 || status === 412 || kind === 'ABORTED' || kind === 'FAILED_PRECONDITION') {
    const what = `the change does not fit to what is there (${kind || 'conflict'}): ${message}`
    const details = { code: 'MW-DEPLOY-263', service: call.subject, what, status }
    return new Conflict({ ...details, retryable: true })
  }
  if (status === 401) return unknownCaller(refused)
  if (status === 403) return forbidden(refused)
  if (status === 404) return missing(refused)
  return new UserError({
    code: 'MW-DEPLOY-256',
    where: call.where,
    what: `${call.subject} refuses it (${status}${kind === '' ? '' : ` ${kind}`}): ${message}`,
    fix: 'Change what the message names; nothing was changed.',
  })
}

function unknownCaller({ call, message }: Refused): UserError {
  return new UserError({
    code: 'MW-DEPLOY-252',
    where: call.where,
    what: `${call.subject} does not take the access token (401): ${message}`,
    fix: 'A token of MODELWAY_GOOGLE_TOKEN or GOOGLE_OAUTH_ACCESS_TOKEN ends after an hour and cannot be renewed: sign in by workload identity federation (google-github-actions/auth) instead.',
  })
}

function forbidden({ call, message }: Refused): UserError {
  return new UserError({
    code: 'MW-DEPLOY-253',
    where: call.where,
    what: `the account may not do this with ${call.subject} (403): ${message}`,
    fix: `Grant it ${call.permission}, and enable the API in the project.`,
  })
}

function missing({ call, message }: Refused): UserError {
  return new UserError({
    code: 'MW-DEPLOY-254',
    where: call.where,
    what: `${call.subject} was not found (404): ${message}`,
    fix: 'Check project, location and name.',
  })
}
