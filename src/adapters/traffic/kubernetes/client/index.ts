import { setTimeout as sleepFor } from 'node:timers/promises'
import { ExternalError } from '../../../../errors.js'
import { jsonOf } from '../../json-text.js'
import { isJson, type Json } from '../json.js'
import { type Attempt, refusal } from './answers.js'
import { type Answered, type Asked, createExchange } from './exchange.js'
import { type FindAccess, findAccess } from './kubeconfig.js'
import { apiVersion, pathOf, type ResourceRef } from './resource.js'
import { createSignIn } from './sign-in.js'

/** One operation of a JSON Patch (RFC 6902). */
export type Operation =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }

/** A patch whose tests failed: what it was based on is no longer so. Nothing was changed. */
export const UNTRUE = 'untrue'

/** The few verbs of the Kubernetes API that dividing traffic takes. */
export interface KubernetesClient {
  /** For messages, without secrets. */
  readonly service: string
  /** The namespace of the kubeconfig's context. */
  readonly namespace: string
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  /** Throws UserError where it is not there. */
  get(ref: ResourceRef): Promise<Json>
  /** Undefined where it is not there. */
  find(ref: ResourceRef): Promise<Json | undefined>
  /** All operations or none; UNTRUE where a test among them failed. */
  patch(
    ref: ResourceRef,
    operations: readonly Operation[],
    subresource?: string,
  ): Promise<Json | typeof UNTRUE>
  /** Server-side apply as field manager `modelway`; never forces. */
  apply(ref: ResourceRef, fields: Json): Promise<Json>
  /** Twice is as once. */
  remove(ref: ResourceRef): Promise<void>
}

export interface OpenCluster extends FindAccess {
  readonly now?: (() => number) | undefined
  readonly sleep?: ((milliseconds: number) => Promise<void>) | undefined
}

export const FIELD_MANAGER = 'modelway'
const ATTEMPTS = 5
const FIRST_PAUSE_MS = 500
const MOST_PAUSE_MS = 30_000

/** Opens the cluster that a kubeconfig or the pod's service account names. */
export async function openCluster(options: OpenCluster): Promise<KubernetesClient> {
  const access = await findAccess(options)
  const now = options.now ?? Date.now
  const sleep = options.sleep ?? (async (ms: number) => void (await sleepFor(ms)))
  const exchange = await createExchange(access, options.env)
  const signIn = createSignIn(access, options.env, now)
  const service = `Kubernetes at ${access.server.host}`
  const send = async (asked: Asked): Promise<Answered> => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await once(asked)
      const pause = pauseAfter(outcome, attempt, now)
      if (pause === undefined) {
        if (outcome instanceof Error) throw outcome
        return outcome
      }
      await sleep(pause)
    }
  }
  const once = async (asked: Asked): Promise<Answered | Error> => {
    try {
      const answered = await exchange(asked, await signIn.identity(false))
      if (answered.status !== 401) return answered
      return await exchange(asked, await signIn.identity(true))
    } catch (error) {
      if (error instanceof ExternalError) return error
      throw error
    }
  }
  return { service, namespace: access.namespace, now, sleep, ...verbs(send, service) }
}

/** Undefined: this outcome is the last. */
function pauseAfter(
  outcome: Answered | Error,
  attempt: number,
  now: () => number,
): number | undefined {
  const isPassing =
    outcome instanceof Error ||
    outcome.status === 429 ||
    (outcome.status >= 500 && outcome.status !== 501)
  if (!isPassing || attempt >= ATTEMPTS) return undefined
  const own = FIRST_PAUSE_MS * 2 ** (attempt - 1)
  const asked = outcome instanceof Error ? 0 : retryAfter(outcome.headers['retry-after'], now)
  return asked > MOST_PAUSE_MS ? undefined : Math.max(own, asked)
}

/** Seconds or a date. */
function retryAfter(header: string | undefined, now: () => number): number {
  if (header === undefined) return 0
  if (/^\d+$/.test(header)) return Number(header) * 1000
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now())
}

type Verbs = Omit<KubernetesClient, 'service' | 'namespace' | 'now' | 'sleep'>

const MANAGED = `fieldManager=${FIELD_MANAGER}`

function verbs(send: (asked: Asked) => Promise<Answered>, service: string): Verbs {
  const ask = async (attempt: Attempt, asked: Asked): Promise<Json> => {
    const answered = await send(asked)
    if (answered.status < 200 || answered.status > 299) throw refusal(attempt, answered)
    const body = jsonOf(answered.text)
    if (isJson(body)) return body
    const what = 'the answer is no JSON; is this an API server?'
    throw new ExternalError({ code: 'MW-DEPLOY-109', service, what, retryable: false })
  }
  const get = (ref: ResourceRef): Promise<Json> =>
    ask({ service, ref, method: 'GET' }, { method: 'GET', path: pathOf(ref) })
  return {
    get,
    find: (ref) => unlessMissing(get(ref)),
    patch: async (ref, operations, subresource) => {
      const attempt: Attempt = { service, ref, subresource, method: 'PATCH' }
      const path = `${pathOf(ref, subresource)}?${MANAGED}`
      const body = JSON.stringify(operations)
      const contentType = 'application/json-patch+json'
      try {
        return await ask(attempt, { method: 'PATCH', path, contentType, body })
      } catch (error) {
        if (operations.some(({ op }) => op === 'test') && isUntrue(error)) return UNTRUE
        throw error
      }
    },
    apply: (ref, fields) => {
      const { name, namespace } = ref
      const metadata = {
        ...(isJson(fields['metadata']) ? fields['metadata'] : {}),
        name,
        namespace,
      }
      const body = { ...fields, apiVersion: apiVersion(ref), kind: ref.kind, metadata }
      return ask(
        { service, ref, method: 'PATCH' },
        {
          method: 'PATCH',
          path: `${pathOf(ref)}?${MANAGED}`,
          contentType: 'application/apply-patch+yaml',
          body: JSON.stringify(body),
        },
      )
    },
    remove: async (ref) => {
      const gone = ask({ service, ref, method: 'DELETE' }, { method: 'DELETE', path: pathOf(ref) })
      await unlessMissing(gone)
    },
  }
}

async function unlessMissing(answer: Promise<Json>): Promise<Json | undefined> {
  try {
    return await answer
  } catch (error) {
    if (hasProblem(error, 'MW-DEPLOY-105')) return undefined
    throw error
  }
}

/** The server says of a test that failed only that it cannot apply the patch. */
function isUntrue(error: unknown): boolean {
  return (
    hasProblem(error, 'MW-DEPLOY-107') ||
    (hasProblem(error, 'MW-DEPLOY-108') &&
      /\(422\): the server rejected our request due to an error in our request/.test(String(error)))
  )
}

function hasProblem(error: unknown, code: string): boolean {
  if (!(error instanceof Error) || !('problems' in error) || !Array.isArray(error.problems))
    return false
  return error.problems.some((problem: unknown) => isJson(problem) && problem['code'] === code)
}
