import { describe, expect, it } from '@jest/globals'
import { SETTINGS, systemWith } from './memory-world.js'

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
      stable: { version: 'census-2', name: 'census-2', model: expect.anything() },
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
