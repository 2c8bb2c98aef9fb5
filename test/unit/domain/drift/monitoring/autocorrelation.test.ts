import { describe, expect, it } from '@jest/globals'
import { correlationTime } from '../../../../../src/domain/drift/monitoring/autocorrelation.js'
import { blockPermutationTest } from '../../../../../src/domain/drift/monitoring/block-permutation.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { autoregressive } from './series.js'

describe('correlationTime', () => {
  it('is about 1 for independent values, and (1 + r) / (1 - r) where each value keeps the share r of the one before', () => {
    const random = createRandom(3)
    for (const [r, expected] of [
      [0, 1],
      [0.5, 3],
      [0.8, 9],
    ] as const) {
      const times = Array.from({ length: 8 }, () =>
        correlationTime([autoregressive(random, 4000, r)]),
      )
      const mean = times.reduce((sum, time) => sum + time / times.length, 0)
      expect(mean).toBeGreaterThan(expected * 0.85)
      expect(mean).toBeLessThan(expected * 1.3)
    }
  })

  it('is infinite where the correlation is as long as the window', () => {
    expect(correlationTime([Float64Array.from({ length: 100 }, (_, i) => i)])).toBe(Infinity)
  })

  it('is 1 without anything to learn it from', () => {
    expect(correlationTime([])).toBe(1)
    expect(correlationTime([Float64Array.of(1)])).toBe(1)
    expect(correlationTime([Float64Array.of(2, 2, 2)])).toBe(1)
  })
})

interface Rates {
  readonly alarms: number
  readonly open: number
}

function rates(r: number, n: number, shift: number): Rates {
  const random = createRandom(11 + n)
  const rounds = 100
  let alarms = 0
  let open = 0
  for (let i = 0; i < rounds; i++) {
    const reference = autoregressive(random, n, r)
    const current = autoregressive(random, n, r).map((value) => value + shift)
    const time = correlationTime([reference, current])
    const test = blockPermutationTest({
      reference,
      current,
      correlationTime: time,
      permutations: 99,
      random,
    })
    if (test === undefined) open++
    else if (test.pValue < 0.05) alarms++
  }
  return { alarms: alarms / rounds, open: open / rounds }
}

describe('blockPermutationTest', () => {
  // Of 500 runs each: 4 % at r = 0, 5 % at 0.5, 5 % at 0.9, 3 % at 0.95 (86 % left open); the bound is three standard errors.
  it('holds its false alarms near 5 % of all runs, whatever the correlation in time', () => {
    for (const r of [0, 0.5, 0.9]) expect(rates(r, 360, 0).alarms).toBeLessThan(0.12)
    expect(rates(0.97, 360, 0).alarms).toBeLessThan(0.05)
    expect(rates(0.9, 60, 0).alarms).toBeLessThan(0.05)
  })

  it('finds a shift of one standard deviation where there is independent evidence enough', () => {
    expect(rates(0, 60, 1).alarms).toBeGreaterThan(0.95)
    expect(rates(0.8, 360, 1).alarms).toBeGreaterThan(0.85)
  })

  it('says nothing where slow waves leave no six independent stretches', () => {
    expect(rates(0.98, 360, 0).open).toBeGreaterThan(0.95)
    const five = Float64Array.of(1, 2, 3, 4, 5)
    const input = { reference: five, current: five, correlationTime: 1, permutations: 9 }
    expect(blockPermutationTest({ ...input, random: createRandom(1) })).toBeUndefined()
  })

  it('gives the p-value of the exact count for ten against ten that are wholly apart', () => {
    const reference = Float64Array.from({ length: 10 }, (_, i) => i)
    const current = reference.map((value) => value + 100)
    const test = blockPermutationTest({
      reference,
      current,
      correlationTime: 1,
      permutations: 999,
      random: createRandom(5),
    })
    expect(test).toEqual({ pValue: 0.001, blockLength: 1, blocks: 10 })
  })

  it('has p = 1 for equal constants', () => {
    const same = new Float64Array(20).fill(3)
    const test = blockPermutationTest({
      reference: same,
      current: same,
      correlationTime: 1,
      permutations: 99,
      random: createRandom(5),
    })
    expect(test?.pValue).toBe(1)
  })
})
