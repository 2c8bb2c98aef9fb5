import { ExternalError, UserError } from '../../../../errors.js'
import { jsonOf } from '../../json-text.js'
import { objectsAt, textAt } from '../json.js'
import type { Answered, Asked } from './exchange.js'
import { type ResourceRef, rbacName, titleOf } from './resource.js'

/** What was tried, for the message of its refusal. */
export interface Attempt {
  readonly service: string
  readonly ref: ResourceRef
  readonly subresource?: string | undefined
  readonly method: Asked['method']
}

const VERBS = { GET: 'get', POST: 'create', PATCH: 'patch', DELETE: 'delete' } as const
const MOST_TEXT = 600

/** The error for an answer that is none of 2xx. */
export function refusal(attempt: Attempt, answered: Answered): Error {
  const { service, ref } = attempt
  const { status } = answered
  const body = jsonOf(answered.text)
  const said = excerpt(textAt(body, 'message') ?? '')
  if (status === 401) {
    return new UserError({
      code: 'MW-DEPLOY-103',
      where: service,
      what: 'the sign-in was refused (401).',
      fix: 'The token or certificate of the kubeconfig has ended or is of another cluster.',
    })
  }
  if (status === 403) return forbidden(attempt, said)
  if (status === 404) return missing(attempt, body)
  if (status === 409) return conflict(attempt, body, said)
  if (status === 400 || status === 413 || status === 415 || status === 422) {
    return new UserError({
      code: 'MW-DEPLOY-108',
      where: titleOf(ref),
      what: `the API server refuses the change (${status}): ${said}`,
      fix: 'Mend what it names; nothing was changed.',
    })
  }
  if (status >= 300 && status < 400) {
    return new UserError({
      code: 'MW-DEPLOY-110',
      where: service,
      what: `it redirects (${status}), and a sign-in is never sent on to elsewhere.`,
      fix: "Give the API server's own address in the kubeconfig.",
    })
  }
  return new ExternalError({
    code: 'MW-DEPLOY-109',
    service,
    what: said === '' ? `${titleOf(ref)}: it failed.` : `${titleOf(ref)}: ${said}`,
    status,
    retryable: status === 429 || status >= 500,
  })
}

function forbidden({ service, ref, subresource, method }: Attempt, said: string): UserError {
  const [resource, group = ''] = rbacName(ref, subresource).split(/\.(.*)/s)
  const space = ref.namespace === undefined ? '' : ` in namespace ${ref.namespace}`
  const role = ref.namespace === undefined ? 'ClusterRole' : 'Role'
  return new UserError({
    code: 'MW-DEPLOY-104',
    where: service,
    what: `the account may not ${VERBS[method]} ${rbacName(ref, subresource)}${space}${said === '' ? '' : ` (${said})`}.`,
    fix: `Give it a ${role} with apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${VERBS[method]}"].`,
  })
}

/** A Status names the object; an API that is not there answers with a plain text. */
function missing({ ref }: Attempt, body: unknown): UserError {
  if (textAt(body, 'kind') === 'Status' && textAt(body, 'details', 'name') !== undefined) {
    return new UserError({
      code: 'MW-DEPLOY-105',
      where: titleOf(ref),
      what: 'there is no such object.',
      fix: 'See the name and the namespace.',
    })
  }
  return new UserError({
    code: 'MW-DEPLOY-106',
    where: titleOf(ref),
    what: `the cluster does not know ${rbacName(ref)} in version ${ref.version}.`,
    fix: 'Install its definitions (CRDs), or see the namespace.',
  })
}

function conflict({ ref }: Attempt, body: unknown, said: string): UserError {
  const owners = objectsAt(body, 'details', 'causes').filter(
    (cause) => textAt(cause, 'reason') === 'FieldManagerConflict',
  )
  const named = owners.map((cause) => `${textAt(cause, 'field')}: ${textAt(cause, 'message')}`)
  return new UserError({
    code: 'MW-DEPLOY-107',
    where: titleOf(ref),
    what:
      named.length > 0
        ? `others own what is to be changed: ${excerpt(named.join('; '))}.`
        : `it has changed meanwhile (409): ${said}`,
    fix: 'Change it where it is kept (git), or take the field out there; nothing is forced.',
  })
}

/** One line, without control characters. */
function excerpt(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length > MOST_TEXT ? `${line.slice(0, MOST_TEXT)}…` : line
}
