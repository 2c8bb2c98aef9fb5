import { describe, expect, it } from '@jest/globals'
import { rowReplicates } from '../../../../src/domain/stats/bootstrap-rows.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

describe('rowReplicates', () => {
  it('gives multiplicities whose sum is the number of rows', () => {
    const sums = rowReplicates({ n: 37, resamples: 200, random: createRandom(1) }, (weights) =>
      weights.reduce((sum, weight) => sum + weight, 0),
    )
    expect(new Set(sums)).toEqual(new Set([37]))
  })

  it('keeps the size of each stratum, whatever its name', () => {
    const strata = Int32Array.of(5, -2, 5, 5, -2, 9)
    const input = { n: 6, resamples: 200, random: createRandom(1), strata }
    const sizes = rowReplicates(
      input,
      (w) => (w[0]! + w[2]! + w[3]!) * 100 + (w[1]! + w[4]!) * 10 + w[5]!,
    )
    expect(new Set(sizes)).toEqual(new Set([321]))
  })

  it('has the standard error of a mean', () => {
    const random = createRandom(3)
    const values = Float64Array.from({ length: 60 }, () => random.next() ** 2)
    const mean = values.reduce((sum, x) => sum + x, 0) / 60
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 60 / 60
    const resamples = 4000
    const replicates = rowReplicates(
      { n: 60, resamples, random },
      (weights) => values.reduce((sum, x, i) => sum + x * weights[i]!, 0) / 60,
    )
    const found = replicates.reduce((sum, x) => sum + (x - mean) ** 2, 0) / resamples
    expect(Math.abs(found / variance - 1)).toBeLessThan(4 * Math.sqrt(2 / resamples))
  })

  it('resamples nothing from nothing, and the same from the same seed', () => {
    const empty = rowReplicates({ n: 0, resamples: 2, random: createRandom(1) }, (w) => w.length)
    expect(Array.from(empty)).toEqual([0, 0])
    const draw = () =>
      rowReplicates({ n: 9, resamples: 20, random: createRandom(8) }, (w) => w[0]! - w[3]!)
    expect(draw()).toEqual(draw())
  })
})
