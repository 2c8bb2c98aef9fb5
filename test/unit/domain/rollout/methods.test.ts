import { describe, expect, it } from '@jest/globals'
import { analyse, gather, NO_EVIDENCE } from '../../../../src/domain/rollout/analyse.js'
import type { Interval } from '../../../../src/domain/rollout/observation.js'
import type {
  HarmMethod,
  MetricPolicy,
  RolloutPolicy,
} from '../../../../src/domain/rollout/policy.js'
import {
  addStratum,
  groupSequentialBounds,
  type StratifiedScore,
  stratifiedZ,
} from '../../../../src/domain/stats/group-sequential.js'
import type { IntervalCounts } from '../../../../src/domain/stats/interval-counts.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { binomial } from '../stats/canary-simulation.js'
import { arm, evidenceOf, interval, lookAt, MINUTE, POLICY, rowsAt } from './intervals.js'

const COMMON = { role: 'both', margin: 0.5, tolerance: 0 } as const

const with_ = (method: HarmMethod, extra: Partial<RolloutPolicy> = {}): RolloutPolicy => ({
  ...POLICY,
  metrics: [{ metric: 'error-rate', ...COMMON, ...method }],
  ...extra,
})

const at50 = (t: number, canary: number, stable: number): Interval =>
  interval(t, { weight: 50, stable: arm(500, stable), canary: arm(500, canary) })

const GROUP_SEQUENTIAL = {
  method: 'group-sequential',
  spending: 'obrien-fleming',
  plannedMs: 40 * MINUTE,
} as const

describe('a group-sequential test in a rollout', () => {
  const random = createRandom(7)
  const intervals = Array.from({ length: 40 }, (_, t) =>
    at50(t, binomial(500, 0.02, random), binomial(500, 0.01, random)),
  )

  it('crosses when the bounds of the whole plan say so', () => {
    const scores: StratifiedScore[] = []
    for (const { canary, stable } of intervals) {
      const counts: IntervalCounts = {
        canary: { n: canary.requests, events: canary.errors },
        stable: { n: stable.requests, events: stable.errors },
      }
      scores.push(addStratum(counts, scores.at(-1)))
    }
    const bounds = groupSequentialBounds({
      alpha: 0.05,
      spending: 'obrien-fleming',
      looks: scores.map(({ variance }, t) => ({ time: (t + 1) / 40, information: variance })),
    })
    const expected = scores.findIndex((score, t) => stratifiedZ(score) >= (bounds[t] ?? 0))
    expect(expected).toBeGreaterThan(0)
    const policy = with_(GROUP_SEQUENTIAL)
    let evidence = NO_EVIDENCE
    const found = intervals.findIndex((next) => {
      evidence = gather(policy, evidence, next)
      return analyse(policy, evidence)[0]?.status === 'rollback'
    })
    expect(found).toBe(expected)
    const row = rowsAt(policy, intervals.slice(0, 3))[0]
    expect(row).toMatchObject({ eValue: null, threshold: null })
    expect(row?.statistic?.bound).toBeCloseTo(bounds[2] ?? 0, 9)
  })

  it('finds no harm after its horizon, however bad it gets', () => {
    const policy = with_({ ...GROUP_SEQUENTIAL, plannedMs: 3 * MINUTE })
    const calm = [0, 1, 2].map((t) => at50(t, 5, 5))
    const late = [3, 4].map((t) => at50(t, 400, 5))
    expect(rowsAt(policy, [...calm, ...late])[0]?.status).not.toBe('rollback')
  })

  it('rolls a good canary back about as seldom as alpha says', () => {
    const policy = with_(GROUP_SEQUENTIAL)
    const draw = createRandom(3)
    let back = 0
    for (let run = 0; run < 20; run++) {
      let evidence = NO_EVIDENCE
      for (let t = 0; t < 6; t++) {
        const next = at50(6 * t + 4, binomial(500, 0.01, draw), binomial(500, 0.01, draw))
        evidence = gather(policy, evidence, next)
        if (analyse(policy, evidence)[0]?.status !== 'rollback') continue
        back += 1
        break
      }
    }
    // Four standard errors above .05 of 20.
    expect(back).toBeLessThan(5)
  })

  it('shares alpha with the other guards', () => {
    const latency: MetricPolicy = {
      metric: 'latency',
      ...COMMON,
      method: 'e-process',
      overMilliseconds: 10,
    }
    const alone = with_(GROUP_SEQUENTIAL)
    const shared = { ...alone, metrics: [...alone.metrics, latency] }
    const [one] = rowsAt(alone, intervals.slice(0, 5))
    const [two] = rowsAt(shared, intervals.slice(0, 5))
    expect(two?.statistic?.bound).toBeGreaterThan(one?.statistic?.bound ?? Number.NaN)
  })
})

describe('the judges of others', () => {
  it('Kayenta rolls back what its judge classes as High, and never promotes by that', () => {
    const policy = with_({ method: 'kayenta' })
    const bad = Array.from({ length: 12 }, (_, t) => at50(t, 40 + (t % 3), 5 + (t % 2)))
    const look = lookAt(policy, bad)
    expect(look.status).toBe('rollback')
    expect(look.reasons[0]?.text).toMatch(/Kayenta's judge: High/)
    const same = Array.from({ length: 12 }, (_, t) => at50(t, 5 + (t % 3), 5 + (t % 2)))
    expect(rowsAt(policy, same)[0]).toMatchObject({ status: 'continue', eValue: null })
  })

  it('Argo bears as many failed checks as failureLimit, Flagger fewer than threshold', () => {
    const failed = (count: number) =>
      Array.from({ length: 6 }, (_, t) => at50(t, t < count ? 20 : 5, 5))
    const status = (rule: 'argo' | 'flagger', count: number) =>
      rowsAt(with_({ method: 'threshold', rule, maxRate: 0.03, failures: 2 }), failed(count))[0]
        ?.status
    expect([status('argo', 2), status('argo', 3)]).toEqual(['continue', 'rollback'])
    expect([status('flagger', 1), status('flagger', 2)]).toEqual(['continue', 'rollback'])
    const policy = with_({ method: 'threshold', rule: 'argo', maxRate: 0.03, failures: 2 })
    expect(lookAt(policy, failed(3)).reasons[0]?.text).toMatch(/3 failed checks, rollback at 3/)
  })

  it('an interval without requests is no failed check', () => {
    const policy = with_({ method: 'threshold', rule: 'flagger', maxRate: 0.03, failures: 1 })
    const silent = interval(0, { stable: arm(0), canary: arm(0) })
    expect(rowsAt(policy, [silent])[0]?.status).toBe('continue')
  })

  it('leave alpha to the tests that know it', () => {
    const policy = with_({ method: 'kayenta' })
    const quality: MetricPolicy = {
      metric: 'quality',
      ...COMMON,
      method: 'normal-mixture',
      slices: [],
    }
    const rows = rowsAt({ ...policy, metrics: [...policy.metrics, quality] }, [at50(0, 5, 5)])
    expect(rows[1]?.threshold).toBeCloseTo(20, 9)
  })
})

describe('geometric means of latency', () => {
  const policy: RolloutPolicy = {
    ...POLICY,
    metrics: [
      { metric: 'latency', ...COMMON, method: 'e-process', overMilliseconds: 1, of: 'log-mean' },
    ],
  }
  const times = (t: number, shift: number): Interval =>
    interval(t, {
      logLatency: {
        canary: { n: 50, mean: Math.log(20) + shift, variance: 0.25 },
        stable: { n: 950, mean: Math.log(20), variance: 0.25 },
      },
    })

  it('find a canary that is slower, and how much slower it is', () => {
    const slower = Array.from({ length: 20 }, (_, t) => times(t, Math.log(1.5)))
    const row = rowsAt(policy, slower)[0]
    expect(row).toMatchObject({
      of: 'ratio',
      method: 'log-mean-normal-mixture',
      status: 'rollback',
    })
    expect(row?.estimate).toBeCloseTo(1.5, 9)
    expect(row?.low).toBeGreaterThan(1)
    expect(lookAt(policy, slower).reasons[0]?.text).toMatch(/geometric mean/)
  })

  it('show that a canary is not slower by the margin', () => {
    const same = Array.from({ length: 20 }, (_, t) => times(t, 0))
    expect(rowsAt(policy, same)[0]?.status).toBe('promote')
  })

  it('say nothing where single times are not known', () => {
    const row = rowsAt(policy, [interval(0), interval(1)])[0]
    expect(row).toMatchObject({ eValue: 1, estimate: null, canary: { n: 0, events: 0 } })
  })
})

describe('the evidence of a rollout', () => {
  const methods: readonly HarmMethod[] = [
    { method: 'e-process' },
    { method: 'normal-mixture' },
    GROUP_SEQUENTIAL,
    { method: 'kayenta' },
    { method: 'threshold', rule: 'argo', maxRate: 0.05, failures: 3 },
  ]

  it.each(methods)('of $method goes on from JSON as if it had never stopped', (method) => {
    const policy = with_(method, { soakMs: MINUTE, steps: [50, 100] })
    const random = createRandom(11)
    let live = NO_EVIDENCE
    let stored = NO_EVIDENCE
    for (let t = 0; t < 12; t++) {
      const next = at50(t, binomial(500, 0.015, random), binomial(500, 0.01, random))
      live = gather(policy, live, next)
      stored = gather(policy, JSON.parse(JSON.stringify(stored)), next)
      expect(analyse(policy, stored)).toEqual(analyse(policy, live))
    }
  })

  it('does not grow with the intervals', () => {
    const size = (count: number) =>
      JSON.stringify(
        evidenceOf(
          with_({ method: 'e-process' }),
          Array.from({ length: count }, (_, t) => at50(t, 5, 5)),
        ),
      ).length
    expect(size(500) / size(50)).toBeLessThan(1.1)
  })

  it('of another policy is refused', () => {
    const evidence = evidenceOf(with_({ method: 'e-process' }), [at50(0, 5, 5)])
    expect(() => analyse(with_({ method: 'kayenta' }), evidence)).toThrow(RangeError)
    expect(() => analyse({ ...POLICY, metrics: [] }, evidence)).toThrow(RangeError)
  })
})
