import { describe, expect, it } from '@jest/globals'
import { procedure as eProcess } from '../../../../src/cli/stats/e-process.js'
import { procedure as sampleRatio } from '../../../../src/cli/stats/sample-ratio.js'
import { reference, referenceIntervals } from '../../domain/stats/canary-reference.js'

const even = (canary: number, stable: number) => ({
  canary: { n: 500, events: canary },
  stable: { n: 500, events: stable },
})

describe('modelway stats e-process', () => {
  it('gives the e-value after each interval, and where it first reaches 1/alpha', () => {
    const input = eProcess.input.parse({
      intervals: [even(9, 9), even(40, 10), even(40, 10)],
      ratio: 1,
      alpha: 0.05,
    })
    const { eValues, crossedAt } = eProcess.run(input)
    expect(eValues).toHaveLength(3)
    expect(eValues[0]).toBeLessThan(1)
    expect(crossedAt).toBe(1)
    expect(eValues[1]).toBeGreaterThan(20)
  })

  it('agrees with the reference, and says null where the border is not reached', () => {
    const { eValues, crossedAt } = eProcess.run(
      eProcess.input.parse({ intervals: referenceIntervals, weights: 'rollout' }),
    )
    expect(eValues[4]).toBeCloseTo(reference.increase[4] ?? 0, 9)
    expect(crossedAt).toBeNull()
  })

  it('weighs 25 ratios from 1.1 to 8 alike, unless told to as rollouts do', () => {
    const intervals = [even(9, 4), { canary: { n: 50, events: 3 }, stable: { n: 950, events: 11 } }]
    const share = (theta: number, w: number) => (theta * w) / (theta * w + 1 - w)
    const ratios = Array.from({ length: 25 }, (_, k) => 1.1 * (8 / 1.1) ** (k / 24))
    const products = ratios.map((theta) =>
      intervals.reduce((product, { canary, stable }) => {
        const w = canary.n / (canary.n + stable.n)
        const q = share(theta, w)
        return product * (q / w) ** canary.events * ((1 - q) / (1 - w)) ** stable.events
      }, 1),
    )
    const mean = products.reduce((sum, product) => sum + product, 0) / 25
    const { eValues } = eProcess.run(eProcess.input.parse({ intervals }))
    expect(eValues[1]).toBeCloseTo(mean, 9)
    const asRollouts = eProcess.run(eProcess.input.parse({ intervals, weights: 'rollout' }))
    expect(asRollouts.eValues[1]).not.toBeCloseTo(mean, 3)
  })

  it('answers in JSON also where the e-value is beyond all numbers', () => {
    const intervals = [{ canary: { n: 1e6, events: 1e6 }, stable: { n: 1e6, events: 0 } }]
    const answer = eProcess.run(eProcess.input.parse({ intervals }))
    expect(JSON.parse(JSON.stringify(answer))).toEqual({
      eValues: [Number.MAX_VALUE],
      crossedAt: 0,
    })
  })

  it('has nothing to say without intervals', () => {
    expect(eProcess.run(eProcess.input.parse({ intervals: [] }))).toEqual({
      eValues: [],
      crossedAt: null,
    })
  })

  it.each([
    [{ intervals: [{ canary: { n: 1, events: 2 }, stable: { n: 1, events: 0 } }] }],
    [{ intervals: [], ratio: 0 }],
    [{ intervals: [], alpha: 1 }],
    [{ intervals: [], alfa: 0.05 }],
  ])('refuses %j', (input) => {
    expect(eProcess.input.safeParse(input).success).toBe(false)
  })
})

describe('modelway stats sample-ratio', () => {
  it('gives the e-value and both shares', () => {
    const row = reference.sampleRatio[1]
    const answer = sampleRatio.run(
      sampleRatio.input.parse({ counts: row?.counts, weights: row?.weights }),
    )
    expect((answer.eValue ?? 0) / (row?.eValue ?? 1)).toBeCloseTo(1, 9)
    expect(answer).toMatchObject({ observed: [0.09, 0.91], expected: [0.05, 0.95] })
  })

  it.each([
    [{ counts: [1, 2], weights: [1] }],
    [{ counts: [1, 2], weights: [0, 0] }],
    [{ counts: [-1, 2], weights: [1, 1] }],
  ])('refuses %j', (input) => {
    expect(sampleRatio.input.safeParse(input).success).toBe(false)
  })
})
