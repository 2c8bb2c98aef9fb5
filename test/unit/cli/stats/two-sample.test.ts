import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/two-sample.js'
import { testNames } from '../../../../src/domain/drift/tests/index.js'
import { UserError } from '../../../../src/errors.js'

const run = (given: unknown) => procedure.run(procedure.input.parse(given)).tests

describe('modelway stats two-sample', () => {
  it('runs every test that fits numbers, and null is missing', () => {
    const tests = run({ reference: [1, 2, null, 3, 4], current: [3, 4, 5, 6] })
    expect(Object.keys(tests)).toEqual(testNames('numeric'))
    // P(D >= 1/2) for four values each: 54 of 70 orders.
    expect(tests['ks']?.statistic).toBe(0.5)
    expect(tests['ks']?.pValue).toBeCloseTo(0.7714285714285715, 12)
    expect(tests['wasserstein']).toEqual({ statistic: 2, pValue: null })
    expect(tests['wasserstein-normalised']?.statistic).toBeCloseTo(2 / Math.sqrt(1.25), 12)
  })

  it('runs the named tests on categories of any type, told apart by their text', () => {
    const tests = run({
      reference: ['a', 'a', 'b', true, 1, null],
      current: ['a', 'b', 'b', 'true', '1'],
      kind: 'categorical',
      tests: ['chi-square', 'total-variation'],
    })
    expect(Object.keys(tests)).toEqual(['chi-square', 'total-variation'])
    expect(tests['total-variation']).toEqual({ statistic: expect.closeTo(0.2, 12), pValue: null })
    expect(tests['chi-square']?.statistic).toBeCloseTo(2 / 3, 12)
  })

  it('answers null for a sample without values', () => {
    expect(run({ reference: [null], current: [1], tests: ['ks', 'psi'] })).toEqual({
      ks: { statistic: null, pValue: null },
      psi: { statistic: null, pValue: null },
    })
  })

  it('refuses a test that cannot compare the kind, and text among numbers', () => {
    expect(() => run({ reference: [1], current: [1], tests: ['chi-square'] })).toThrow(
      /^MW-STATS-201: /,
    )
    expect(() => run({ reference: [1, 'x'], current: [1] })).toThrow(
      /^MW-STATS-202: reference\[1\]: /,
    )
    expect(() => run({ reference: [1, 'x'], current: [1] })).toThrow(UserError)
  })

  it('refuses unknown tests and keys', () => {
    expect(
      procedure.input.safeParse({ reference: [1], current: [1], tests: ['nope'] }).success,
    ).toBe(false)
    expect(procedure.input.safeParse({ reference: [1], current: [1], more: 1 }).success).toBe(false)
  })
})
