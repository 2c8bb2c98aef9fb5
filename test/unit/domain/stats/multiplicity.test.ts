import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { adjustPValues, type Correction } from '../../../../src/domain/stats/multiplicity.js'
import { readReference, relativeError } from './close.js'

const { multiplicity } = readReference<{
  multiplicity: { method: Correction; pValues: number[]; adjusted: number[] }[]
}>('gate')

const methods: Correction[] = ['none', 'bonferroni', 'holm', 'benjamini-hochberg']
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })

describe('adjustPValues', () => {
  it.each(multiplicity)('agrees with statsmodels: $method', (row) => {
    const adjusted = adjustPValues(row.pValues, row.method)
    adjusted.forEach((p, i) => {
      expect(relativeError(p, row.adjusted[i]!)).toBeLessThan(1e-14)
    })
    expect(adjusted).toHaveLength(row.adjusted.length)
  })

  it('never lowers a p-value, never leaves [0, 1], keeps the order of the evidence', () => {
    fc.assert(
      fc.property(pValues, fc.constantFrom(...methods), (given, method) => {
        const adjusted = adjustPValues(given, method)
        adjusted.forEach((p, i) => {
          expect(p).toBeGreaterThanOrEqual(given[i]! * (1 - 1e-15))
          expect(p).toBeLessThanOrEqual(1)
          adjusted.forEach((q, j) => {
            if (given[i]! < given[j]!) expect(p).toBeLessThanOrEqual(q)
          })
        })
      }),
    )
  })

  it('is no stricter than Bonferroni by Holm, and no stricter than Holm by Benjamini-Hochberg', () => {
    fc.assert(
      fc.property(pValues, (given) => {
        const bonferroni = adjustPValues(given, 'bonferroni')
        const holm = adjustPValues(given, 'holm')
        adjustPValues(given, 'benjamini-hochberg').forEach((p, i) => {
          expect(p).toBeLessThanOrEqual(holm[i]! * (1 + 1e-14))
          expect(holm[i]!).toBeLessThanOrEqual(bonferroni[i]!)
        })
      }),
    )
  })

  it('passes NaN through and does not count it', () => {
    expect(adjustPValues([0.01, Number.NaN, 0.04], 'bonferroni')).toEqual([0.02, Number.NaN, 0.08])
    expect(adjustPValues([0.01, Number.NaN, 0.04], 'holm')).toEqual([0.02, Number.NaN, 0.04])
    expect(adjustPValues([Number.NaN, 0.3], 'none')).toEqual([Number.NaN, 0.3])
    expect(adjustPValues([], 'holm')).toEqual([])
  })
})
