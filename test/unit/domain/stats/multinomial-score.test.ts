import { describe, expect, it } from '@jest/globals'
import { multinomialDraw } from '../../../../src/domain/stats/bootstrap-cells.js'
import { multinomialScore, scoreEnds } from '../../../../src/domain/stats/multinomial-score.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { tangoInterval, tangoTest } from '../../../../src/domain/stats/tango.js'
import { wilsonInterval } from '../../../../src/domain/stats/wilson.js'

const limits = [-1, 1] as const
/** Both right, only the candidate, only the baseline, none. */
const difference = (shares: Float64Array) => shares[1]! - shares[2]!

describe('multinomialScore', () => {
  it.each([[[80, 7, 11, 2]], [[180, 1, 6, 13]], [[150, 0, 5, 45]], [[95, 0, 0, 5]]])(
    "is Tango's for a difference of paired shares: %j",
    (counts) => {
      const score = multinomialScore({ counts, statistic: difference })
      const n = counts.reduce((sum, count) => sum + count, 0)
      const table = { candidateOnly: counts[1]!, baselineOnly: counts[2]!, n }
      for (const margin of [0.02, 0.05, 0.1]) {
        expect(score(-margin)).toBeCloseTo(tangoTest({ ...table, margin }).statistic, 1)
      }
      const estimate = (counts[1]! - counts[2]!) / n
      const found = scoreEnds(score, { estimate, level: 0.95, limits, scale: 0.01 })
      const expected = tangoInterval({ ...table, level: 0.95 })
      expect(found.low).toBeCloseTo(expected.low, 3)
      expect(found.high).toBeCloseTo(expected.high, 3)
    },
  )

  it.each([[[45, 5]], [[3, 97]], [[60, 0]]])("is Wilson's for a share: %j", (counts) => {
    const n = counts[0]! + counts[1]!
    const score = multinomialScore({ counts, statistic: (shares) => shares[0]! })
    const estimate = counts[0]! / n
    const found = scoreEnds(score, { estimate, level: 0.9, limits: [0, 1], scale: 0.05 })
    const expected = wilsonInterval(counts[0]!, n, 0.9)!
    expect(found.low).toBeCloseTo(expected.low, 3)
    expect(found.high).toBeCloseTo(expected.high, 3)
  })

  it('is beyond all numbers where no shares of the cells fulfil the hypothesis', () => {
    const score = multinomialScore({ counts: [5, 5], statistic: (shares) => shares[0]! })
    expect(score(1.5)).toBe(Number.NEGATIVE_INFINITY)
    expect(score(0.5)).toBe(0)
  })

  it('says nothing of no examples', () => {
    expect(multinomialScore({ counts: [0, 0], statistic: (s) => s[0]! })(0.3)).toBe(0)
  })

  it('passes a model at the margin no more often than nominal, with few discordant examples (F1)', () => {
    // Cells: label * 4 + candidate * 2 + baseline. A tenth positive, 3% discordant, the candidate worse.
    const law = [82, 1.2, 0.3, 4.5, 2.6, 1.2, 0.4, 7.8]
    const f1 = (tp: number, fp: number, fn: number) => (2 * tp) / (2 * tp + fp + fn)
    const statistic = (k: ArrayLike<number>) =>
      f1(k[6]! + k[7]!, k[2]! + k[3]!, k[4]! + k[5]!) -
      f1(k[5]! + k[7]!, k[1]! + k[3]!, k[4]! + k[6]!)
    const truth = statistic(law)
    const random = createRandom(8)
    const runs = 1500
    const scale = 1000
    const pool = law.map((share) => Math.round(share * scale))
    const counts = new Float64Array(8)
    let passed = 0
    for (let run = 0; run < runs; run++) {
      drawSample(pool, 200, { random, counts })
      const z = multinomialScore({ counts, statistic })(truth)
      if (z > 1.959964) passed++
    }
    expect(passed / runs).toBeLessThan(0.025 + 3 * Math.sqrt((0.025 * 0.975) / runs))
  })
})

/** A sample of n from a law that is given as counts. */
function drawSample(
  law: readonly number[],
  n: number,
  { random, counts }: { random: ReturnType<typeof createRandom>; counts: Float64Array },
): void {
  const total = law.reduce((sum, count) => sum + count, 0)
  counts.fill(0)
  for (let i = 0; i < n; i++) {
    let left = random.below(total)
    let cell = 0
    while (left >= law[cell]!) {
      left -= law[cell]!
      cell++
    }
    counts[cell] = counts[cell]! + 1
  }
}

describe('multinomialDraw', () => {
  it('keeps cells of no stratum as they are, and the totals of strata', () => {
    const drawn = new Float64Array(5)
    const next = multinomialDraw(
      {
        counts: [5, 9, 4, 6, 7],
        random: createRandom(2),
        strata: [
          [0, 1],
          [3, 4],
        ],
      },
      drawn,
    )
    for (let i = 0; i < 20; i++) {
      next()
      expect(drawn[0]! + drawn[1]!).toBe(14)
      expect(drawn[2]).toBe(4)
      expect(drawn[3]! + drawn[4]!).toBe(13)
    }
  })
})
