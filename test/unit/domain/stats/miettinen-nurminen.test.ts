import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { miettinenNurminenInterval } from '../../../../src/domain/stats/miettinen-nurminen.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { readReference } from './close.js'

interface Row {
  x1: number
  n1: number
  x0: number
  n0: number
  low: number
  high: number
}
const reference = readReference<{
  miettinenNurminen: (Row & { level: number })[]
}>('gate')

const countsOf = ({ x1, n1, x0, n0 }: Omit<Row, 'low' | 'high'>) => ({
  candidateSuccesses: x1,
  candidateTotal: n1,
  baselineSuccesses: x0,
  baselineTotal: n0,
})

describe('miettinenNurminenInterval', () => {
  it.each(reference.miettinenNurminen)(
    'agrees with the likelihood maximised in 30 digits: $x1/$n1 and $x0/$n0',
    (row) => {
      const interval = miettinenNurminenInterval(countsOf(row), row.level)
      expect(interval?.low).toBeCloseTo(row.low, 9)
      expect(interval?.high).toBeCloseTo(row.high, 9)
    },
  )

  it('turns its sign when the samples are swapped, holds the estimate, stays in [-1, 1]', () => {
    const sample = fc
      .tuple(fc.integer({ min: 1, max: 300 }), fc.nat())
      .map(([n, seed]) => ({ n, x: seed % (n + 1) }))
    fc.assert(
      fc.property(sample, sample, (one, other) => {
        const counts = countsOf({ x1: one.x, n1: one.n, x0: other.x, n0: other.n })
        const swapped = countsOf({ x1: other.x, n1: other.n, x0: one.x, n0: one.n })
        const interval = miettinenNurminenInterval(counts, 0.95)!
        const estimate = one.x / one.n - other.x / other.n
        expect(interval.low).toBe(-miettinenNurminenInterval(swapped, 0.95)!.high)
        expect(interval.low).toBeLessThanOrEqual(estimate)
        expect(interval.high).toBeGreaterThanOrEqual(estimate)
        expect(Math.max(Math.abs(interval.low), Math.abs(interval.high))).toBeLessThanOrEqual(1)
      }),
    )
  })

  it('is undefined without one of the samples', () => {
    expect(miettinenNurminenInterval(countsOf({ x1: 0, n1: 0, x0: 1, n0: 2 }), 0.95)).toBe(
      undefined,
    )
  })

  it('covers the true difference of unequal samples in 95 % of cases', () => {
    const random = createRandom(5)
    const runs = 3000
    let covered = 0
    for (let run = 0; run < runs; run++) {
      const row = {
        x1: drawBinomial(40, 0.8, random),
        n1: 40,
        x0: drawBinomial(90, 0.7, random),
        n0: 90,
      }
      const { low, high } = miettinenNurminenInterval(countsOf(row), 0.95)!
      if (low <= 0.1 && 0.1 <= high) covered++
    }
    expect(Math.abs(covered / runs - 0.95)).toBeLessThan(
      3 * Math.sqrt((0.95 * 0.05) / runs) + 0.005,
    )
  })
})
