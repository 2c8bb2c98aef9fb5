import { describe, expect, it } from '@jest/globals'
import type { RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { arm, interval, lookAt, MINUTE, POLICY } from './intervals.js'

const policy: RolloutPolicy = { ...POLICY, mode: 'blue-green', soakMs: 10 * MINUTE }
const watched = (minutes: number, errors: number) =>
  Array.from({ length: minutes }, (_, at) =>
    interval(at, { weight: 0, stable: arm(1000, errors), canary: arm(0) }),
  )

describe("stable's record before all users get the new version", () => {
  it('is gathered until it bounds the rate that the new version is held to', () => {
    const short = lookAt(policy, watched(1, 10))
    expect(short).toMatchObject({ status: 'continue', reasons: [{ code: 'record-open' }] })
    expect(short.reasons[0]?.text).toMatch(
      /record is 10 of 1000, which bounds its rate by 2\.\d+ %/,
    )
    expect(lookAt(policy, watched(9, 10)).status).toBe('promote')
  })

  it('is gathered for as long as the soak and no longer, also where nothing fails', () => {
    expect(lookAt(policy, watched(9, 0)).status).toBe('continue')
    expect(lookAt(policy, watched(10, 0)).status).toBe('promote')
  })

  it('is needed for what guards alone', () => {
    const metrics: RolloutPolicy['metrics'] = [
      { metric: 'error-rate', role: 'promote', method: 'e-process', margin: 0.5, tolerance: 0 },
    ]
    expect(lookAt({ ...policy, metrics }, watched(1, 0)).status).toBe('promote')
  })

  it('lets a version that fails three times as often be seen', () => {
    const alone = Array.from({ length: 8 }, (_, at) =>
      interval(9 + at, { step: 1, weight: 100, stable: arm(0), canary: arm(1000, 30) }),
    )
    expect(lookAt(policy, [...watched(9, 10), ...alone])).toMatchObject({
      status: 'rollback',
      reasons: [{ code: 'worse' }],
    })
  })
})
