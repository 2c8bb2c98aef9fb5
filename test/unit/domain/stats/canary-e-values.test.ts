import { describe, expect, it } from '@jest/globals'
import {
  createBinomialEProcess,
  rateInterval,
} from '../../../../src/domain/stats/binomial-e-process.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { sampleRatioEValue } from '../../../../src/domain/stats/sample-ratio.js'
import { createSignEProcess } from '../../../../src/domain/stats/sign-e-process.js'
import { reference } from './canary-reference.js'
import { atMost, binomial } from './canary-simulation.js'

/** Share of 400 runs of 30 looks in which an e-value reaches 20. */
function crossings(seed: number, run: (next: () => number, n: (p: number) => number) => number) {
  const random = createRandom(seed)
  let crossed = 0
  for (let i = 0; i < 400; i++) {
    if (run(random.next, (p) => binomial(20, p, random)) >= 20) crossed += 1
  }
  return crossed / 400
}

function highest(looks: number, look: () => number): number {
  let top = 0
  for (let i = 0; i < looks; i++) top = Math.max(top, look())
  return top
}

describe('sample-ratio e-value', () => {
  it.each(reference.sampleRatio)('agrees with mpmath for $counts at $weights', (row) => {
    expect(Math.abs(sampleRatioEValue(row) / row.eValue - 1)).toBeLessThan(1e-9)
  })

  it('is 1 without traffic and with a single version', () => {
    expect(sampleRatioEValue({ counts: [0, 0], weights: [5, 95] })).toBe(1)
    expect(sampleRatioEValue({ counts: [500, 0], weights: [100, 0] })).toBeCloseTo(1, 9)
  })

  it('is infinite when a version without weight got a request', () => {
    const eValue = sampleRatioEValue({ counts: [1, 99], weights: [0, 100] })
    expect(eValue).toBe(Number.POSITIVE_INFINITY)
  })

  it('does not depend on the scale of the weights', () => {
    const counts = [60, 940]
    const a = sampleRatioEValue({ counts, weights: [5, 95] })
    expect(sampleRatioEValue({ counts, weights: [0.05, 0.95] })).toBeCloseTo(a, 9)
  })

  it('keeps its level at every look, and finds a split of 10 for 5 %', () => {
    const over = (p: number, seed: number) =>
      crossings(seed, (_next, n) => {
        let canary = 0
        let total = 0
        return highest(30, () => {
          canary += n(p)
          total += 20
          return sampleRatioEValue({ counts: [canary, total - canary], weights: [5, 95] })
        })
      })
    expect(over(0.05, 41)).toBeLessThanOrEqual(atMost(0.05))
    expect(over(0.1, 42)).toBeGreaterThan(0.8)
  })

  it.each([
    { counts: [1], weights: [1, 2] },
    { counts: [1, 2], weights: [0, 0] },
  ])('refuses %j', (input) => {
    expect(() => sampleRatioEValue(input)).toThrow(RangeError)
  })
})

describe('sign e-process', () => {
  it.each(reference.sign)('agrees with mpmath for $canaryOnly against $stableOnly', (row) => {
    expect(createSignEProcess().update(row) / row.eValue).toBeCloseTo(1, 10)
  })

  it('keeps its level at every look in both directions, and finds 3 of 4', () => {
    const over = (p: number, seed: number, direction: 'canary-worse' | 'canary-not-worse') =>
      crossings(seed, (next) => {
        const process = createSignEProcess({ direction })
        return highest(60, () => {
          const worse = next() < p ? 1 : 0
          return process.update({ canaryOnly: worse, stableOnly: 1 - worse })
        })
      })
    expect(over(0.5, 43, 'canary-worse')).toBeLessThanOrEqual(atMost(0.05))
    expect(over(0.5, 44, 'canary-not-worse')).toBeLessThanOrEqual(atMost(0.05))
    expect(over(0.75, 45, 'canary-worse')).toBeGreaterThan(0.8)
    expect(over(0.25, 46, 'canary-worse')).toBeLessThanOrEqual(0.01)
  })
})

describe('binomial e-process', () => {
  it('keeps its level for a rate that wanders below the bound, and finds one above', () => {
    const over = (rate: (look: number) => number, seed: number) =>
      crossings(seed, (_next, n) => {
        const process = createBinomialEProcess({ rate: 0.1, direction: 'above' })
        let look = 0
        return highest(30, () => process.update({ n: 20, events: n(rate(look++)) }))
      })
    expect(over((look) => (look % 2 === 0 ? 0.1 : 0.05), 47)).toBeLessThanOrEqual(atMost(0.05))
    expect(over(() => 0.1, 48)).toBeLessThanOrEqual(atMost(0.05))
    expect(over(() => 0.2, 49)).toBeGreaterThan(0.95)
  })

  it('shows that a rate is below the bound, and not where it is at it', () => {
    const over = (p: number, seed: number) =>
      crossings(seed, (_next, n) => {
        const process = createBinomialEProcess({ rate: 0.2, direction: 'below' })
        return highest(30, () => process.update({ n: 20, events: n(p) }))
      })
    expect(over(0.05, 50)).toBeGreaterThan(0.95)
    expect(over(0.2, 51)).toBeLessThanOrEqual(atMost(0.05))
  })

  it.each([0, 1, -1, Number.NaN])('refuses a bound of %s', (rate) => {
    expect(() => createBinomialEProcess({ rate, direction: 'above' })).toThrow(RangeError)
  })

  it('has an interval that holds the share seen, and is all of [0, 1] without data', () => {
    const { estimate, low, high } = rateInterval({ n: 400, events: 40 }, 0.05)
    expect(estimate).toBe(0.1)
    expect(low).toBeGreaterThan(0.05)
    expect(high).toBeLessThan(0.17)
    expect(rateInterval({ n: 0, events: 0 }, 0.05)).toEqual({
      estimate: undefined,
      low: 0,
      high: 1,
    })
    expect(rateInterval({ n: 100, events: 0 }, 0.05).low).toBe(0)
    expect(rateInterval({ n: 100, events: 100 }, 0.05).high).toBe(1)
  })
})
