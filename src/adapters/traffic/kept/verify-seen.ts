import { ExternalError } from '../../../errors.js'
import type { Signals } from '../../../ports/signals.js'
import type { Splitter } from '../../../ports/splitter.js'
import type { Backend } from '../../../ports/traffic.js'
import { nextStep } from './count.js'
import type { SeenNames } from './seen-names.js'

interface Watch {
  readonly splitter: Splitter
  readonly signals?: Signals | undefined
  readonly names: Pick<SeenNames, 'of'>
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly settleMs?: number | undefined
}

interface Expected {
  readonly wanted: Backend
  readonly unwanted: Backend
}

/** Stretches that are watched after a switch before it counts as not followed. */
const STRETCHES = 4
const SHORTEST_MS = 1000

/**
 * Watches what users meet after all traffic was given to one version: the system's word alone is not enough (a status may say
 * "accepted" while every request fails). Throws ExternalError when the other version is still met. No traffic, or
 * nothing that counts it, shows nothing and is taken as it is.
 */
export async function verifySeen(watch: Watch, { wanted, unwanted }: Expected): Promise<void> {
  const { signals, now, sleep, splitter } = watch
  // Jobs that run and devices that sleep follow when they next ask: no time limit can be set for them.
  if (signals === undefined || splitter.capabilities.split === 'units') return
  const { stepMs = 1 } = signals
  const length = nextStep(Math.max(SHORTEST_MS, watch.settleMs ?? 0), stepMs)
  let still = 0
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const from = nextStep(now(), stepMs)
    await sleep(from + length - now())
    const to = from + length
    await sleep(signals.lagMs)
    const names = watch.names.of({ stable: wanted, canary: unwanted })
    const gained = await signals.between({ from, to, ...names }).catch(() => undefined)
    if (gained === undefined) return
    still = gained.counters.canary.requests
    if (still === 0) return
  }
  throw new ExternalError({
    code: 'MW-DEPLOY-052',
    service: watch.splitter.kind,
    what: `users still meet version "${unwanted.version}" (${still} requests in ${length} ms) although all traffic was given to "${wanted.version}".`,
    retryable: true,
  })
}
