import type { Signals } from '../../../src/ports/signals.js'

/** Requests that versions have answered, by the versions' names, as Signals. */
export interface CountingSignals extends Signals {
  count(name: string, error?: boolean): void
}

interface Served {
  readonly at: number
  readonly name: string
  readonly error: boolean
}

export function createCountingSignals(now: () => number = Date.now): CountingSignals {
  const served: Served[] = []
  return {
    name: 'the backends of the test',
    lagMs: 5,
    count: (name, error = false) => {
      served.push({ at: now(), name, error })
    },
    between: async ({ from, to, stable, canary }) => {
      const arm = (name: string) => {
        const own = served.filter((one) => one.name === name && one.at >= from && one.at < to)
        return {
          assigned: own.length,
          requests: own.length,
          errors: own.filter(({ error }) => error).length,
          unreachable: 0,
          latency: [own.length, 0],
        }
      }
      const mirror = {
        agree: 0,
        disagree: 0,
        canaryOnlyErrors: 0,
        stableOnlyErrors: 0,
        discarded: 0,
      }
      return {
        counters: { stable: arm(stable), canary: arm(canary), mirror },
        latencyBounds: [100],
        samples: [],
        warnings: [],
      }
    },
  }
}
