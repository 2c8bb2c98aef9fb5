import { describe, expect, it } from '@jest/globals'
import { nextCommand, reduceRollout, startRollout } from '../../../../src/domain/rollout/machine.js'
import type { Interval } from '../../../../src/domain/rollout/observation.js'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import type { RolloutEvent } from '../../../../src/domain/rollout/state.js'
import { arm, interval, lookAt, POLICY, rowsAt } from './intervals.js'

const AT = '2026-01-01T00:00:00Z'
const begun = [
  { kind: 'prepared', at: AT },
  { kind: 'traffic-set', at: AT },
] as const satisfies readonly RolloutEvent[]

const seenBy = (...intervals: readonly Interval[]) =>
  [...begun, ...intervals.map((seen) => ({ kind: 'observed', interval: seen }) as const)].reduce(
    reduceRollout,
    startRollout({ id: 'r', policy: POLICY, at: AT }),
  )

const outage = (at: number, extra: Partial<Interval> = {}) =>
  interval(at, { stable: arm(950, 900), ...extra })

describe('a stable version that fails most of its requests', () => {
  it('is no evidence that the canary is better', () => {
    const state = seenBy(outage(0), outage(1), outage(2))
    expect(state).toMatchObject({ phase: 'holding', evidence: { rows: [], tally: null } })
    expect(state.reasons[0]).toMatchObject({ code: 'stable-failing' })
    expect(state.reasons[0]?.text).toMatch(/900 of its 950/)
  })

  it('is waited for, and the rollout goes on when it is back', () => {
    const state = seenBy(interval(0), outage(1), interval(2))
    expect(state.heldSince).toBeNull()
    expect(state.evidence.tally?.intervals).toBe(2)
  })

  it('is not waited for without end', () => {
    const state = seenBy(...Array.from({ length: 8 }, (_, t) => outage(t)))
    expect(nextCommand(state).kind).toBe('rollback')
    expect(state.decision).toBe('inconclusive')
  })

  it('does not keep a canary that is gone', () => {
    const state = seenBy(outage(0, { canaryReachable: false }))
    expect(nextCommand(state).kind).toBe('rollback')
    expect(state.reasons[0]?.code).toBe('canary-unreachable')
  })

  it('of a few requests is nothing yet', () => {
    expect(seenBy(interval(0, { stable: arm(10, 10) })).evidence.tally?.intervals).toBe(1)
  })
})

describe('a canary that answers 4xx', () => {
  const rejecting = (at: number, canary: number, stable: number) =>
    interval(at, {
      canary: arm(50, 0, { rejected: canary }),
      stable: arm(950, 0, { rejected: stable }),
    })
  const policy: RolloutPolicy = {
    ...POLICY,
    metrics: [
      ...POLICY.metrics,
      { metric: 'rejection-rate', role: 'guard', method: 'e-process', margin: 0.5, tolerance: 0 },
    ],
  }

  it('to every request of all users is taken back by what stable did before', () => {
    const alone = { stable: arm(0), canary: arm(1000, 0, { rejected: 1000 }) }
    const history = [
      interval(0, { weight: 0, stable: arm(1000, 0, { rejected: 20 }), canary: arm(0) }),
      interval(1, { step: 1, weight: 100, ...alone }),
    ]
    const look = lookAt({ ...POLICY, mode: 'blue-green', soakMs: 600_000 }, history)
    expect(look).toMatchObject({ status: 'rollback', reasons: [{ code: 'all-rejected' }] })
    expect(look.reasons[0]?.text).toContain('stable rejected 20 of 1000')
  })

  it('to every request is taken back at once, whatever is looked at', () => {
    const look = lookAt(POLICY, [rejecting(0, 50, 2)])
    expect(look).toMatchObject({ status: 'rollback', reasons: [{ code: 'all-rejected' }] })
  })

  it('to every request as stable does is the users’ fault', () => {
    expect(lookAt(POLICY, [rejecting(0, 50, 950)]).status).toBe('continue')
  })

  it('more often than stable is taken back by the metric rejection-rate', () => {
    const intervals = Array.from({ length: 4 }, (_, t) => rejecting(t, 15, 19))
    expect(lookAt(POLICY, intervals).status).not.toBe('rollback')
    const look = lookAt(policy, intervals)
    expect(look.status).toBe('rollback')
    expect(look.reasons[0]?.text).toMatch(/rejection-rate is worse: canary 60 of 200/)
  })

  it('is not looked for where it is not counted', () => {
    const row = rowsAt(policy, [interval(0), interval(1)])[1]
    expect(row).toMatchObject({ metric: 'rejection-rate', eValue: 1, canary: { n: 0, events: 0 } })
  })
})
