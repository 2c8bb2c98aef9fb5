import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { IntervalCounts } from '../../../../src/domain/stats/interval-counts.js'
import { createIntervalEvidence } from '../../../../src/domain/stats/interval-evidence.js'
import { createOverdispersion } from '../../../../src/domain/stats/overdispersion.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { atMost, binomial } from './canary-simulation.js'

const counts = (canary: number, stable: number, n = 500): IntervalCounts => ({
  canary: { n, events: canary },
  stable: { n, events: stable },
})

const phiOf = (intervals: readonly IntervalCounts[]) => {
  const dispersion = createOverdispersion()
  for (const interval of intervals) dispersion.update(interval)
  return dispersion.phi()
}

const anyCounts = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }))
  .chain(([nc, ns]) => fc.tuple(fc.constant([nc, ns] as const), fc.nat(nc), fc.nat(ns)))
  .map(([[nc, ns], xc, xs]) => ({
    canary: { n: nc, events: xc },
    stable: { n: ns, events: xs },
  }))

describe('overdispersion of the canary events', () => {
  it('is Pearson chi-square over its degrees of freedom', () => {
    // At ratio 1 both terms are (x - 5)^2 / 2.5; by symmetry no other ratio fits better.
    expect(phiOf([counts(8, 2), counts(2, 8)])).toBeCloseTo(7.2, 12)
  })

  it('is about 1 where requests fail by themselves, and far above with noise in each arm', () => {
    const random = createRandom(3)
    const draw = (noise: number) =>
      Array.from({ length: 400 }, () => {
        const rate = () => 0.02 * (random.next() < 0.5 ? 1 - noise : 1 + noise)
        return counts(binomial(500, rate(), random), binomial(500, rate(), random))
      })
    expect(phiOf(draw(0))).toBeGreaterThan(0.8)
    expect(phiOf(draw(0))).toBeLessThan(1.2)
    expect(phiOf(draw(0.6))).toBeGreaterThan(2)
  })

  it('does not take a canary that is worse throughout for noise', () => {
    const random = createRandom(4)
    const worse = Array.from({ length: 400 }, () =>
      counts(binomial(500, 0.05, random), binomial(500, 0.01, random)),
    )
    expect(phiOf(worse)).toBeLessThan(1.2)
  })

  it('is not known from fewer than two intervals with events', () => {
    expect(phiOf([])).toBeUndefined()
    expect(phiOf([counts(0, 0), counts(3, 1), counts(0, 5, 0 + 500)].slice(0, 2))).toBeUndefined()
    expect(phiOf([counts(1, 1), counts(1, 1)])).toBeCloseTo(0, 12)
  })

  it('keeps a fixed set of numbers, goes on from them, and refuses others', () => {
    fc.assert(
      fc.property(fc.array(anyCounts, { maxLength: 12 }), fc.nat(12), (intervals, cut) => {
        const first = createOverdispersion()
        for (const interval of intervals.slice(0, cut)) first.update(interval)
        const second = createOverdispersion(JSON.parse(JSON.stringify(first.state)))
        for (const interval of intervals.slice(cut)) second.update(interval)
        expect(second.state.chiSquares).toHaveLength(first.state.chiSquares.length)
        expect(second.phi()).toBe(phiOf(intervals))
      }),
    )
    expect(() => createOverdispersion({ chiSquares: [1], intervals: 1 })).toThrow(RangeError)
    const { chiSquares } = createOverdispersion().state
    expect(() => createOverdispersion({ chiSquares, intervals: -1 })).toThrow(RangeError)
  })
})

describe('evidence from intervals as wholes', () => {
  const run = (intervals: readonly IntervalCounts[], direction: 'increase' | 'decrease') => {
    const process = createIntervalEvidence({ ratio: 1, direction })
    for (const interval of intervals) process.update(interval)
    return process.logEValue()
  }

  it('says nothing before eight intervals', () => {
    const bad = Array.from({ length: 8 }, () => counts(60, 10))
    expect(run(bad.slice(0, 7), 'increase')).toBe(0)
    expect(run(bad, 'increase')).toBeGreaterThan(0)
    expect(run(bad, 'decrease')).toBeLessThan(0)
  })

  it('is an e-value for arms of one size, whatever the noise of each: its mean over all signs is at most 1', () => {
    const differences = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(differences, (sizes) => {
        let sum = 0
        for (let signs = 0; signs < 256; signs++) {
          const intervals = sizes.map((size, i) =>
            (signs >> i) & 1 ? counts(size + 5, 5) : counts(5, size + 5),
          )
          sum += Math.exp(run(intervals, 'increase'))
        }
        expect(sum / 256).toBeLessThanOrEqual(1 + 1e-9)
      }),
      { numRuns: 30 },
    )
  })

  it('rolls back few equal canaries of 5% under noise of each arm', () => {
    const random = createRandom(8)
    const runs = 400
    let crossed = 0
    for (let run = 0; run < runs; run++) {
      const process = createIntervalEvidence({ ratio: 1, direction: 'increase' })
      for (let t = 0; t < 40; t++) {
        const rate = () => (random.next() < 0.2 ? 0.03 : 0.005)
        process.update({
          canary: { n: 50, events: binomial(50, rate(), random) },
          stable: { n: 950, events: binomial(950, rate(), random) },
        })
        if (process.logEValue() < Math.log(20)) continue
        crossed += 1
        break
      }
    }
    expect(crossed / runs).toBeLessThanOrEqual(atMost(0.05, runs))
  })

  it('goes on from what it kept, and refuses what it never was', () => {
    const bad = Array.from({ length: 10 }, (_, i) => counts(20 + i, 10))
    const first = createIntervalEvidence({ ratio: 1.5, direction: 'decrease' })
    for (const interval of bad.slice(0, 4)) first.update(interval)
    const options = { ratio: 1.5, direction: 'decrease' } as const
    const second = createIntervalEvidence({ ...options, state: { ...first.state } })
    for (const interval of bad.slice(4)) {
      first.update(interval)
      second.update(interval)
    }
    expect(second.logEValue()).toBe(first.logEValue())
    const state = { ...first.state, squares: Number.NaN }
    expect(() => createIntervalEvidence({ ...options, state })).toThrow(RangeError)
    expect(() => createIntervalEvidence({ ratio: 0, direction: 'increase' })).toThrow(RangeError)
  })
})
