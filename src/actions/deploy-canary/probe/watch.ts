import {
  type Availability,
  type Glance,
  NOTHING_SEEN,
  type Seen,
  seeMore,
} from '../../../domain/probe/availability.js'
import type { Rows } from '../../../domain/probe/tensor.js'
import { ExternalError } from '../../../errors.js'
import type { ModelEndpoint } from '../../../ports/probe.js'

export interface WatchOptions {
  readonly canary: ModelEndpoint
  readonly stable: ModelEndpoint | undefined
  readonly users: ModelEndpoint | undefined
  /** What is sent, one row at each look; undefined: only the health is asked. */
  readonly rows: Rows | undefined
  readonly everyMs: number
  /** Failures in a row that end the rollout. */
  readonly failures: number
  readonly now: () => Date
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Called once, when the rollout must end. */
  readonly onStop?: ((text: string) => void) | undefined
}

/** Checks of the addresses that go on until they are stopped. */
export interface Watch {
  /** What was seen so far; `stop` in it says why the rollout must end. */
  seen(): Availability
  stop(): Promise<Availability>
}

/** Starts to look at the canary, and at the stable version and the users' address beside it, every so often. */
export function startWatch(options: WatchOptions): Watch {
  const ended = new AbortController()
  let seen = NOTHING_SEEN
  const running = (async () => {
    for (let look = 0; !ended.signal.aborted; look++) {
      const glance = await glanceAt(options, look, ended.signal)
      // What an end interrupts has shown nothing.
      if (ended.signal.aborted) return
      const before = seen
      seen = seeMore(before, glance, options.failures)
      if (before.stop === undefined && seen.stop !== undefined) options.onStop?.(seen.stop.text)
      await options.sleep(options.everyMs, ended.signal)
    }
  })()
  return {
    seen: () => seen,
    stop: async () => {
      ended.abort()
      await running
      return seen
    },
  }
}

async function glanceAt(options: WatchOptions, look: number, signal: AbortSignal): Promise<Glance> {
  const at = options.now().toISOString()
  const { rows } = options
  const row = rows?.rows[look % Math.max(1, rows.rows.length)]
  const sent = rows === undefined || row === undefined ? undefined : { ...rows, rows: [row] }
  const [canary, stable, users] = await Promise.all(
    [options.canary, options.stable, options.users].map((one) => lookAt(one, sent, signal)),
  )
  const absent: Seen = { kind: 'absent' }
  return { at, canary: canary ?? absent, stable: stable ?? absent, users: users ?? absent }
}

async function lookAt(
  endpoint: ModelEndpoint | undefined,
  sent: Rows | undefined,
  signal: AbortSignal,
): Promise<Seen> {
  if (endpoint === undefined) return { kind: 'absent' }
  try {
    const states = await endpoint.health(signal)
    const bad = states.find(({ ok }) => !ok)
    if (bad !== undefined) return { kind: 'failed', why: `not ${bad.name}: ${bad.what}.` }
    if (sent !== undefined) await endpoint.predict(sent, signal)
    return { kind: 'answered' }
  } catch (error) {
    if (error instanceof ExternalError) return { kind: 'failed', why: error.message }
    return { kind: 'failed', why: String(error) }
  }
}
