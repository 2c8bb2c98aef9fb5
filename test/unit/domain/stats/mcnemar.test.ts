import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { mcnemar } from '../../../../src/domain/stats/mcnemar.js'
import { binomialPmf } from '../../../../src/domain/stats/special/binomial.js'
import { readReference, relativeError } from './close.js'

const reference = readReference<{
  mcnemar: { b: number; c: number; exactP: number; midP: number; statistic: number }[]
}>('gate')

describe('mcnemar', () => {
  it.each(reference.mcnemar)('agrees with statsmodels and scipy for b=$b, c=$c', (row) => {
    const result = mcnemar(row.b, row.c)
    expect(relativeError(result.exactP, row.exactP)).toBeLessThan(1e-11)
    expect(relativeError(result.midP, row.midP)).toBeLessThan(1e-11)
    expect(relativeError(result.statistic, row.statistic)).toBeLessThan(1e-12)
  })

  it('does not depend on which model is called the candidate', () => {
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (b, c) => {
        expect(mcnemar(b, c)).toEqual(mcnemar(c, b))
        expect(mcnemar(b, c).midP).toBeLessThanOrEqual(mcnemar(b, c).exactP)
        expect(mcnemar(b, c).midP).toBeGreaterThan(0)
      }),
    )
  })

  it('says nothing without discordant examples, and where the models win equally often', () => {
    expect(mcnemar(0, 0)).toEqual({ exactP: 1, midP: 1, statistic: 0 })
    expect(mcnemar(9, 9)).toEqual({ exactP: 1, midP: 1, statistic: 0 })
  })

  it('has no rounding where there are few discordant examples', () => {
    expect(mcnemar(1, 0)).toEqual({ exactP: 1, midP: 0.5, statistic: 0 })
    expect(mcnemar(0, 5)).toEqual({ exactP: 1 / 16, midP: 1 / 32, statistic: 16 / 5 })
    expect(mcnemar(3, 1).exactP).toBe(10 / 16)
  })

  it.each([9, 60])(
    'rejects equal models in at most 5 %% of tables with %i discordant examples',
    (n) => {
      let exact = 0
      let mid = 0
      for (let b = 0; b <= n; b++) {
        const { exactP, midP } = mcnemar(b, n - b)
        if (exactP <= 0.05) exact += binomialPmf(b, n, 0.5)
        if (midP <= 0.05) mid += binomialPmf(b, n, 0.5)
      }
      expect(exact).toBeLessThanOrEqual(0.05)
      expect(mid).toBeLessThanOrEqual(0.055)
      expect(mid).toBeGreaterThanOrEqual(exact)
    },
  )
})
