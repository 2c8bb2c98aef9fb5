import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { andersonDarling } from '../../../../src/domain/stats/anderson-darling.js'
import { cramerVonMises } from '../../../../src/domain/stats/cramer-von-mises.js'
import { energyDistance } from '../../../../src/domain/stats/energy-distance.js'
import { eppsSingleton } from '../../../../src/domain/stats/epps-singleton.js'
import { mannWhitney } from '../../../../src/domain/stats/mann-whitney.js'
import { welchTest } from '../../../../src/domain/stats/welch-t-test.js'

const values = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 5, maxLength: 25 })
const sorted = (some: readonly number[]): Float64Array => Float64Array.from(some).sort()
const changed = (some: Float64Array, change: (x: number) => number): Float64Array =>
  some.map(change).sort()

const RANKS = [
  ['anderson-darling', andersonDarling],
  ['cramer-von-mises', cramerVonMises],
  ['mann-whitney', mannWhitney],
] as const
const SHIFTS = [
  ['t-test', welchTest],
  ['epps-singleton', eppsSingleton],
] as const

function forPairs(check: (a: Float64Array, b: Float64Array) => void): void {
  fc.assert(
    fc.property(values, values, (a, b) => check(sorted(a), sorted(b))),
    { numRuns: 40, seed: 21 },
  )
}

/** The p-value is that of both, or there is none in both. */
function expectSameP(one: { pValue: number } | undefined, other: typeof one): void {
  if (one === undefined) expect(other).toBeUndefined()
  else expect(other?.pValue).toBeCloseTo(one.pValue, 8)
}

describe.each([...RANKS, ...SHIFTS])('%s', (_, test) => {
  it('has the same p-value whichever sample is the reference', () => {
    forPairs((a, b) => expectSameP(test(a, b), test(b, a)))
  })

  it('has the same p-value in any unit and from any zero', () => {
    forPairs((a, b) => {
      const other = (x: number) => 4 * x + 1024
      expectSameP(test(a, b), test(changed(a, other), changed(b, other)))
    })
  })

  it('has the same p-value when numbers are counted downwards', () => {
    forPairs((a, b) => {
      const down = (x: number) => -x
      expectSameP(test(a, b), test(changed(a, down), changed(b, down)))
    })
  })
})

describe.each(RANKS)('%s', (_, test) => {
  it('depends on the order of values alone', () => {
    forPairs((a, b) => {
      const cubed = (x: number) => x ** 3 + x
      expect(test(changed(a, cubed), changed(b, cubed))).toEqual(test(a, b))
    })
  })
})

describe('energy distance', () => {
  it('is symmetric, 0 for equal samples only, and grows as the root of the unit', () => {
    forPairs((a, b) => {
      const distance = energyDistance(a, b) ?? Number.NaN
      expect(energyDistance(b, a)).toBeCloseTo(distance, 10)
      expect(energyDistance(a, a)).toBe(0)
      const nine = (x: number) => 9 * x - 100
      expect(energyDistance(changed(a, nine), changed(b, nine))).toBeCloseTo(3 * distance, 8)
    })
  })
})
