import { ExternalError } from '../../../errors.js'
import type { EndpointApi, OnlineEndpoint, TrafficShares, Wanted, Written } from './endpoint.js'

export interface ChangeTools {
  readonly api: EndpointApi
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly limitMs: number
}

export interface TrafficChange {
  readonly wanted: Wanted
  /** Throws where what is there now is not what the change is based on. Asked just before each write. */
  readonly check?: ((endpoint: OnlineEndpoint) => void) | undefined
}

const FIRST_MS = 1000
const MOST_MS = 10_000
const BUSY = new Set(['creating', 'updating', 'deleting'])

/** Shares by name in lower case, without those of 0. */
export function sharesOf(shares: TrafficShares | null | undefined): TrafficShares {
  return Object.fromEntries(
    Object.entries(shares ?? {}).flatMap(([name, part]) =>
      part === 0 ? [] : [[name.toLowerCase(), part]],
    ),
  )
}

/**
 * Writes the traffic and waits until Azure says that it is in force. An endpoint takes one change at a time: another one is
 * waited for. What is in force already is not written again.
 */
export async function changeTraffic(
  tools: ChangeTools,
  { wanted, check }: TrafficChange,
): Promise<OnlineEndpoint> {
  const watch = startWatch(tools)
  for (;;) {
    const endpoint = await settled(tools, watch)
    check?.(endpoint)
    if (isInForce(endpoint, wanted)) return endpoint
    const written = await tools.api.write(endpoint, wanted)
    if (written.is === 'taken') return inForce(tools, { watch, wanted, written })
    await watch.pause(`another change is under way: ${written.problem}`)
  }
}

interface Watch {
  /** Waits a little longer each time; throws once it has taken too long. */
  pause(because: string): Promise<void>
}

function startWatch({ now, sleep, limitMs }: ChangeTools): Watch {
  const until = now() + limitMs
  let milliseconds = FIRST_MS
  return {
    pause: async (because) => {
      if (now() >= until) {
        throw new ExternalError({
          code: 'MW-DEPLOY-283',
          service: 'Azure Machine Learning',
          what: `the traffic is not in force after ${limitMs} ms: ${because}`,
          retryable: true,
        })
      }
      await sleep(milliseconds)
      milliseconds = Math.min(MOST_MS, milliseconds * 1.5)
    },
  }
}

async function settled({ api }: ChangeTools, watch: Watch): Promise<OnlineEndpoint> {
  for (;;) {
    const endpoint = await api.read()
    const state = stateOf(endpoint)
    if (!BUSY.has(state)) return endpoint
    await watch.pause(`the endpoint is ${state}`)
  }
}

function stateOf({ properties }: OnlineEndpoint): string {
  return (properties.provisioningState ?? 'unknown').toLowerCase()
}

interface Expected {
  readonly watch: Watch
  readonly wanted: Wanted
  readonly written: Written & { readonly is: 'taken' }
}

async function inForce(
  tools: ChangeTools,
  { watch, wanted, written }: Expected,
): Promise<OnlineEndpoint> {
  const { operation } = written
  for (;;) {
    if (operation === undefined) break
    const { state, problem } = await tools.api.progress(operation)
    if (state === 'Succeeded') break
    if (state === 'Failed' || state === 'Canceled') throw failed(`${state}. ${problem}`)
    await watch.pause(`the change is ${state}`)
  }
  const endpoint = await settled(tools, watch)
  if (isInForce(endpoint, wanted)) return endpoint
  throw failed(`the endpoint is ${stateOf(endpoint)}, and its traffic is not what was written.`)
}

function isInForce(endpoint: OnlineEndpoint, wanted: Wanted): boolean {
  const { traffic, mirrorTraffic } = endpoint.properties
  return (
    stateOf(endpoint) === 'succeeded' &&
    isSame(sharesOf(traffic), wanted.traffic) &&
    isSame(sharesOf(mirrorTraffic), wanted.mirrorTraffic)
  )
}

function isSame(a: TrafficShares, b: TrafficShares): boolean {
  const names = Object.keys(a)
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name])
}

function failed(what: string): ExternalError {
  return new ExternalError({
    code: 'MW-DEPLOY-284',
    service: 'Azure Machine Learning',
    what: `the change of traffic came to nothing: ${what}`,
    retryable: true,
  })
}
