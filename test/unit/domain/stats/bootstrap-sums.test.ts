import { describe, expect, it } from '@jest/globals'
import { unitReplicates } from '../../../../src/domain/stats/bootstrap-rows.js'
import {
  subCells,
  sumDraw,
  sumInfluences,
  sumUnits,
} from '../../../../src/domain/stats/bootstrap-sums.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

const n = 20_000
const random = createRandom(5)
const normal = () =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
const one = new Float64Array(n).fill(1)
/** Heavy to the right, so that the skewness of a mean can be seen. */
const heavy = Float64Array.from({ length: n }, () => Math.exp(1.8 * normal()))
const other = heavy.map((x) => 0.5 * x + Math.abs(normal()))
const single = new Int32Array(n)

function moments(values: Float64Array) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const power = (k: number) => values.reduce((sum, x) => sum + (x - mean) ** k, 0) / values.length
  const deviation = Math.sqrt(power(2))
  return { mean, deviation, skewness: power(3) / deviation ** 3 }
}

function bySums(
  units: Parameters<typeof subCells>[0],
  statistic: (sums: Float64Array) => number,
  resamples: number,
) {
  const subs = subCells(units, sumInfluences(units, statistic))
  const sums = new Float64Array(units.cellCount * units.terms.length)
  const next = sumDraw(subs, createRandom(1), sums)
  const values = Float64Array.from({ length: resamples }, () => {
    next()
    return statistic(sums)
  })
  return { subs, values }
}

describe('the bootstrap of sums', () => {
  it('puts a million, or twenty thousand, rows into some hundred sub-cells and loses no sum', () => {
    const units = { cells: single, cellCount: 1, terms: [one, heavy] }
    const { subs } = bySums(units, (sums) => sums[1]! / sums[0]!, 1)
    expect(subs.counts.length).toBeLessThan(700)
    expect(subs.counts.reduce((sum, count) => sum + count, 0)).toBe(n)
    const total = subs.counts.reduce((sum, count, g) => sum + count * subs.means[2 * g + 1]!, 0)
    expect(total / sumUnits(units)[1]!).toBeCloseTo(1, 12)
  })

  it("has a mean's deviation and skewness, which are known", () => {
    const units = { cells: single, cellCount: 1, terms: [one, heavy] }
    const { values } = bySums(units, (sums) => sums[1]! / sums[0]!, 6000)
    const rows = moments(heavy)
    const found = moments(values)
    expect(found.mean).toBeCloseTo(rows.mean, 2)
    expect(found.deviation / (rows.deviation / Math.sqrt(n))).toBeCloseTo(1, 1.5)
    const skewness = rows.skewness / Math.sqrt(n)
    expect(skewness).toBeGreaterThan(0.1)
    expect(Math.abs(found.skewness - skewness)).toBeLessThan(5 * Math.sqrt(6 / 6000))
  })

  it('is the bootstrap of rows, for a ratio of sums over cells that bends', () => {
    const m = 5000
    const cells = Int32Array.from({ length: m }, (_, i) => i % 3)
    const [x, y] = [heavy.slice(0, m), other.slice(0, m)]
    const units = { cells, cellCount: 3, terms: [one.slice(0, m), x, y] }
    const statistic = (s: Float64Array) =>
      Math.abs(s[1]! / s[0]! - 1) + Math.sqrt(s[5]! / s[4]!) + s[7]! / (s[2]! + s[8]!)
    const resamples = 300
    const { values } = bySums(units, statistic, 3000)
    const sums = new Float64Array(9)
    const rows = Int32Array.from({ length: m }, (_, i) => i)
    const [exact] = unitReplicates(
      { units: { n: m, rows, starts: undefined }, resamples, random: createRandom(2) },
      [
        (weights) => {
          sums.fill(0)
          for (let i = 0; i < m; i++) {
            const start = 3 * cells[i]!
            const weight = weights[i]!
            sums[start] = sums[start]! + weight
            sums[start + 1] = sums[start + 1]! + weight * x[i]!
            sums[start + 2] = sums[start + 2]! + weight * y[i]!
          }
          return statistic(sums)
        },
      ],
    )
    const expected = moments(exact!)
    const found = moments(values)
    expect(Math.abs(found.mean - expected.mean)).toBeLessThan(
      (4 * expected.deviation) / Math.sqrt(resamples),
    )
    expect(Math.abs(found.deviation / expected.deviation - 1)).toBeLessThan(
      4 / Math.sqrt(2 * resamples),
    )
  })

  it('keeps the covariance of terms that the influence does not show', () => {
    const units = { cells: single, cellCount: 1, terms: [one, heavy, other] }
    // The statistic is blind to the third term, the sums are not.
    const influence = sumInfluences(units, (sums) => sums[1]! / sums[0]!)
    const noise = other.map((x, i) => x - 0.5 * heavy[i]!)
    const blind = { ...units, terms: [one, heavy, noise] }
    const sums = new Float64Array(3)
    const next = sumDraw(subCells(blind, influence), createRandom(3), sums)
    const drawn = Float64Array.from({ length: 2000 }, () => {
      next()
      return sums[2]!
    })
    const rows = moments(noise)
    expect(moments(drawn).deviation / (rows.deviation * Math.sqrt(n))).toBeCloseTo(1, 1)
  })
})
