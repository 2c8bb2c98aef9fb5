import type { Guard, Roles, Split } from '../../../ports/splitter.js'
import { trafficProblems } from '../problems.js'
import { type Endpoint, isInProgress, type Origin, type SageMakerApi } from './api.js'
import {
  follows,
  type Names,
  namesOf,
  type Place,
  refuseOthers,
  splitOf,
  untilDone,
  type Watch,
} from './endpoint.js'
import type { EndpointConfig } from './layout.js'
import { nameOfConfig } from './layout.js'
import { notTaken, stillBusy } from './problems.js'

export interface SageMaker extends Watch, Place {
  readonly api: SageMakerApi
  readonly endpointName: string
}

export interface Change {
  readonly isDone: (endpoint: Endpoint) => boolean
  readonly write: (endpoint: Endpoint) => Promise<void>
}

/**
 * Reads, compares and writes: SageMaker has no write that depends on what was before, but takes one change at a time and
 * refuses others meanwhile, so that another hand is noticed before each of ours.
 */
export async function guarded(
  sagemaker: SageMaker,
  roles: Roles,
  { guard, isDone, write }: Change & { readonly guard: Guard },
): Promise<Split> {
  const { api, now, timeoutMs } = sagemaker
  const names = namesOf(roles)
  const until = now() + timeoutMs
  const changed = (endpoint: Endpoint) => {
    const { weight } = splitOf(sagemaker, endpoint, names)
    return trafficProblems(api.title).changed({ weight })
  }
  const first = await api.endpoint()
  if (!follows(guard.revision, first)) throw changed(first)
  let { revision } = splitOf(sagemaker, first, names)
  for (let tries = 0; ; tries++) {
    const endpoint = await untilDone(sagemaker)
    const split = splitOf(sagemaker, endpoint, names)
    const isSame = follows(revision, endpoint)
    // Where only the answer to our own write was lost, its repetition is refused and it is done all the same.
    if (isDone(endpoint) && (isSame || tries > 0)) return split
    if (!isSame) throw changed(endpoint)
    revision = split.revision
    refuseOthers(api, endpoint, names)
    if (await taken(sagemaker, until, () => write(endpoint))) {
      return splitOf(sagemaker, await kept(sagemaker, isDone), names)
    }
  }
}

/** The same without asking what others have done, and waiting where something is under way. */
export async function forced(sagemaker: SageMaker, { isDone, write }: Change): Promise<Endpoint> {
  const until = sagemaker.now() + sagemaker.timeoutMs
  for (;;) {
    const endpoint = await untilDone(sagemaker)
    if (endpoint.status === 'InService' && isDone(endpoint)) return endpoint
    if (await taken(sagemaker, until, () => write(endpoint))) return await kept(sagemaker, isDone)
  }
}

const PAUSE_MS = 2000

/** Whether SageMaker has taken it: not while it is still busy with something else. */
async function taken(
  { api, now, sleep, timeoutMs }: SageMaker,
  until: number,
  write: () => Promise<void>,
): Promise<boolean> {
  try {
    await write()
    return true
  } catch (error) {
    if (!isInProgress(error)) throw error
    if (now() >= until) throw stillBusy(`SageMaker, ${api.title}`, 'Updating', timeoutMs)
    await sleep(PAUSE_MS)
    return false
  }
}

/** What was read at once may be older than the write. */
const READS = 6

async function kept(
  sagemaker: SageMaker,
  isDone: (endpoint: Endpoint) => boolean,
): Promise<Endpoint> {
  for (let read = 1; ; read++) {
    const endpoint = await untilDone(sagemaker)
    if (endpoint.status === 'InService' && isDone(endpoint)) return endpoint
    if (read === READS || endpoint.status !== 'InService') {
      throw notTaken(`SageMaker, ${sagemaker.api.title}`, endpoint.failure)
    }
    await sagemaker.sleep(PAUSE_MS)
  }
}

/** The name of a configuration with this content, which is made where it is not there. */
export async function ensureConfig(
  { api, endpointName }: SageMaker,
  config: EndpointConfig,
  origin: Origin | undefined,
): Promise<string> {
  const name = nameOfConfig(endpointName, config, origin)
  await api.make(name, config, origin)
  return name
}

export function instancesOf(endpoint: Endpoint, { stable }: Names): number | undefined {
  return (
    endpoint.variants.find(({ VariantName }) => VariantName === stable)?.CurrentInstanceCount ??
    undefined
  )
}

/** What a rollout that begins at this configuration goes back to: during one of ours, what was there before it. */
export async function wayBack({ api }: SageMaker, config: string): Promise<string> {
  const origin = await api.origin(config)
  return origin?.madeFor === 'rollout' ? origin.before : config
}
