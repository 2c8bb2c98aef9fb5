import { SAGEMAKER_NAME } from '../../../config/deploy/sagemaker.js'
import type { Roles, Split } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import type { Endpoint, SageMakerApi, Variant } from './api.js'
import { notServing, noVariantName, otherVariants, outOfService, stillBusy } from './problems.js'

export interface Watch {
  readonly api: SageMakerApi
  readonly timeoutMs: number
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
}

export interface Names {
  readonly stable: string
  readonly canary: string | undefined
}

export function variantName({ name, version }: Backend): string {
  const variant = name ?? version
  if (SAGEMAKER_NAME.test(variant)) return variant
  throw noVariantName(version, name)
}

/** Reading and going back must not fail because of what was written down about a canary. */
export function namesOf({ stable, canary }: Roles): Names {
  const name = canary?.name ?? canary?.version
  return {
    stable: variantName(stable),
    canary: name !== undefined && SAGEMAKER_NAME.test(name) ? name : undefined,
  }
}

/** What is asked, and where users send their requests. */
export interface Place {
  readonly api: SageMakerApi
  readonly url: string | undefined
}

export function splitOf(
  { api: { title }, url }: Place,
  endpoint: Endpoint,
  { stable, canary }: Names,
): Split {
  const { variants, shadows } = endpoint
  if (!variants.some(({ VariantName: one }) => one === stable || one === canary)) {
    throw notServing(
      title,
      stable,
      variants.map(({ VariantName }) => VariantName),
    )
  }
  return {
    weight: canary === undefined ? 0 : percent(variants, canary, variants),
    mirror: canary === undefined ? 0 : percent(shadows, canary, variants),
    revision: revisionOf(endpoint),
    url,
    ejected: undefined,
  }
}

/** Why the canary is out of service, by SageMaker's own doing; undefined where it is not. */
export function ejection(endpoint: Endpoint, { canary }: Names): string | undefined {
  const { variants, shadows, pending, status, failure } = endpoint
  const because = (what: string) => (failure === '' ? what : `${what}: ${failure}`)
  if (['Failed', 'OutOfService'].includes(status)) {
    return because(`the status of the endpoint is ${status}`)
  }
  if (canary === undefined) return undefined
  const known = [...variants, ...shadows, ...(pending?.variants ?? [])]
  if (known.some(({ VariantName }) => VariantName === canary)) return undefined
  return because('SageMaker has taken its variant out of the endpoint')
}

/**
 * What we write: which configuration, and the weights that are wanted, and what is on its way. Instance counts and maintenance are
 * others' business.
 */
function revisionOf({ config, variants, shadows, pending }: Endpoint): string {
  const weights = (list: readonly Variant[]) =>
    list
      .map(({ VariantName, DesiredWeight }) => [VariantName, rounded(DesiredWeight ?? 0)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([config, weights(variants), weights(shadows), pending?.config ?? null])
}

/** Whether what is there now is what was read, or what that came to by itself: an update that was on its way has ended. */
export function follows(revision: string, endpoint: Endpoint): boolean {
  const now = revisionOf(endpoint)
  if (now === revision) return true
  const before: unknown = JSON.parse(revision)
  if (!Array.isArray(before) || endpoint.pending !== undefined) return false
  const [config, variants, shadows, pending] = before
  if (typeof pending !== 'string') return false
  return endpoint.config === pending || now === JSON.stringify([config, variants, shadows, null])
}

/** Weights are single-precision numbers there. */
function rounded(weight: number): number {
  return Math.round(weight * 1e4) / 1e4
}

/** The weight of a variant over the sum of weights of all that users meet. */
function percent(list: readonly Variant[], name: string, users: readonly Variant[]): number {
  const sum = users.reduce((all, { CurrentWeight }) => all + (CurrentWeight ?? 0), 0)
  const own = list.find(({ VariantName }) => VariantName === name)?.CurrentWeight ?? 0
  return sum === 0 ? 0 : rounded((100 * own) / sum)
}

/** Whether the variants have these shares of the users, as wanted and as they are. */
export function isWeighed(
  { variants }: Endpoint,
  weights: Readonly<Record<string, number>>,
): boolean {
  const close = (a: number | null | undefined, b: number) => Math.abs((a ?? 0) - b) < 1e-4
  return variants.every(({ VariantName, CurrentWeight, DesiredWeight }) => {
    const wanted = weights[VariantName] ?? 0
    return close(CurrentWeight, wanted) && close(DesiredWeight, wanted)
  })
}

export function refuseOthers({ title }: SageMakerApi, endpoint: Endpoint, names: Names): void {
  const others = endpoint.variants.filter(
    ({ VariantName, CurrentWeight, DesiredWeight }) =>
      VariantName !== names.stable &&
      VariantName !== names.canary &&
      ((CurrentWeight ?? 0) > 0 || (DesiredWeight ?? 0) > 0),
  )
  if (others.length > 0)
    throw otherVariants(
      title,
      others.map(({ VariantName }) => VariantName),
    )
}

const FIRST_MS = 1000
const MOST_MS = 15_000
/** A status in which SageMaker takes no change, and which ends by itself. */
const BUSY = new Set(['Creating', 'Updating', 'SystemUpdating', 'RollingBack'])

/**
 * Waits until SageMaker is done with what it is doing. `UpdateRollbackFailed` counts as done: users are served, and a new
 * configuration is the way out of it.
 */
export async function untilDone(
  { api, timeoutMs, now, sleep }: Watch,
  isEnough: (endpoint: Endpoint) => boolean = () => false,
): Promise<Endpoint> {
  const until = now() + timeoutMs
  let pause = FIRST_MS
  for (;;) {
    const endpoint = await api.endpoint()
    if (isEnough(endpoint)) return endpoint
    if (!BUSY.has(endpoint.status)) {
      if (['InService', 'UpdateRollbackFailed'].includes(endpoint.status)) return endpoint
      throw outOfService(`SageMaker, ${api.title}`, endpoint.status, endpoint.failure)
    }
    if (now() >= until) throw stillBusy(`SageMaker, ${api.title}`, endpoint.status, timeoutMs)
    await sleep(pause)
    pause = Math.min(MOST_MS, pause * 1.6)
  }
}
