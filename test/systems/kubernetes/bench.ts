import { setTimeout as sleep } from 'node:timers/promises'
import { createKeptTarget } from '../../../src/adapters/traffic/kept/index.js'
import type { ResourceRef } from '../../../src/adapters/traffic/kubernetes/client/resource.js'
import { createAnnotationStore } from '../../../src/adapters/traffic/kubernetes/store.js'
import { createRandom } from '../../../src/domain/stats/random.js'
import type { Splitter } from '../../../src/ports/splitter.js'
import type { Backend, TrafficTarget } from '../../../src/ports/traffic.js'
import type { TrafficBench } from '../../contracts/traffic.contract.js'
import type { Cluster } from './cluster.js'
import { createCountingSignals } from './counting.js'

export interface Opened {
  readonly splitter: () => Splitter
  /** The object that keeps the record. */
  readonly keeper: ResourceRef
  readonly stable: Backend
}

/** A target on a cluster, as the lead wires it, with its record in an annotation. */
export function openTarget(
  cluster: Cluster,
  { splitter, keeper, stable }: Opened,
  signals = createCountingSignals(),
): TrafficTarget {
  return createKeptTarget({
    splitter: splitter(),
    store: createAnnotationStore(cluster.client, keeper),
    signals,
    stable,
    isReady: async ({ version }) => version !== 'dead',
    now: Date.now,
    sleep: async (ms) => void (await sleep(ms)),
    settleMs: 20,
  })
}

export interface Simulated extends Opened {
  readonly canary: Backend
  readonly dead: Backend
  /** Who would get a request now, by weight: the data plane that does not run here, as its objects say. */
  readonly shares: () => Promise<ReadonlyMap<string, number>>
  /** What a metrics server would have of those who get requests now, by their names; unless told, these names. */
  readonly labels?: (() => Promise<ReadonlyMap<string, string>>) | undefined
  readonly end?: (() => Promise<void>) | undefined
}

/** The bench of a target whose data plane is a stand-in that draws by what the genuine API server holds. */
export function simulatedBench(cluster: Cluster, simulated: Simulated): TrafficBench {
  const signals = createCountingSignals()
  const random = createRandom(11)
  const { stable, canary, dead } = simulated
  const open = () => openTarget(cluster, simulated, signals)
  return {
    target: open(),
    again: open,
    stable,
    canary,
    dead,
    send: async (count) => {
      const shares = [...(await simulated.shares())]
      const labels = await simulated.labels?.()
      const total = shares.reduce((sum, [, share]) => sum + share, 0)
      return Array.from({ length: count }, () => {
        const name = drawn(shares, random.next() * total)
        signals.count(labels === undefined ? name : (labels.get(name) ?? 'nobody'))
        return [stable, canary].find((one) => one.name === name)?.version ?? name
      })
    },
    settled: () => sleep(60),
    end: async () => simulated.end?.(),
  }
}

function drawn(shares: readonly (readonly [string, number])[], point: number): string {
  let end = 0
  for (const [name, share] of shares) {
    end += share
    if (point < end) return name
  }
  return 'nobody'
}
