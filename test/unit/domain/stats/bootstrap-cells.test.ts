import { describe, expect, it } from '@jest/globals'
import { jackknifeAcceleration } from '../../../../src/domain/stats/acceleration.js'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { bcaInterval } from '../../../../src/domain/stats/bootstrap.js'
import {
  cellAcceleration,
  cellJackknife,
  multinomialReplicates,
} from '../../../../src/domain/stats/bootstrap-cells.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

/** F1 of true positives, false negatives, false positives, true negatives. */
const f1 = (c: Float64Array) => (2 * c[0]!) / (2 * c[0]! + c[1]! + c[2]!)

describe('multinomialReplicates', () => {
  it('keeps the total, and with strata the total of each', () => {
    const input = { counts: [5, 20, 0, 900, 3], resamples: 500 }
    const total = (c: Float64Array) => c.reduce((sum, x) => sum + x, 0)
    const whole = multinomialReplicates({ ...input, random: createRandom(1) }, total)
    expect(new Set(whole)).toEqual(new Set([928]))
    const strata = [
      [0, 3],
      [1, 2],
    ]
    const input2 = { ...input, strata, random: createRandom(1) }
    const parts = multinomialReplicates(
      input2,
      (c) => (c[0]! + c[3]!) * 1e6 + (c[1]! + c[2]!) * 1e3 + c[4]!,
    )
    expect(new Set(parts)).toEqual(new Set([905 * 1e6 + 20 * 1e3 + 3]))
  })

  it('has the means and the covariance of the multinomial law', () => {
    const counts = [30, 50, 120]
    const resamples = 20_000
    const draws: number[][] = []
    multinomialReplicates({ counts, resamples, random: createRandom(2) }, (c) => {
      draws.push(Array.from(c))
      return 0
    })
    const mean = (f: (c: number[]) => number) => draws.reduce((sum, c) => sum + f(c), 0) / resamples
    const se = (variance: number) => 4 * Math.sqrt(variance / resamples)
    counts.forEach((count, i) => {
      expect(Math.abs(mean((c) => c[i]!) - count)).toBeLessThan(se(count * (1 - count / 200)))
    })
    const covariance = mean((c) => (c[0]! - 30) * (c[1]! - 50))
    expect(Math.abs(covariance + (30 * 50) / 200)).toBeLessThan(se(25.5 * 37.5 + 7.5 ** 2))
  })

  it('makes the same resamples from the same seed', () => {
    const draw = () =>
      multinomialReplicates(
        { counts: [40, 9, 11, 140], resamples: 50, random: createRandom(7) },
        f1,
      )
    expect(draw()).toEqual(draw())
  })

  it('passes on that a statistic does not exist', () => {
    const nothing = { counts: [0, 0], resamples: 3, random: createRandom(1) }
    expect(multinomialReplicates(nothing, (c) => c[0]! / c[1]!)).toEqual(
      new Float64Array(3).fill(Number.NaN),
    )
  })
})

describe('cellJackknife', () => {
  it('gives the acceleration of the jackknife over single examples', () => {
    const counts = [12, 4, 3, 21]
    const single = counts.flatMap((count, cell) =>
      Array.from({ length: count }, () => {
        const cells = Float64Array.from(counts)
        cells[cell]!--
        return f1(cells)
      }),
    )
    const expected = jackknifeAcceleration([{ values: Float64Array.from(single) }])
    expect(cellAcceleration(counts, undefined, f1)).toBeCloseTo(expected!, 14)
    const groups = [single.slice(0, 16), single.slice(16)].map((v) => ({
      values: Float64Array.from(v),
    }))
    expect(
      cellAcceleration(
        counts,
        [
          [0, 1],
          [2, 3],
        ],
        f1,
      ),
    ).toBeCloseTo(jackknifeAcceleration(groups)!, 14)
  })

  it('gives empty cells no weight and no say', () => {
    const [group] = cellJackknife({ counts: [3, 0, 1] }, (c) => c[0]! / c[2]!)
    expect(Array.from(group!.weights!)).toEqual([3, 0, 1])
    expect(group!.values[0]).toBe(2)
  })
})

describe('BCa over cells', () => {
  it('covers the true F1 in 90 % of samples of 500', () => {
    const random = createRandom(12)
    const truth = 0.64 / (0.64 + 0.08 + 0.1)
    const runs = 400
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const tp = drawBinomial(500, 0.32, random)
      const fn = drawBinomial(500 - tp, 0.08 / 0.68, random)
      const fp = drawBinomial(500 - tp - fn, 0.1 / 0.6, random)
      const counts = [tp, fn, fp, 500 - tp - fn - fp]
      const interval = bcaInterval({
        estimate: f1(Float64Array.from(counts)),
        replicates: multinomialReplicates({ counts, resamples: 499, random }, f1),
        jackknife: undefined,
        acceleration: cellAcceleration(counts, undefined, f1),
        level: 0.9,
      })
      if (interval.low <= truth && truth <= interval.high) covered++
    }
    expect(Math.abs(covered / runs - 0.9)).toBeLessThan(3 * Math.sqrt((0.9 * 0.1) / runs))
  })
})
