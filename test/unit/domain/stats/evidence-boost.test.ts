import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bernoulliCounts, poissonCounts } from '../../../../src/domain/stats/conditional-counts.js'
import { evidenceBoost } from '../../../../src/domain/stats/evidence-boost.js'
import type { IntervalCounts } from '../../../../src/domain/stats/interval-counts.js'
import {
  createRateEProcess,
  type RateEProcess,
} from '../../../../src/domain/stats/rate-e-process.js'
import { binomialPmf } from '../../../../src/domain/stats/special/binomial.js'
import { hypergeometricPmf } from '../../../../src/domain/stats/special/hypergeometric.js'

const arms = fc
  .record({ nc: fc.integer({ min: 1, max: 60 }), ns: fc.integer({ min: 1, max: 60 }) })
  .chain(({ nc, ns }) =>
    fc.record({
      nc: fc.constant(nc),
      ns: fc.constant(ns),
      xc: fc.nat(nc),
      xs: fc.nat(ns),
    }),
  )
  .map(({ nc, ns, xc, xs }) => ({ canary: { n: nc, events: xc }, stable: { n: ns, events: xs } }))

describe('the law of the canary events given those of both arms', () => {
  it('is binomial for Poisson and hypergeometric for Bernoulli requests at ratio 1', () => {
    fc.assert(
      fc.property(arms, (interval) => {
        const { canary, stable } = interval
        const events = canary.events + stable.events
        const total = canary.n + stable.n
        const poisson = poissonCounts(interval, 1)
        for (const [i, p] of poisson.probabilities.entries()) {
          expect(p).toBeCloseTo(binomialPmf(poisson.first + i, events, canary.n / total), 10)
        }
        const bernoulli = bernoulliCounts(interval, 1)
        const urn = { size: total, marked: canary.n, draws: events }
        for (const [i, p] of bernoulli.probabilities.entries()) {
          expect(p).toBeCloseTo(hypergeometricPmf(bernoulli.first + i, urn), 10)
        }
      }),
    )
  })
})

describe('evidence that is worth nothing beyond the threshold', () => {
  it('is paid out as a factor that leaves the expectation where it was', () => {
    const probabilities = [0.5, 0.3, 0.2]
    const eValues = [0.1, 1, 40]
    const factor = evidenceBoost({ probabilities, eValues, now: 8.35, stopAt: 20 })
    expect(factor).toBeGreaterThan(1)
    const cut = eValues.map((value) => Math.min(factor * value, 20))
    const mean = cut.reduce((sum, value, i) => sum + value * (probabilities[i] ?? 0), 0)
    expect(mean).toBeCloseTo(8.35, 5)
  })

  it('gives nothing where nothing lies beyond it, or where it is reached', () => {
    const fair = { probabilities: [0.5, 0.5], eValues: [0.5, 1.5], now: 1 }
    expect(evidenceBoost({ ...fair, stopAt: 20 })).toBeCloseTo(1, 7)
    expect(evidenceBoost({ ...fair, now: 20, stopAt: 20 })).toBe(1)
  })

  /** E[min(next e-value, stopAt)] over a law of the canary's events, by trying all of them. */
  function expectedNext(given: {
    readonly law: typeof poissonCounts
    readonly interval: IntervalCounts
    readonly make: () => RateEProcess
    readonly stopAt: number
  }): number {
    const { canary, stable } = given.interval
    const events = canary.events + stable.events
    const { first, probabilities } = given.law(given.interval, ratioOf(given.make))
    let mean = 0
    for (const [i, p] of probabilities.entries()) {
      const counts = {
        canary: { n: canary.n, events: first + i },
        stable: { n: stable.n, events: events - first - i },
      }
      mean += p * Math.min(given.make().update(counts), given.stopAt)
    }
    return mean
  }

  const ratios = new WeakMap<() => RateEProcess, number>()
  const ratioOf = (make: () => RateEProcess) => ratios.get(make) ?? 1

  it.each([
    ['increase', 1],
    ['decrease', 1.5],
  ] as const)('never lets the expectation rise under H0: %s from %d', (direction, ratio) => {
    fc.assert(
      fc.property(arms, fc.constantFrom(1.2, 3, 20), (interval, stopAt) => {
        const { canary, stable } = interval
        const start = createRateEProcess({ ratio, direction, stopAt })
        start.update({ canary: { n: 50, events: 3 }, stable: { n: 50, events: 3 } })
        const now = Math.exp(start.logEValue())
        fc.pre(now < stopAt && canary.events + stable.events <= Math.min(canary.n, stable.n))
        for (const law of [poissonCounts, bernoulliCounts]) {
          const make = (stop?: number) => {
            const one = () =>
              createRateEProcess({ ratio, direction, stopAt: stop, state: start.state })
            ratios.set(one, ratio)
            return one
          }
          const plain = expectedNext({ law, interval, make: make(), stopAt: Infinity })
          const boosted = expectedNext({ law, interval, make: make(stopAt), stopAt })
          // Where events are frequent, the plain mixture itself may be too high from a ratio of 1.5.
          const allowed = ratio === 1 ? now : Math.max(now, plain)
          expect(boosted).toBeLessThanOrEqual(allowed * (1 + 1e-9))
        }
      }),
      { numRuns: 60 },
    )
  })

  it('reaches the threshold itself, not almost', () => {
    const process = createRateEProcess({ ratio: 1, direction: 'increase', stopAt: 20 })
    for (let i = 0; i < 20 && process.logEValue() < Math.log(20); i++) {
      process.update({ canary: { n: 50, events: 3 }, stable: { n: 950, events: 9 } })
    }
    expect(process.logEValue()).toBeGreaterThanOrEqual(Math.log(20))
    expect(process.logEValue()).toBeLessThan(Math.log(20) + 1e-6)
  })

  it('refuses a threshold of 1 or less', () => {
    const options = { ratio: 1, direction: 'increase', stopAt: 1 } as const
    expect(() => createRateEProcess(options)).toThrow(RangeError)
  })
})
