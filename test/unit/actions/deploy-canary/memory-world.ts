import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createKeptTarget } from '../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../src/adapters/traffic/stores/file.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import type { RolloutStore } from '../../../../src/ports/rollout-store.js'
import type { Splitter } from '../../../../src/ports/splitter.js'
import { createMemorySystem } from '../../adapters/traffic/kept/memory.js'
import { createDeployWorld, type DeployWorldOptions } from './deploy-world.js'

type Options = Pick<DeployWorldOptions, 'noRecord' | 'context'> & {
  readonly splitter?: Splitter | undefined
  readonly store?: ((store: RolloutStore) => RolloutStore) | undefined
}

/** As the adapters' own index does it, with a system in memory whose users go on while a rollout waits. */
export function systemWith(
  rates: { readonly canaryErrors: number },
  options: Options & { readonly afterPause?: ((milliseconds: number) => void) | undefined } = {},
) {
  const { afterPause } = options
  const system = createMemorySystem('census-1')
  const folder = mkdtempSync(join(tmpdir(), 'modelway-systems-'))
  const random = createRandom(11)
  const users = (milliseconds: number) => {
    const end = system.clock.now + milliseconds
    for (let i = 0; i < 2000 && system.clock.now < end; i++) {
      system.serve(
        random.next(),
        (name) => random.next() < (name === 'census-2' ? rates.canaryErrors : 0),
      )
    }
    system.clock.now = end
    afterPause?.(milliseconds)
    if (milliseconds < 10_000) return
    system.later?.()
    system.later = undefined
  }
  const store = () => createFileRolloutStore(folder)
  const runWith = (options: Options) => {
    const keeps = () => options.store?.(store()) ?? store()
    return createDeployWorld({
      ...options,
      now: () => system.clock.now,
      ports: {
        knownStable: async () => (await keeps().read())?.stable,
        openTarget: async ({ stable }) =>
          createKeptTarget({
            splitter: options.splitter ?? system.splitter,
            store: keeps(),
            signals: system.signals,
            stable,
            now: () => system.clock.now,
            sleep: async (milliseconds) => users(milliseconds),
          }),
        sleep: async (milliseconds) => users(milliseconds),
      },
    })
  }
  return { system, store, users, world: runWith(options), runWith }
}

export const SETTINGS = {
  target: 'gateway-api',
  'gateway-api': { route: 'census' },
  signals: { prometheus: { url: 'http://prometheus', requests: 'requests_total' } },
  backends: {
    stable: { version: 'census-1', name: 'census-1' },
    canary: { name: 'census-2' },
  },
}
