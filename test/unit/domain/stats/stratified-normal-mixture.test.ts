import { describe, expect, it } from '@jest/globals'
import { logHalfNormalMixture } from '../../../../src/domain/stats/half-normal-mixture.js'
import { createRandom, type RandomSource } from '../../../../src/domain/stats/random.js'
import {
  createMeanNormalMixture,
  createRateNormalMixture,
} from '../../../../src/domain/stats/stratified-normal-mixture.js'
import { reference } from './canary-reference.js'
import { atMost, simulate } from './canary-simulation.js'

const harm = () => createRateNormalMixture({ ratio: 1, direction: 'increase' })
const good = () => createRateNormalMixture({ ratio: 1.1, direction: 'decrease' })
const always = (rate: number) => () => rate

describe('half-normal mixture', () => {
  it.each(reference.halfNormal)('agrees with integration at S=$sum, V=$variance', (row) => {
    const value = Math.exp(logHalfNormalMixture(row.sum, row.variance, row.rho))
    expect(Math.abs(value / row.eValue - 1)).toBeLessThan(1e-9)
  })

  it('is continuous where its tail changes formula, and finite far out', () => {
    const at = (z: number) => logHalfNormalMixture(z * Math.sqrt(20), 10, 10)
    expect(Math.abs(at(-30.0001) - at(-29.9999))).toBeLessThan(0.002)
    expect(Number.isFinite(at(-1e6))).toBe(true)
  })
})

describe('stratified normal mixture of rates', () => {
  it('is 1 before any data and with an empty arm', () => {
    const mixture = harm()
    expect(mixture.logEValue()).toBe(0)
    const interval = { canary: { n: 0, events: 0 }, stable: { n: 100, events: 30 } }
    expect(mixture.update(interval)).toBe(1)
    expect(mixture.interval(0.05)).toBeUndefined()
  })

  it.each([
    ['10 %', always(0.1), 1000],
    ['50 %', always(0.5), 1000],
    ['20 %, few requests', always(0.2), 40],
    ['a shared trend from 10 to 50 %', (t: number) => 0.1 + (0.4 * t) / 39, 1000],
  ])('rolls back a good canary at most at alpha, at %s', (_name, rate, requests) => {
    const { crossed } = simulate(harm, { rate, ratio: 1, requests, seed: 21, runs: 300 })
    expect(crossed).toBeLessThanOrEqual(atMost(0.05, 300))
  })

  it('finds 1.3 times 20 % sooner than the e-process for rare events could', () => {
    const { crossed, exposed } = simulate(harm, {
      rate: always(0.2),
      ratio: 1.3,
      seed: 22,
      runs: 200,
    })
    expect(crossed).toBe(1)
    expect(exposed).toBeLessThan(600)
  })

  it('promotes at the margin at most at alpha, and equal models at 5,000 an interval', () => {
    const atMargin = { rate: always(0.2), ratio: 1.1, seed: 23, runs: 300 }
    expect(simulate(good, atMargin).crossed).toBeLessThanOrEqual(atMost(0.05, 300))
    const equal = { rate: always(0.2), ratio: 1, requests: 5000, seed: 24, runs: 100 }
    expect(simulate(good, equal).crossed).toBeGreaterThanOrEqual(0.99)
  })
})

describe('stratified normal mixture of means', () => {
  it('keeps its level under a shared drift, finds a shift, and covers it', () => {
    const runs = 200
    const under = (shift: number, seed: number) => {
      const random = createRandom(seed)
      let crossed = 0
      let missed = 0
      for (let run = 0; run < runs; run++) {
        const mixture = createMeanNormalMixture({ difference: 0, direction: 'increase' })
        let eValue = 0
        let out = false
        for (let t = 0; t < 20; t++) {
          const canary = summary(30, t * 0.3 + shift, random)
          eValue = Math.max(
            eValue,
            mixture.update({ canary, stable: summary(120, t * 0.3, random) }),
          )
          const interval = mixture.interval(0.05)
          if (interval === undefined || interval.low > shift || interval.high < shift) out = true
        }
        if (eValue >= 20) crossed += 1
        if (out) missed += 1
      }
      return { crossed: crossed / runs, missed: missed / runs }
    }
    const null_ = under(0, 31)
    expect(null_.crossed).toBeLessThanOrEqual(atMost(0.05, runs))
    expect(null_.missed).toBeLessThanOrEqual(atMost(0.05, runs))
    expect(under(0.4, 32).crossed).toBeGreaterThan(0.97)
  })

  it('learns nothing from single values', () => {
    const mixture = createMeanNormalMixture({ difference: 0, direction: 'increase' })
    const one = { n: 1, mean: 5, variance: 0 }
    expect(mixture.update({ canary: one, stable: { n: 10, mean: 1, variance: 1 } })).toBe(1)
  })
})

/** Sample size, mean and variance of normal draws (Box-Muller). */
function summary(n: number, mean: number, random: RandomSource) {
  const draws = Array.from({ length: n }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()))
    return mean + radius * Math.cos(2 * Math.PI * random.next())
  })
  const average = draws.reduce((sum, x) => sum + x, 0) / n
  const variance = draws.reduce((sum, x) => sum + (x - average) ** 2, 0) / (n - 1)
  return { n, mean: average, variance }
}
