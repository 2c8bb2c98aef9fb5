import { afterEach, describe, expect, it } from '@jest/globals'
import { UserError } from '../../src/errors.js'
import type { Backend, TrafficTarget } from '../../src/ports/traffic.js'

/** A target with a stable version serving, a canary version that is ready, and a way to send it users' requests. */
export interface TrafficBench {
  readonly target: TrafficTarget
  /** A second driver of the same target, as the next run of a pipeline would have it. */
  readonly again: () => TrafficTarget
  readonly stable: Backend
  readonly canary: Backend
  /** A version that nothing answers for; undefined where the target cannot know. */
  readonly dead: Backend | undefined
  /** Sends requests one after the other; returns the version that answered each. */
  readonly send: (count: number) => Promise<readonly string[]>
  /** Waits until what was sent is counted and what was set is in force; for targets whose counts come late. */
  readonly settled?: () => Promise<void>
  readonly end: () => Promise<void>
}

const ROLLOUT = { id: 'rollout-1', owner: 'run 1', state: { phase: 'preparing' } }

/** What every target must do; a fake that passes may stand in for one. */
export function trafficContract(name: string, make: () => Promise<TrafficBench>): void {
  describe(`${name} as a traffic target`, () => {
    let bench: TrafficBench | undefined
    const start = async () => {
      bench = await make()
      return bench
    }
    afterEach(async () => {
      await bench?.end()
      bench = undefined
    })

    it('serves stable alone before a rollout', async () => {
      const { target, stable, send } = await start()
      const { state } = await target.observe()
      expect(state).toMatchObject({ stable, weight: 0, mirror: 0 })
      expect(state.canary).toBeUndefined()
      expect(state.rollout).toBeUndefined()
      expect(new Set(await send(20))).toEqual(new Set([stable.version]))
    })

    it('brings the canary in without giving it a user', async () => {
      const { target, stable, canary, send } = await start()
      const state = await target.prepare(ROLLOUT, canary)
      expect(state).toMatchObject({ canary, weight: 0, rollout: ROLLOUT })
      expect(new Set(await send(20))).toEqual(new Set([stable.version]))
    })

    it('prepares twice as once', async () => {
      const { target, canary } = await start()
      await target.prepare(ROLLOUT, canary)
      expect(await target.prepare(ROLLOUT, canary)).toMatchObject({ canary, weight: 0 })
    })

    it('splits requests as the weights say, and counts what it gave to whom', async () => {
      const { target, canary, send, settled } = await start()
      await target.prepare(ROLLOUT, canary)
      expect(await target.set({ weight: 50, mirror: 0 })).toMatchObject({ weight: 50 })
      await settled?.()
      const before = (await target.observe()).reading
      const served = await send(400)
      await settled?.()
      const after = (await target.observe()).reading
      const toCanary = served.filter((version) => version === canary.version).length
      // Five standard deviations of Binomial(400, 1/2).
      expect(Math.abs(toCanary - 200)).toBeLessThan(50)
      expect(after.canary.assigned - before.canary.assigned).toBe(toCanary)
      expect(after.canary.requests - before.canary.requests).toBe(toCanary)
      expect(after.stable.requests - before.stable.requests).toBe(400 - toCanary)
      expect(after.canary.latency.reduce((sum, n) => sum + n, 0)).toBe(after.canary.requests)
      expect(after.latencyBounds).toHaveLength(after.canary.latency.length - 1)
    })

    it('gives everything at weight 100 and nothing at 0', async () => {
      const { target, stable, canary, send } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 100, mirror: 0 })
      expect(new Set(await send(20))).toEqual(new Set([canary.version]))
      await target.set({ weight: 0, mirror: 0 })
      expect(new Set(await send(20))).toEqual(new Set([stable.version]))
    })

    it('promotes: the canary is stable, the rollout closed, the old version kept in mind', async () => {
      const { target, stable, canary, send } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 50, mirror: 0 })
      const state = await target.promote()
      expect(state).toMatchObject({ stable: canary, weight: 0, previous: stable })
      expect(state.canary).toBeUndefined()
      expect(state.rollout).toBeUndefined()
      expect(new Set(await send(20))).toEqual(new Set([canary.version]))
      expect(await target.promote()).toMatchObject({ stable: canary })
    })

    it('rolls back in one write, twice as once, and takes the canary out', async () => {
      const { target, stable, canary, send } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 50, mirror: 0 })
      const how = { reason: 'worse', to: 'stable' } as const
      expect(await target.rollback(how)).toMatchObject({ stable, weight: 0, mirror: 0 })
      const state = await target.rollback(how)
      expect(state.canary).toBeUndefined()
      expect(state.rollout).toBeUndefined()
      expect(new Set(await send(20))).toEqual(new Set([stable.version]))
    })

    it('brings back the version before the last promotion', async () => {
      const { target, stable, canary, send } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.promote()
      expect(await target.rollback({ reason: 'regret', to: 'previous' })).toMatchObject({ stable })
      expect(new Set(await send(20))).toEqual(new Set([stable.version]))
    })

    it('has no earlier version to bring back before the first promotion', async () => {
      const { target } = await start()
      const attempt = target.rollback({ reason: 'regret', to: 'previous' })
      await expect(attempt).rejects.toThrow(UserError)
    })

    it('lets the next run find a rollout with its state and weight', async () => {
      const { target, again, canary } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 25, mirror: 0 })
      await target.record({ ...ROLLOUT, state: { phase: 'observing', seen: [1, 2] } })
      const { state } = await again().observe()
      expect(state).toMatchObject({ weight: 25, canary })
      expect(state.rollout).toEqual({ ...ROLLOUT, state: { phase: 'observing', seen: [1, 2] } })
    })

    it('refuses a second rollout while one is under way, and changes nothing', async () => {
      const { target, again, canary } = await start()
      await target.prepare(ROLLOUT, canary)
      await target.set({ weight: 25, mirror: 0 })
      const second = again().prepare({ ...ROLLOUT, id: 'rollout-2' }, canary)
      await expect(second).rejects.toThrow(/rollout-1 of run 1 is still under way/)
      expect((await target.observe()).state).toMatchObject({ weight: 25, rollout: ROLLOUT })
    })

    it('refuses to write over what another hand has changed', async () => {
      const { target, again, canary } = await start()
      await target.prepare(ROLLOUT, canary)
      await again().set({ weight: 10, mirror: 0 })
      await expect(target.set({ weight: 25, mirror: 0 })).rejects.toThrow(UserError)
      expect((await again().observe()).state.weight).toBe(10)
    })

    it('rolls back whatever another hand has changed', async () => {
      const { target, again, canary } = await start()
      await target.prepare(ROLLOUT, canary)
      await again().set({ weight: 10, mirror: 0 })
      const state = await target.rollback({ reason: 'worse', to: 'stable' })
      expect(state.weight).toBe(0)
    })

    it('refuses a canary of the same version as stable', async () => {
      const { target, stable } = await start()
      await expect(target.prepare(ROLLOUT, stable)).rejects.toThrow(UserError)
    })

    it('refuses a canary that does not answer, and changes nothing', async () => {
      const { target, dead } = await start()
      if (dead === undefined) return
      await expect(target.prepare(ROLLOUT, dead)).rejects.toThrow(UserError)
      expect((await target.observe()).state.rollout).toBeUndefined()
    })

    it('promotes nothing where there is no canary', async () => {
      const { target } = await start()
      await expect(target.promote()).rejects.toThrow(UserError)
    })
  })
}
