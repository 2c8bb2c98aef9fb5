import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { signFlipTest } from '../../../../src/domain/stats/sign-flip.js'
import { readReference } from './close.js'

const { signFlip } = readReference<{
  signFlip: { differences: number[]; extreme: number; patterns: number }[]
}>('gate')

describe('signFlipTest', () => {
  it("gives Fisher's 863 of 32,768 on either side for Darwin's maize", () => {
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
    const { pValue, exact } = signFlipTest(Float64Array.from(darwin), createRandom(1))
    expect(exact).toBe(true)
    expect(pValue).toBe((2 * 863) / 32_768)
  })

  it.each(signFlip)(
    'counts the patterns that a full enumeration does: $extreme of $patterns',
    (row) => {
      const { pValue } = signFlipTest(Float64Array.from(row.differences), createRandom(1))
      expect(pValue * row.patterns).toBe(row.extreme)
    },
  )

  it('does not let zeros change the answer', () => {
    const differences = [1, 2, 3, -0.5]
    const padded = Float64Array.from([...differences, ...new Array<number>(30).fill(0)])
    expect(signFlipTest(padded, createRandom(1))).toEqual(
      signFlipTest(Float64Array.from(differences), createRandom(1)),
    )
  })

  it('draws patterns beyond fifteen differences, near the exact answer', () => {
    // Sixteen equal differences: all of one sign in 2 of 2^16 patterns, all but one in 34.
    const differences = new Float64Array(16).fill(0.1)
    differences[3] = -0.1
    const { pValue, exact } = signFlipTest(differences, createRandom(1), 200_000)
    const expected = 34 / 65_536
    expect(exact).toBe(false)
    expect(Math.abs(pValue - expected)).toBeLessThan(4 * Math.sqrt(expected / 200_000))
  })

  it('never gives 0, gives 1 for no differences, and is the same for the same seed', () => {
    const differences = Float64Array.from({ length: 40 }, (_, i) => 1 + i / 100)
    expect(signFlipTest(differences, createRandom(1), 999).pValue).toBe(1 / 1000)
    expect(signFlipTest(new Float64Array(40), createRandom(1)).pValue).toBe(1)
    expect(signFlipTest(new Float64Array(), createRandom(1)).pValue).toBe(1)
    const mixed = differences.map((x, i) => (i % 3 === 0 ? -x : x))
    expect(signFlipTest(mixed, createRandom(4))).toEqual(signFlipTest(mixed, createRandom(4)))
  })
})
