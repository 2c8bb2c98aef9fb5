import { describe, expect, it } from '@jest/globals'
import { reduceRollout, startRollout } from '../../../../src/domain/rollout/machine.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import type { RolloutEvent, RolloutState } from '../../../../src/domain/rollout/state.js'
import { arm, interval, lookAt, POLICY } from './intervals.js'

const AT = '2026-01-01T00:00:00Z'
const PACED: RolloutPolicy = {
  ...POLICY,
  pace: 'evidence',
  maxHarm: 0.1,
  steps: [1, 5, 20, 50, 100],
  minRequests: 1,
}
const lowStep = Array.from({ length: 60 }, (_, t) =>
  interval(t, { weight: 1, stable: arm(99_000, 990), canary: arm(1000, 10) }),
)

function stateAfter(policy: RolloutPolicy, ...events: readonly RolloutEvent[]): RolloutState {
  const begun = startRollout({ id: 'r', policy, at: AT })
  const set: RolloutEvent[] = [
    { kind: 'prepared', at: AT },
    { kind: 'traffic-set', at: AT },
  ]
  return [...set, ...events].reduce(reduceRollout, begun)
}

const saw = (seen: ReturnType<typeof interval>): RolloutEvent => ({
  kind: 'observed',
  interval: seen,
})
const released: RolloutEvent = { kind: 'released', at: AT, by: 'max' }
const held: RolloutEvent = { kind: 'held', at: AT, by: 'wes' }
const HOLDS: RolloutPolicy = { ...POLICY, holdAt: [5] }

describe('a step at which a person is asked', () => {
  it('is not skipped however much the evidence allows', () => {
    expect(lookAt(PACED, lowStep).next).toBeGreaterThan(1)
    expect(lookAt({ ...PACED, holdAt: [5] }, lowStep)).toMatchObject({ status: 'promote', next: 1 })
  })

  it('is held though somebody said /resume before there was anything to release', () => {
    const state = stateAfter(HOLDS, released, saw(interval(0)), saw(interval(1)))
    expect(state).toMatchObject({ step: 0, released: [], hold: { by: null } })
    expect(reduceRollout(state, released)).toMatchObject({ hold: null, released: [5] })
  })

  it('is held though what a person held there was released', () => {
    const state = stateAfter(HOLDS, held, released, saw(interval(0)), saw(interval(1)))
    expect(state).toMatchObject({ step: 0, hold: { by: null } })
  })
})

describe('a hold that is released', () => {
  it('takes nothing of the time in which evidence is waited for', () => {
    const quiet = (at: number) => saw(interval(at, { canary: arm(5), stable: arm(95) }))
    const policy = { ...POLICY, minRequests: 1e6, horizonMs: 60_000, maxHoldMs: 5 * 60_000 }
    const before = stateAfter(policy, quiet(0), quiet(1))
    expect(before.heldSince).not.toBeNull()
    const free = [held, quiet(2), quiet(3), released, quiet(6)].reduce(reduceRollout, before)
    expect(free).toMatchObject({ phase: 'holding', outcome: null })
  })
})

describe('the steps of a rollout that skips some', () => {
  it('are each recorded once', () => {
    const at = (step: number, minute: number) =>
      saw(interval(minute, { step, weight: 20, stable: arm(8000, 80), canary: arm(2000, 20) }))
    const low = stateAfter(PACED, ...lowStep.slice(0, 1).map(saw))
    const skipped: RolloutState = { ...low, step: 2, phase: 'observing' }
    const state = [at(2, 1), at(2, 2), at(2, 3)].reduce(reduceRollout, skipped)
    expect(state.steps.map(({ weight }) => weight)).toEqual([1, 20])
    expect(state.steps[1]?.requests.canary).toBe(6000)
  })
})
