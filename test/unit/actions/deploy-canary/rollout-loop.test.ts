import { describe, expect, it } from '@jest/globals'
import {
  type RolloutDrive,
  runRollout,
} from '../../../../src/actions/deploy-canary/rollout-loop.js'
import { nextCommand, reduceRollout, startRollout } from '../../../../src/domain/rollout/machine.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import type { Label } from '../../../../src/domain/rollout/quality.js'
import type { RolloutState } from '../../../../src/domain/rollout/state.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { ExternalError } from '../../../../src/errors.js'
import type { TrafficTarget } from '../../../../src/ports/traffic.js'
import { MINUTE, POLICY } from '../../domain/rollout/intervals.js'
import { createFakeTarget, createFakeTraffic, serve } from './fake-target.js'

const STABLE = { version: '1', url: 'http://one' }
const CANARY = { version: '2', url: 'http://two' }

interface Setting {
  readonly errors?: { readonly stable: number; readonly canary: number }
  readonly wrong?: { readonly stable: number; readonly canary: number }
  readonly requests?: number
  readonly policy?: Partial<RolloutPolicy>
  /** What happens in a minute besides requests; may throw nothing. */
  readonly minute?: (at: number, world: World) => void
}

interface World {
  readonly traffic: ReturnType<typeof createFakeTraffic>
  readonly target: TrafficTarget
  readonly abort: AbortController
  readonly labels: Map<string, Label>
  readonly drive: RolloutDrive
}

/** A world whose clock moves when the driver waits: each minute has requests, failures and labels. */
function createWorld(setting: Setting = {}): World {
  const { errors = { stable: 0.01, canary: 0.01 }, requests = 4000 } = setting
  const random = createRandom(5)
  const traffic = createFakeTraffic(STABLE)
  const abort = new AbortController()
  const labels = new Map<string, Label>()
  let time = Date.parse('2026-01-01T00:00:00Z')
  let minutes = 0
  let id = 0
  traffic.now = () => new Date(time)
  const policy: RolloutPolicy = { ...POLICY, ...setting.policy }
  const target = createFakeTarget(traffic)
  const minute = () => {
    for (let i = 0; i < requests; i++) {
      id += 1
      const requestId = String(id)
      labels.set(requestId, { label: '1', slices: [] })
      serve(traffic, random.next(), (role) => {
        const prediction = random.next() < (setting.wrong?.[role] ?? 0) ? '0' : '1'
        const sample = { requestId, prediction, mirrored: false }
        return { error: random.next() < errors[role], sample }
      })
    }
    setting.minute?.(minutes, world)
    minutes += 1
  }
  const drive: RolloutDrive = {
    target,
    state: startRollout({ id: 'r', policy, at: traffic.now().toISOString() }),
    owner: 'run 1',
    canary: CANARY,
    intervalMs: MINUTE,
    now: traffic.now,
    async sleep(milliseconds, signal) {
      if (signal.aborted) return
      time += milliseconds
      if (milliseconds === MINUTE) minute()
    },
    signal: abort.signal,
    readLabels: async () => labels,
  }
  const world: World = { traffic, target, abort, labels, drive }
  return world
}

const ending = (state: RolloutState) => {
  const { kind: _, ...rest } = nextCommand(state) as { kind: string }
  return rest
}

describe('driving a rollout', () => {
  it('brings an equal canary through all steps to promotion', async () => {
    const { drive, traffic } = createWorld()
    const state = await runRollout(drive)
    expect(ending(state)).toEqual({ outcome: 'promoted', decision: 'pass' })
    expect(traffic.state).toMatchObject({ stable: CANARY, previous: STABLE, weight: 0 })
    expect(traffic.state.rollout).toBeUndefined()
    const writes = traffic.calls.filter((call) => call !== 'record')
    expect(writes).toEqual(['prepare', 'set 5', 'set 50', 'promote'])
    expect(state.steps.map(({ weight }) => weight)).toEqual([5, 50])
  })

  it('brings users back from a canary with three times the errors', async () => {
    const { drive, traffic } = createWorld({ errors: { stable: 0.01, canary: 0.03 } })
    const state = await runRollout(drive)
    expect(ending(state)).toEqual({ outcome: 'rolled-back', decision: 'fail' })
    expect(state.reasons[0]?.text).toMatch(/^error-rate is worse/)
    expect(traffic.state).toMatchObject({ stable: STABLE, weight: 0 })
    expect(traffic.state.canary).toBeUndefined()
  })

  it('goes back to the version before when a promotion took effect but failed after', async () => {
    const { drive, traffic, target } = createWorld()
    const promote = async (): Promise<never> => {
      await target.promote()
      throw new Error('nobody answers')
    }
    await expect(runRollout({ ...drive, target: { ...target, promote } })).rejects.toThrow(
      'nobody answers',
    )
    expect(traffic.state).toMatchObject({ stable: STABLE, weight: 0 })
  })

  it('judges quality by labels joined to predictions', async () => {
    const metrics: RolloutPolicy['metrics'] = [
      {
        metric: 'quality',
        role: 'both',
        method: 'normal-mixture',
        margin: 0.1,
        tolerance: 0,
        slices: [],
      },
    ]
    const same = createWorld({ wrong: { stable: 0.2, canary: 0.2 }, policy: { metrics } })
    expect(ending(await runRollout(same.drive))).toMatchObject({ outcome: 'promoted' })
    const worse = createWorld({ wrong: { stable: 0.2, canary: 0.35 }, policy: { metrics } })
    const state = await runRollout(worse.drive)
    expect(ending(state)).toMatchObject({ outcome: 'rolled-back', decision: 'fail' })
    expect(state.reasons[0]?.text).toMatch(/^quality is worse/)
  })

  it('holds and then comes back when there is no traffic at all', async () => {
    const { drive, traffic } = createWorld({ requests: 0 })
    const state = await runRollout(drive)
    expect(ending(state)).toEqual({ outcome: 'rolled-back', decision: 'inconclusive' })
    expect(traffic.state.weight).toBe(0)
  })

  it('comes back when the canary is taken out of service', async () => {
    const minute: Setting['minute'] = (at, { traffic }) => {
      if (at === 1) traffic.state = { ...traffic.state, weight: 0, ejected: 'failed checks' }
    }
    const { drive } = createWorld({ minute, requests: 50 })
    const state = await runRollout(drive)
    expect(state.reasons[0]?.code).toBe('canary-unreachable')
  })

  it('comes back when the run is cancelled', async () => {
    const world = createWorld({
      requests: 100,
      minute: (at, { abort }) => at === 2 && abort.abort(),
    })
    const state = await runRollout(world.drive)
    expect(ending(state)).toEqual({ outcome: 'rolled-back', decision: 'inconclusive' })
    expect(world.traffic.state).toMatchObject({ stable: STABLE, weight: 0 })
    expect(world.traffic.state.rollout).toBeUndefined()
  })

  it('touches nothing when it is cancelled before it begins', async () => {
    const world = createWorld()
    world.abort.abort()
    await runRollout(world.drive)
    expect(world.traffic.calls).toEqual([])
  })

  it('drops the interval of a restart, and goes on', async () => {
    const minute: Setting['minute'] = (at, { traffic }) => {
      if (at !== 1) return
      traffic.epoch = 'b'
      traffic.arms.clear()
    }
    const state = await runRollout(createWorld({ minute }).drive)
    expect(ending(state)).toMatchObject({ outcome: 'promoted' })
  })

  it('is found where it was killed, and finished with the evidence it had', async () => {
    const killed = createWorld()
    const die: TrafficTarget = {
      ...killed.target,
      async record(rollout) {
        await killed.target.record(rollout)
        if ((rollout.state as RolloutState).evidence.tally?.intervals === 2)
          throw new Error('killed')
      },
      rollback: () => Promise.reject(new Error('killed')),
    }
    await expect(runRollout({ ...killed.drive, target: die })).rejects.toThrow(
      'THE ROLLBACK FAILED',
    )
    const next = createFakeTarget(killed.traffic)
    const found = (await next.observe()).state
    expect(found.weight).toBe(50)
    const before = found.rollout?.state as RolloutState
    expect(before.looks).toHaveLength(2)
    const at = killed.traffic.now().toISOString()
    const state = reduceRollout(before, { kind: 'resumed', at, how: 'finish' })
    const ended = await runRollout({ ...killed.drive, target: next, state })
    expect(ending(ended)).toEqual({ outcome: 'promoted', decision: 'pass' })
    expect(ended.looks.slice(0, 2)).toEqual(before.looks)
    expect(ended.evidence.tally?.intervals).toBeGreaterThan(2)
  })

  it('leaves the rollout of somebody else alone', async () => {
    const world = createWorld()
    const other = { id: 'other', owner: 'somebody', state: null }
    await createFakeTarget(world.traffic).prepare(other, { version: '3', url: 'http://three' })
    await expect(runRollout(world.drive)).rejects.toThrow(/other of somebody is still under way/)
    expect(world.traffic.state.rollout).toEqual(other)
  })

  it.each([
    ['another rollout', { id: 'other', owner: 'run 2', state: null }],
    ['the same rollout, which another run goes on with', { id: 'r', owner: 'run 2', state: null }],
  ])('leaves the traffic to a run that has taken over: %s', async (_, rollout) => {
    const world = createWorld({
      minute: (at, { traffic }) => {
        if (at !== 1) return
        traffic.state = { ...traffic.state, rollout }
        traffic.revision += 1
      },
    })
    await expect(runRollout(world.drive)).rejects.toThrow('changed by another hand')
    expect(world.traffic.state.rollout).toEqual(rollout)
    expect(world.traffic.calls).not.toContain('rollback')
  })

  it('goes back before it reports what broke', async () => {
    const world = createWorld()
    const target: TrafficTarget = {
      ...world.target,
      set: () => Promise.reject(new Error('broken')),
    }
    await expect(runRollout({ ...world.drive, target })).rejects.toThrow('broken')
    expect(world.traffic.calls.at(-1)).toBe('rollback')
    expect(world.traffic.state.rollout).toBeUndefined()
  })

  it('tries the way back again and again, and calls for a person when it fails', async () => {
    let tries = 0
    const world = createWorld({ errors: { stable: 0.01, canary: 0.2 } })
    const rollback = (good: number) => async (how: Parameters<TrafficTarget['rollback']>[0]) => {
      tries += 1
      if (tries < good) throw new Error('no')
      return world.target.rollback(how)
    }
    const patient = { ...world.drive, target: { ...world.target, rollback: rollback(4) } }
    expect(ending(await runRollout(patient))).toMatchObject({ outcome: 'rolled-back' })
    expect(tries).toBe(4)
    const hopeless = createWorld({ errors: { stable: 0.01, canary: 0.2 } })
    const target = { ...hopeless.target, rollback: () => Promise.reject(new Error('no')) }
    const attempt = runRollout({ ...hopeless.drive, target })
    await expect(attempt).rejects.toThrow(ExternalError)
    await expect(attempt).rejects.toThrow(/MW-DEPLOY-021: fake: THE ROLLBACK FAILED/)
  })
})
