import { describe, expect, it } from '@jest/globals'
import type { Interval, QualityCounts } from '../../../../src/domain/rollout/observation.js'
import type { MetricPolicy, RolloutPolicy } from '../../../../src/domain/rollout/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { atMost, binomial } from '../stats/canary-simulation.js'
import { arm, interval, lookAt, POLICY, QUIET } from './intervals.js'

const codes = (policy: RolloutPolicy, history: readonly Interval[]) => {
  const { status, ending, reasons } = lookAt(policy, history)
  return { status, ending, codes: reasons.map(({ code }) => code) }
}

const with_ = (metric: MetricPolicy, extra: Partial<RolloutPolicy> = {}): RolloutPolicy => ({
  ...POLICY,
  metrics: [metric],
  ...extra,
})

/** Intervals of the last step, where promotion is asked for. */
const last = (at: number, extra: Partial<Interval> = {}) =>
  interval(at, { step: 1, weight: 50, stable: arm(500, 5), canary: arm(500, 5), ...extra })

describe('a look', () => {
  it('at nothing goes on', () => {
    expect(codes(POLICY, [])).toMatchObject({ status: 'continue', ending: undefined })
  })

  it('waits for the requests that a step asks for, then takes the next step', () => {
    expect(codes(POLICY, [interval(0)])).toMatchObject({
      status: 'continue',
      codes: ['too-few-requests'],
    })
    expect(codes(POLICY, [interval(0), interval(1)])).toMatchObject({
      status: 'promote',
      codes: ['step-done'],
    })
  })

  it('does not promote for good because nothing failed', () => {
    const quiet = Array.from({ length: 5 }, (_, at) =>
      last(at, { stable: arm(500), canary: arm(500) }),
    )
    expect(codes(POLICY, quiet)).toMatchObject({ status: 'continue', codes: ['evidence-open'] })
  })

  it('promotes for good on evidence that the canary is not worse by the margin', () => {
    const good = Array.from({ length: 10 }, (_, at) =>
      last(at, { stable: arm(5000, 50), canary: arm(5000, 50) }),
    )
    const look = lookAt(POLICY, good)
    expect(look).toMatchObject({ status: 'promote', reasons: [{ code: 'not-worse' }] })
    expect(look.analysis[0]).toMatchObject({ metric: 'error-rate', slice: null, status: 'promote' })
    expect(look.analysis[0]?.promotionEValue).toBeGreaterThanOrEqual(20)
  })

  it('needs that evidence for every promote metric', () => {
    const policy: RolloutPolicy = {
      ...POLICY,
      metrics: [...POLICY.metrics, { metric: 'disagreement', role: 'promote', atMost: 0.1 }],
    }
    const good = Array.from({ length: 10 }, (_, at) =>
      last(at, { stable: arm(5000, 50), canary: arm(5000, 50) }),
    )
    expect(codes(policy, good)).toMatchObject({ codes: ['horizon', 'evidence-open'] })
    const agreeing = good.map((seen) => ({
      ...seen,
      mirror: { ...QUIET, agree: 100, disagree: 2 },
    }))
    expect(codes(policy, agreeing)).toMatchObject({ status: 'promote' })
  })

  it('never promotes with no metric to show it', () => {
    const policy = { ...POLICY, metrics: [] }
    expect(codes(policy, [last(0)])).toMatchObject({ status: 'continue', codes: ['evidence-open'] })
  })

  it('is inconclusive at the horizon of a step without evidence, and without traffic', () => {
    const quiet = Array.from({ length: 10 }, (_, at) =>
      last(at, { stable: arm(500), canary: arm(500) }),
    )
    expect(codes(POLICY, quiet)).toMatchObject({
      status: 'inconclusive',
      codes: ['horizon', 'evidence-open'],
    })
    const silent = Array.from({ length: 10 }, (_, at) =>
      interval(at, { stable: arm(0), canary: arm(0) }),
    )
    expect(codes(POLICY, silent)).toMatchObject({
      status: 'inconclusive',
      codes: ['horizon', 'too-few-requests'],
    })
  })

  it('rolls back on evidence of harm, and says the numbers', () => {
    const look = lookAt(POLICY, [
      interval(0, { stable: arm(950, 9), canary: arm(50, 10) }),
      interval(1, { stable: arm(950, 9), canary: arm(50, 10) }),
    ])
    expect(look).toMatchObject({ status: 'rollback', ending: 'rolled-back' })
    expect(look.reasons[0]?.text).toMatch(
      /error-rate is worse: canary 20 of 100, stable 18 of 1900/,
    )
    const row = look.analysis[0]
    expect(row).toMatchObject({ of: 'ratio', status: 'rollback', threshold: 20 })
    expect(row?.estimate).toBeCloseTo(21.1, 1)
    expect(row?.low).toBeGreaterThan(1)
  })

  it('shares alpha among guards and slices', () => {
    const policy = with_({
      metric: 'quality',
      role: 'both',
      method: 'normal-mixture',
      margin: 0.1,
      tolerance: 0,
      slices: ['sex=1', 'sex=2', 'sex=3'],
    })
    const { analysis } = lookAt(policy, [interval(0)])
    expect(analysis.map(({ slice }) => slice)).toEqual([null, 'sex=1', 'sex=2', 'sex=3'])
    for (const row of analysis) expect(row.threshold).toBeCloseTo(80, 9)
    expect(analysis.map(({ promotionThreshold }) => promotionThreshold)).toEqual([
      20,
      null,
      null,
      null,
    ])
  })

  it('rolls back on the slice that is harmed while the whole is not', () => {
    const quality = (slice: string | undefined, canary: number, stable: number): QualityCounts => ({
      slice,
      counts: { canary: { n: 400, events: canary }, stable: { n: 400, events: stable } },
      pairs: { canaryOnly: 0, stableOnly: 0 },
    })
    const policy = with_({
      metric: 'quality',
      role: 'both',
      method: 'normal-mixture',
      margin: 0.1,
      tolerance: 0,
      slices: ['g=a', 'g=b'],
    })
    const look = lookAt(policy, [
      last(0, {
        quality: [quality(undefined, 82, 80), quality('g=a', 60, 75), quality('g=b', 160, 80)],
      }),
    ])
    expect(look).toMatchObject({ status: 'rollback', ending: 'rolled-back' })
    expect(look.reasons).toHaveLength(1)
    expect(look.reasons[0]?.text).toMatch(/^quality in g=b is worse/)
  })

  it('judges latency by the share over the bound', () => {
    const slow = (n: number, over: number) => arm(n, 0, { latency: [n - over, 0, over] })
    const policy = with_({
      metric: 'latency',
      role: 'guard',
      method: 'e-process',
      margin: 0.5,
      tolerance: 0,
      overMilliseconds: 100,
    })
    const harmed = interval(0, { stable: slow(950, 5), canary: slow(50, 15) })
    expect(codes(policy, [harmed])).toMatchObject({ status: 'rollback' })
    expect(lookAt(policy, [harmed]).analysis[0]?.canary).toEqual({ n: 50, events: 15 })
  })

  it('rolls back when answers differ more often than allowed', () => {
    const policy = with_({ metric: 'disagreement', role: 'guard', atMost: 0.05 })
    const differing = interval(0, { mirror: { ...QUIET, agree: 60, disagree: 40 } })
    expect(codes(policy, [differing])).toMatchObject({ status: 'rollback', codes: ['worse'] })
    const same = interval(0, { mirror: { ...QUIET, agree: 98, disagree: 2 } })
    expect(codes(policy, [same]).status).toBe('continue')
  })

  it('compares pairs in shadow mode, and ends when the canary is shown not to be worse', () => {
    const policy: RolloutPolicy = { ...POLICY, mode: 'shadow', mirror: 100 }
    const shadow = (canaryOnlyErrors: number, stableOnlyErrors: number) =>
      interval(0, {
        weight: 0,
        canary: arm(0),
        mirror: { ...QUIET, agree: 900, disagree: 0, canaryOnlyErrors, stableOnlyErrors },
      })
    expect(codes(policy, [shadow(20, 1)])).toMatchObject({ status: 'rollback', codes: ['worse'] })
    expect(codes(policy, [shadow(1, 20)])).toMatchObject({
      status: 'promote',
      codes: ['not-worse'],
    })
    expect(codes(policy, [shadow(3, 3)])).toMatchObject({ status: 'continue' })
    expect(lookAt(policy, [shadow(20, 1)]).analysis[0]?.method).toBe('sequential-mcnemar')
  })
})

describe('hard stops', () => {
  it.each([
    ['an unreachable canary', { canaryReachable: false }, 'canary-unreachable'],
    ['20 failures of 20', { canary: arm(20, 20), stable: arm(380) }, 'all-failed'],
  ])('ends at once on %s', (_name, extra, code) => {
    const policy = { ...POLICY, metrics: [] }
    expect(codes(policy, [interval(0, extra)])).toEqual({
      status: 'rollback',
      ending: 'rolled-back',
      codes: [code],
    })
  })

  it('does not take 19 failures of 19 for all', () => {
    const policy = { ...POLICY, metrics: [] }
    const seen = [interval(0, { canary: arm(19, 19), stable: arm(361) })]
    expect(codes(policy, seen).status).toBe('continue')
  })

  it('ends when the budget of failed requests is spent, over all steps', () => {
    const policy = { ...POLICY, metrics: [], maxBadEvents: 5 }
    const spend = (errors: number, step: number) =>
      interval(step, { step, canary: arm(50, errors) })
    expect(codes(policy, [spend(3, 0), spend(2, 1)]).status).not.toBe('rollback')
    expect(codes(policy, [spend(3, 0), spend(3, 1)])).toMatchObject({ codes: ['budget-spent'] })
  })

  it('aborts, without a verdict on the model, when the split is not what was set', () => {
    const seen = [interval(0, { canary: arm(300), stable: arm(700) })]
    const look = lookAt(POLICY, seen)
    expect(look).toMatchObject({ status: 'rollback', ending: 'aborted' })
    expect(look.reasons[0]?.text).toMatch(/traffic split is not what was set/)
  })

  it('checks the split of each step by itself', () => {
    const seen = [
      interval(0),
      interval(1, { step: 1, weight: 50, canary: arm(510), stable: arm(490) }),
    ]
    expect(lookAt(POLICY, seen).ending).toBeUndefined()
  })
})

describe('operating characteristics of the whole decision', () => {
  it('rolls back a good canary at most at alpha with three guards and a look a minute', () => {
    const policy: RolloutPolicy = {
      ...POLICY,
      metrics: [
        ...POLICY.metrics,
        {
          metric: 'latency',
          role: 'guard',
          method: 'e-process',
          margin: 0.5,
          tolerance: 0,
          overMilliseconds: 100,
        },
      ],
      horizonMs: Number.MAX_SAFE_INTEGER,
    }
    const random = createRandom(61)
    const runs = 60
    let rolledBack = 0
    for (let run = 0; run < runs; run++) {
      const history: Interval[] = []
      for (let at = 0; at < 12; at++) {
        const draw = (n: number) => {
          const slow = binomial(n, 0.02, random)
          return arm(n, binomial(n, 0.01 + 0.001 * at, random), { latency: [n - slow, 0, slow] })
        }
        history.push(interval(at, { step: 1, weight: 50, stable: draw(500), canary: draw(500) }))
        if (lookAt(policy, history).status !== 'rollback') continue
        rolledBack += 1
        break
      }
    }
    expect(rolledBack / runs).toBeLessThanOrEqual(atMost(0.05, runs))
  })
})

describe('predictions that cannot be compared with their labels', () => {
  const quality: MetricPolicy = {
    metric: 'quality',
    role: 'both',
    method: 'normal-mixture',
    margin: 0.1,
    tolerance: 0,
    slices: [],
  }
  const seen = (stable: number, canary: number) =>
    Array.from({ length: 8 }, (_, at) =>
      last(at, {
        quality: [
          {
            slice: undefined,
            counts: { stable: { n: 500, events: stable }, canary: { n: 500, events: canary } },
            pairs: { canaryOnly: 0, stableOnly: 0 },
          },
        ],
      }),
    )

  it('end the rollout when none ever equals its label', () => {
    const look = lookAt(with_(quality), seen(500, 500))
    expect(look).toMatchObject({ status: 'rollback', ending: 'aborted' })
    expect(look.reasons[0]?.text).toContain('None of 8000 predictions')
  })

  it('promote nothing where stable is wrong so often that nothing could be worse by the margin', () => {
    const look = lookAt(with_(quality), seen(470, 470))
    expect(look.status).toBe('continue')
    expect(look.analysis[0]?.promotionEValue).toBe(1)
    expect(lookAt(with_(quality), seen(100, 50)).status).toBe('promote')
  })
})

describe('a split that is counted from scrapes', () => {
  const policy = { ...POLICY, minRequests: 1e9 }
  const uneven = interval(0, { weight: 50, stable: arm(95), canary: arm(178) })
  const wrong = Array.from({ length: 12 }, (_, at) =>
    interval(at, { weight: 50, stable: arm(300), canary: arm(700) }),
  )

  it('may be one scrape ahead at one version', () => {
    expect(codes(policy, [uneven]).codes).toEqual(['sample-ratio'])
    expect(codes({ ...policy, scraped: true }, [uneven]).status).toBe('continue')
  })

  it('is still found to be wrong when it stays so', () => {
    expect(codes({ ...policy, scraped: true }, wrong)).toMatchObject({
      ending: 'aborted',
      codes: ['sample-ratio'],
    })
  })
})
