import { describe, expect, it } from '@jest/globals'
import {
  countersBetween,
  type MirrorCounters,
  type Reading,
} from '../../../../src/domain/rollout/observation.js'
import type { MetricPolicy, RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { arm, BOUNDS, interval, lookAt, POLICY, QUIET, rowsAt } from './intervals.js'

const rules = { role: 'both', method: 'e-process', margin: 0.5, tolerance: 0 } as const
const LATENCY: MetricPolicy = { metric: 'latency', overMilliseconds: 100, ...rules }
const ERRORS: MetricPolicy = { metric: 'error-rate', ...rules }

const shadow = (...metrics: MetricPolicy[]): RolloutPolicy => ({
  ...POLICY,
  mode: 'shadow',
  mirror: 100,
  metrics,
})
const compared = (mirror: Partial<MirrorCounters>, at = 0) =>
  interval(at, { weight: 0, canary: arm(0), stable: arm(1000), mirror: { ...QUIET, ...mirror } })

describe('a shadow', () => {
  it('is taken back where it alone is slow, and good where stable alone is', () => {
    const policy = shadow(LATENCY)
    const slow = compared({ agree: 1000, canaryOnlySlow: 40, stableOnlySlow: 8 })
    const [row] = rowsAt(policy, [slow])
    expect(row).toMatchObject({
      metric: 'latency',
      method: 'sequential-mcnemar',
      status: 'rollback',
    })
    expect(row?.canary).toEqual({ n: 48, events: 40 })
    const quick = compared({ agree: 1000, canaryOnlySlow: 8, stableOnlySlow: 40 })
    expect(lookAt(policy, [quick]).status).toBe('promote')
  })

  it('is not judged by times that nobody compared', () => {
    const look = lookAt(shadow(LATENCY), [compared({ agree: 1000 })])
    expect(look).toMatchObject({ status: 'continue' })
    expect(look.analysis[0]?.canary).toEqual({ n: 0, events: 0 })
  })

  it('is shown to be good where nothing fails, by a rate that is good enough, and not without one', () => {
    const quiet = [compared({ agree: 20_000 })]
    expect(lookAt(shadow({ ...ERRORS, atMost: 0.001 }), quiet).status).toBe('promote')
    expect(lookAt(shadow(ERRORS), quiet).status).toBe('continue')
    const failing = [compared({ agree: 19_900, canaryOnlyErrors: 100, stableOnlyErrors: 100 })]
    expect(lookAt(shadow({ ...ERRORS, atMost: 0.001 }), failing).status).toBe('continue')
  })

  it('is judged by counts where its answers are not known, and its failures are no users’', () => {
    const policy = { ...shadow({ ...ERRORS, unpaired: true }), maxBadEvents: 0 }
    const copies = (errors: number) =>
      [0, 1, 2, 3].map((at) =>
        interval(at, { weight: 0, canary: arm(1000, errors), stable: arm(1000, 10) }),
      )
    const [row] = rowsAt(policy, copies(40))
    expect(row).toMatchObject({ metric: 'error-rate', status: 'rollback' })
    expect(row?.method).not.toBe('sequential-mcnemar')
    const same = lookAt(policy, copies(10))
    expect(same.status).toBe('continue')
    expect(same.reasons.map(({ code }) => code)).not.toContain('too-few-requests')
  })

  // Under the hypothesis that either version is the slow one as often as the other: at most alpha, whenever one looks.
  it('that is as quick as stable is seldom taken back, however often one looks', () => {
    const random = createRandom(11)
    let back = 0
    for (let run = 0; run < 200; run++) {
      const history = Array.from({ length: 20 }, (_, at) => {
        let canaryOnlySlow = 0
        for (let i = 0; i < 10; i++) if (random.next() < 0.5) canaryOnlySlow += 1
        return compared({ agree: 100, canaryOnlySlow, stableOnlySlow: 10 - canaryOnlySlow }, at)
      })
      const looks = history.map((_, last) => rowsAt(shadow(LATENCY), history.slice(0, last + 1))[0])
      if (looks.some((row) => row?.status === 'rollback')) back += 1
    }
    // Binomial(200, .05) is above 19 once in a hundred times.
    expect(back).toBeLessThan(20)
  })
})

describe('counts of slow copies', () => {
  const reading = (mirror: Partial<MirrorCounters>): Reading => ({
    epoch: '1',
    at: '2026-01-01T00:00:00Z',
    latencyBounds: BOUNDS,
    canaryReachable: true,
    stable: arm(0),
    canary: arm(0),
    mirror: { ...QUIET, ...mirror },
  })
  const times = (canaryOnlySlow: number, stableOnlySlow: number) => ({
    canaryOnlySlow,
    stableOnlySlow,
  })

  it('are what was gained, from nothing on', () => {
    const gained = countersBetween(reading(times(1, 2)), reading(times(4, 6)))
    expect(gained?.mirror).toEqual({ ...QUIET, ...times(3, 4) })
    expect(countersBetween(reading({}), reading(times(1, 0)))?.mirror).toEqual({
      ...QUIET,
      ...times(1, 0),
    })
    expect(countersBetween(reading({}), reading({}))?.mirror).toEqual(QUIET)
  })

  it('that went down belong to another count', () => {
    expect(countersBetween(reading(times(4, 6)), reading(times(3, 9)))).toBeUndefined()
  })
})
