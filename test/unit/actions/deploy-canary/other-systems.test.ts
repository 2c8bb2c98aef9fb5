import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { createKeptTarget } from '../../../../src/adapters/traffic/kept/index.js'
import { createFileRolloutStore } from '../../../../src/adapters/traffic/stores/file.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { createMemorySystem } from '../../adapters/traffic/kept/memory.js'
import { createDeployWorld } from './deploy-world.js'

/** As the adapters' own index does it, with a system in memory whose users go on while a rollout waits. */
function systemWith({ canaryErrors }: { readonly canaryErrors: number }) {
  const system = createMemorySystem('census-1')
  const folder = mkdtempSync(join(tmpdir(), 'modelway-systems-'))
  const random = createRandom(11)
  const users = (milliseconds: number) => {
    const end = system.clock.now + milliseconds
    for (let i = 0; i < 2000 && system.clock.now < end; i++) {
      system.serve(
        random.next(),
        (name) => random.next() < (name === 'census-2' ? canaryErrors : 0),
      )
    }
    system.clock.now = end
    if (milliseconds < 10_000) return
    system.later?.()
    system.later = undefined
  }
  const store = () => createFileRolloutStore(folder)
  const world = createDeployWorld({
    now: () => system.clock.now,
    ports: {
      knownStable: async () => (await store().read())?.stable,
      openTarget: async ({ stable }) =>
        createKeptTarget({
          splitter: system.splitter,
          store: store(),
          signals: system.signals,
          stable,
          now: () => system.clock.now,
          sleep: async (milliseconds) => users(milliseconds),
        }),
      sleep: async (milliseconds) => users(milliseconds),
    },
  })
  return { system, store, world }
}

const SETTINGS = {
  target: 'gateway-api',
  'gateway-api': { route: 'census' },
  signals: { prometheus: { url: 'http://prometheus', requests: 'requests_total' } },
  backends: {
    stable: { version: 'census-1', name: 'census-1' },
    canary: { name: 'census-2' },
  },
}

describe('a rollout on a system that others run', () => {
  it('ends with all users on a version that is shown to be good, and starts no server', async () => {
    const { system, store, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy(SETTINGS)
    expect(outcome).toMatchObject({ decision: 'pass', predicate: { outcome: 'promoted' } })
    expect(system.weights).toEqual(
      new Map([
        ['census-1', 0],
        ['census-2', 100],
      ]),
    )
    expect(system.calls).toEqual(['admit', 'share 5', 'share 25', 'share 50', 'promote'])
    expect(await store().read()).toEqual({
      stable: { version: 'census-2', name: 'census-2' },
      previous: { version: 'census-1', name: 'census-1' },
    })
    expect(world.champion).toBe('2')
    expect([...world.running]).toEqual([])
  })

  it('goes back from a version that fails users, and leaves no rollout behind', async () => {
    const { system, store, world } = systemWith({ canaryErrors: 0.2 })
    const outcome = await world.deploy(SETTINGS)
    expect(outcome).toMatchObject({ decision: 'fail', predicate: { outcome: 'rolled-back' } })
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
    expect((await store().read())?.rollout).toBeUndefined()
    expect(world.champion).toBe('1')
  })

  it('goes back when another hand changes the weight, and says so', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    const { share } = system.splitter
    system.splitter.share = async (roles, traffic, guard) => {
      const split = await share(roles, traffic, guard)
      const changed = [...system.weights].map(([name, weight]) => [name, 100 - weight] as const)
      const byHand = () => {
        system.weights = new Map(changed)
      }
      if (traffic.weight === 25) system.later = byHand
      return split
    }
    await expect(world.deploy(SETTINGS)).rejects.toThrow(/MW-DEPLOY-041.* from 25 to 75/)
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
    expect(world.champion).toBe('1')
  })

  it('switches over at once where users are on a version that is named only in the settings', async () => {
    const { system, store, world } = systemWith({ canaryErrors: 0 })
    const outcome = await world.deploy({ ...SETTINGS, mode: 'direct' })
    expect(outcome.decision).toBe('pass')
    expect(system.weights.get('census-2')).toBe(100)
    expect((await store().read())?.previous?.version).toBe('census-1')
  })

  it('refuses to switch over where it is not said what users are on', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    const backends = { canary: { name: 'census-2' } }
    const run = world.deploy({ ...SETTINGS, backends, mode: 'direct' })
    await expect(run).rejects.toThrow('MW-DEPLOY-035')
    expect(system.calls).toEqual([])
  })

  it('brings back the version before by hand', async () => {
    const { system, world } = systemWith({ canaryErrors: 0 })
    await world.deploy({ ...SETTINGS, mode: 'direct' })
    const outcome = await world.deploy({ ...SETTINGS, mode: 'rollback' })
    expect(outcome.outputs).toMatchObject({ 'previous-version': 'census-1' })
    expect(system.weights).toEqual(new Map([['census-1', 100]]))
  })
})
