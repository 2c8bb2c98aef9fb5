import { UserError } from '../../../../../src/errors.js'
import type { Gained, Signals } from '../../../../../src/ports/signals.js'
import type { Roles, SeenAs, Split, Splitter } from '../../../../../src/ports/splitter.js'

/** A system that divides traffic, in memory, with a clock of its own: what createKeptTarget is tried on. */
export interface MemorySystem {
  readonly splitter: Splitter
  readonly signals: Signals & { failing: 'not' | 'unknown' | 'down' }
  readonly clock: { now: number }
  readonly calls: string[]
  /** What users do while the target waits. */
  onSleep?: () => void
  /** What happens between two looks. */
  later?: (() => void) | undefined
  /** One request; answers the name of the version that got it. */
  serve(point: number, fails?: (name: string) => boolean): string
  weights: ReadonlyMap<string, number>
  /** What signals call a version, where the system says so. */
  seenAs?: ((version: string) => string) | undefined
  /** Whether writes take effect; `stuck` says yes and does nothing. */
  obeys: 'yes' | 'stuck'
}

interface Served {
  readonly at: number
  readonly name: string
  readonly error: boolean
}

const LAG_MS = 3

export function createMemorySystem(stable: string): MemorySystem {
  const served: Served[] = []
  const clock = { now: 1_000_000 }
  let revision = 0
  const system: MemorySystem = {
    clock,
    calls: [],
    obeys: 'yes',
    weights: new Map([[stable, 100]]),
    serve: (point, fails) => {
      clock.now += 1
      let from = 0
      for (const [name, weight] of system.weights) {
        from += weight
        if (point * 100 >= from) continue
        served.push({ at: clock.now, name, error: fails?.(name) === true })
        return name
      }
      return 'nobody'
    },
    signals: {
      name: 'memory',
      lagMs: LAG_MS,
      failing: 'not',
      between: async ({ from, to, stable: ofStable, canary }) => {
        if (system.signals.failing === 'down') throw new Error('down')
        if (system.signals.failing === 'unknown') return undefined
        const arm = (name: string) => {
          const own = served.filter(
            (one) =>
              (system.seenAs?.(one.name) ?? one.name) === name && one.at >= from && one.at < to,
          )
          const errors = own.filter(({ error }) => error).length
          return {
            assigned: own.length,
            requests: own.length,
            errors,
            unreachable: 0,
            latency: [own.length, 0],
          }
        }
        const gained: Gained = {
          counters: {
            stable: arm(ofStable),
            canary: arm(canary),
            mirror: {
              agree: 0,
              disagree: 0,
              canaryOnlyErrors: 0,
              stableOnlyErrors: 0,
              discarded: 0,
            },
          },
          latencyBounds: [100],
          samples: [],
          warnings: [],
        }
        return gained
      },
    },
    splitter: {
      kind: 'memory',
      capabilities: { mirror: false, split: 'chance' },
      read: async (roles) => ({ ...split(roles.canary?.version), seenAs: seen(roles) }),
      admit: async ({ canary }, guard) => write('admit', canary.version, { canary: 0, guard }),
      share: async ({ canary }, { weight }, guard) =>
        write(`share ${weight}`, canary.version, { canary: weight, guard }),
      promote: async ({ canary }, guard) =>
        write('promote', canary.version, { canary: 100, guard }),
      rollback: async ({ stable: to, canary }) => {
        system.calls.push('rollback')
        revision++
        if (system.obeys === 'yes') system.weights = new Map([[to.version, 100]])
        return split(canary?.version)
      },
    },
  }
  const seen = ({ stable: ofStable, canary }: Roles): SeenAs => {
    const { seenAs } = system
    if (seenAs === undefined) return {}
    return {
      stable: seenAs(ofStable.version),
      ...(canary === undefined ? {} : { canary: seenAs(canary.version) }),
    }
  }
  const split = (canary: string | undefined): Split => ({
    weight: system.weights.get(canary ?? '') ?? 0,
    mirror: 0,
    revision: String(revision),
    url: 'http://memory',
    ejected: undefined,
  })
  const write = (
    name: string,
    canary: string,
    { canary: weight, guard }: { canary: number; guard: { revision: string } },
  ): Split => {
    if (guard.revision !== String(revision)) {
      throw new UserError({
        code: 'MW-DEPLOY-004',
        what: 'changed by another hand.',
        fix: 'See who.',
      })
    }
    system.calls.push(name)
    revision++
    const [first = stable] = [...system.weights.keys()].filter((each) => each !== canary)
    if (system.obeys === 'yes') {
      system.weights = new Map([
        [first, 100 - weight],
        [canary, weight],
      ])
    }
    return split(canary)
  }
  return system
}
