import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createNumberSet } from '../../../../src/domain/quality/number-set.js'

describe('a set of numbers', () => {
  it('holds what a Set holds', () => {
    const value = fc.oneof(fc.double({ noNaN: true }), fc.integer(), fc.constantFrom(0, -0))
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const ours = createNumberSet()
        const theirs = new Set<number>()
        for (const one of values) {
          expect(ours.add(one)).toBe(!theirs.has(one))
          theirs.add(one)
        }
        expect(ours.size).toBe(theirs.size)
      }),
    )
  })

  it('grows', () => {
    const numbers = createNumberSet()
    for (let i = 0; i < 100_000; i++) numbers.add((i % 60_000) * 0.1)
    expect(numbers.size).toBe(60_000)
  })
})
