import { describe, expect, it } from '@jest/globals'
import { mmdTest } from '../../../../src/domain/stats/mmd.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { readReference } from './close.js'

const { mmd: cases } = readReference<{
  mmd: {
    values: number[]
    columns: number
    first: number
    statistic: number
    bandwidth: number
  }[]
}>('multivariate')

describe('maximum mean discrepancy', () => {
  it.each(cases)('equals its definition ($columns columns)', (example) => {
    const found = mmdTest({
      ...example,
      values: Float64Array.from(example.values),
      permutations: 9,
      random: createRandom(1),
    })!
    expect(found.bandwidth).toBeCloseTo(example.bandwidth, 12)
    // The kernel is kept in single precision.
    expect(found.statistic).toBeCloseTo(example.statistic, 6)
    expect(found.permuted).toHaveLength(9)
  })

  it('has the smallest p that permutations allow for samples far apart', () => {
    const values = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? i : 1000 + i))
    const found = mmdTest({
      values,
      columns: 1,
      first: 20,
      permutations: 99,
      random: createRandom(1),
    })!
    expect(found.pValue).toBe(0.01)
  })

  it('raises alarms at its level where the samples are alike, also of unequal sizes', () => {
    const runs = 400
    let alarms = 0
    let sum = 0
    for (let run = 0; run < runs; run++) {
      const random = createRandom(run)
      const values = Float64Array.from({ length: 2 * 45 }, () => random.next() ** 3)
      const found = mmdTest({ values, columns: 2, first: 10, permutations: 39, random })!
      sum += found.statistic
      if (found.pValue <= 0.05) alarms++
    }
    // 5% of 400, and three standard errors.
    expect(alarms).toBeLessThan(33)
    expect(alarms).toBeGreaterThan(7)
    expect(Math.abs(sum / runs)).toBeLessThan(0.004)
  })

  it('counts a permutation as exceeding when it is the sample itself', () => {
    const values = Float64Array.of(0, 1, 5, 6)
    const found = mmdTest({
      values,
      columns: 1,
      first: 2,
      permutations: 600,
      random: createRandom(3),
    })!
    // Two of the six ways to choose two points are the two samples.
    expect(found.pValue).toBeGreaterThan(0.27)
    expect(found.pValue).toBeLessThan(0.4)
  })

  it('gives no answer for one point in a sample, or points that are equal', () => {
    const input = { columns: 1, permutations: 9, random: createRandom(1) }
    expect(mmdTest({ ...input, values: Float64Array.of(1, 2, 3), first: 1 })).toBeUndefined()
    expect(mmdTest({ ...input, values: new Float64Array(6), first: 3 })).toBeUndefined()
    expect(mmdTest({ ...input, columns: 0, values: new Float64Array(), first: 3 })).toBeUndefined()
  })
})
