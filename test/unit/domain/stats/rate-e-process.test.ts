import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { createRateEProcess } from '../../../../src/domain/stats/rate-e-process.js'
import { rateRatioInterval } from '../../../../src/domain/stats/rate-ratio-interval.js'
import { reference, referenceIntervals } from './canary-reference.js'
import { atMost, binomial, simulate } from './canary-simulation.js'

const harm = () => createRateEProcess({ ratio: 1, direction: 'increase' })
const good = () => createRateEProcess({ ratio: 1.5, direction: 'decrease' })
const always = (rate: number) => () => rate

describe('rate e-process', () => {
  it.each([
    [1, 'increase', reference.increase],
    [1.5, 'increase', reference['increaseFrom1.5']],
    [1.5, 'decrease', reference['decreaseFrom1.5']],
  ] as const)('agrees with mpmath at ratio %s, %s', (ratio, direction, expected) => {
    const process = createRateEProcess({ ratio, direction })
    const values = referenceIntervals.map((interval) => process.update(interval))
    for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[i] ?? 0, 10)
  })

  it('is 1 before any data, without events, and with an empty arm', () => {
    const process = harm()
    expect(process.logEValue()).toBe(0)
    const update = (nc: number, xc: number, ns: number, xs: number) =>
      process.update({ canary: { n: nc, events: xc }, stable: { n: ns, events: xs } })
    expect(update(100, 0, 900, 0)).toBe(1)
    expect(update(0, 0, 900, 30)).toBe(1)
    expect(update(50, 20, 0, 0)).toBe(1)
    expect(update(0, 0, 0, 0)).toBe(1)
  })

  it('does not overflow its logarithm on overwhelming evidence', () => {
    const process = harm()
    for (let i = 0; i < 10; i++) {
      process.update({ canary: { n: 1e6, events: 1e6 }, stable: { n: 1e6, events: 0 } })
    }
    expect(process.logEValue()).toBeGreaterThan(1e5)
    expect(Number.isFinite(process.logEValue())).toBe(true)
  })

  it('goes on from its state as if it had never stopped', () => {
    const whole = harm()
    for (const interval of referenceIntervals) whole.update(interval)
    const first = harm()
    for (const interval of referenceIntervals.slice(0, 2)) first.update(interval)
    const state = JSON.parse(JSON.stringify(first.state))
    const second = createRateEProcess({ ratio: 1, direction: 'increase', state })
    for (const interval of referenceIntervals.slice(2)) second.update(interval)
    expect(second.logEValue()).toBeCloseTo(whole.logEValue(), 12)
  })

  it('rises with each further event at the canary and falls with each at stable', () => {
    const value = (xc: number, xs: number) =>
      harm().update({ canary: { n: 100, events: xc }, stable: { n: 100, events: xs } })
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), (xc, xs) => {
        expect(value(xc + 1, xs)).toBeGreaterThan(value(xc, xs))
        expect(value(xc, xs + 1)).toBeLessThan(value(xc, xs))
      }),
    )
  })

  it.each([
    { canary: { n: 1, events: 2 }, stable: { n: 1, events: 0 } },
    { canary: { n: -1, events: 0 }, stable: { n: 1, events: 0 } },
    { canary: { n: 1.5, events: 0 }, stable: { n: 1, events: 0 } },
    { canary: { n: Number.NaN, events: 0 }, stable: { n: 1, events: 0 } },
  ])('refuses impossible counts: %j', (interval) => {
    expect(() => harm().update(interval)).toThrow(RangeError)
  })

  it('refuses a ratio that is none, and a state that is not its own', () => {
    expect(() => createRateEProcess({ ratio: 0, direction: 'increase' })).toThrow(RangeError)
    const state = [0, 0]
    expect(() => createRateEProcess({ ratio: 1, direction: 'increase', state })).toThrow(RangeError)
  })
})

describe('rollback by the rate e-process (anchors D5)', () => {
  it.each([
    ['1 %', always(0.01)],
    ['0.1 %', always(0.001)],
    ['a shared trend from .5 to 1.5 %', (t: number) => 0.005 + (0.01 * t) / 39],
    ['a shared burst', (t: number) => (t % 7 === 3 ? 0.1 : 0.005)],
    ['frequent events (30 %)', always(0.3)],
  ])('rolls back a good canary at most at alpha, at %s', (_name, rate) => {
    expect(simulate(harm, { rate, ratio: 1, seed: 11 }).crossed).toBeLessThanOrEqual(atMost(0.05))
  })

  it('holds when the weights follow the evidence', () => {
    const weight = (_t: number, eValue: number) => (eValue > 3 ? 0.5 : eValue > 0.8 ? 0.2 : 0.05)
    const { crossed } = simulate(harm, { rate: always(0.01), ratio: 1, seed: 12, weight })
    expect(crossed).toBeLessThanOrEqual(atMost(0.05))
  })

  it('finds twice the errors at least 99 times in 100, with at most 1,600 canary requests', () => {
    const { crossed, exposed } = simulate(harm, { rate: always(0.01), ratio: 2, seed: 13 })
    expect(crossed).toBeGreaterThanOrEqual(0.99)
    expect(exposed).toBeLessThanOrEqual(1600)
  })

  it('finds three times the errors with at most 450 canary requests', () => {
    const { crossed, exposed } = simulate(harm, { rate: always(0.01), ratio: 3, seed: 14 })
    expect(crossed).toBeGreaterThanOrEqual(0.99)
    expect(exposed).toBeLessThanOrEqual(450)
  })

  it('finds .1 % grown to .5 %', () => {
    const { crossed } = simulate(harm, { rate: always(0.001), ratio: 5, seed: 15 })
    expect(crossed).toBeGreaterThanOrEqual(0.99)
  })
})

describe('promotion by the rate e-process (anchors D5)', () => {
  it('promotes a canary at the margin at most at alpha, and one beyond it hardly ever', () => {
    const rate = always(0.01)
    const atMargin = simulate(good, { rate, ratio: 1.5, seed: 16 }).crossed
    expect(atMargin).toBeLessThanOrEqual(atMost(0.05))
    expect(simulate(good, { rate, ratio: 2, seed: 17 }).crossed).toBeLessThanOrEqual(0.01)
  })

  it('promotes equal models at 5,000 requests an interval', () => {
    const scenario = { rate: always(0.01), ratio: 1, requests: 5000, seed: 18, runs: 200 }
    expect(simulate(good, scenario).crossed).toBeGreaterThanOrEqual(0.99)
  })
})

describe('rate ratio interval', () => {
  it('covers the true ratio at every look together, nearly always', () => {
    const random = createRandom(19)
    const runs = 200
    let missed = 0
    for (let run = 0; run < runs; run++) {
      const seen = []
      let out = false
      for (let t = 0; t < 10; t++) {
        const canary = { n: 200, events: binomial(200, 0.04, random) }
        seen.push({ canary, stable: { n: 800, events: binomial(800, 0.02, random) } })
        const { low, high } = rateRatioInterval(seen, 0.05)
        if (low > 2 || high < 2) out = true
      }
      if (out) missed += 1
    }
    expect(missed / runs).toBeLessThanOrEqual(atMost(0.05, runs))
  })

  it('holds its estimate inside, and says nothing without events', () => {
    const { estimate, low, high } = rateRatioInterval(referenceIntervals, 0.05)
    expect(estimate).toBeGreaterThan(low)
    expect(estimate).toBeLessThan(high)
    expect(rateRatioInterval([], 0.05)).toEqual({
      estimate: undefined,
      low: 0,
      high: Number.POSITIVE_INFINITY,
    })
  })
})
