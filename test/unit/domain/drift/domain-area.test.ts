import { describe, expect, it } from '@jest/globals'
import { domainArea } from '../../../../src/domain/drift/domain-area.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

/** Scores that nothing need be learned for. */
function areaOf(labels: Uint8Array, scoreOf: (row: number) => number) {
  const learn = () => (rows: Uint32Array) => Float64Array.from(rows, scoreOf)
  return domainArea({ labels, random: createRandom(1), learn })
}

const alternating = (count: number) => Uint8Array.from({ length: count }, (_, i) => i % 2)

describe('the area of a domain classifier', () => {
  it('has a p-value by rank even where few rows are told apart perfectly', () => {
    const labels = alternating(40)
    const area = areaOf(labels, (row) => labels[row]!)!
    expect(area.auc).toBe(1)
    expect(area.pValue).toBeGreaterThan(1e-12)
    expect(area.pValue).toBeLessThan(0.01)
  })

  it('has the variance of ranks with ties: five folds of 4 + 4, each shared twice', () => {
    const labels = alternating(40)
    // Two values in each fold of eight: 1 - 2 (4^3 - 4) / (8^3 - 8) of 9 / (12 * 16), twice, over five folds.
    const area = areaOf(labels, (row) => labels[row]!)!
    const ties = 1 - (2 * (4 ** 3 - 4)) / (8 ** 3 - 8)
    const deviation = Math.sqrt(((2 * 9) / (12 * 16) / 5) * ties)
    expect(area.statistic).toBeCloseTo(0.5 / deviation, 10)
  })

  it('is one half, for certain by chance, where all scores are equal', () => {
    expect(areaOf(alternating(60), () => 3)).toMatchObject({ auc: 0.5, statistic: 0, pValue: 1 })
  })

  it('is no evidence below one half', () => {
    const labels = alternating(60)
    expect(areaOf(labels, (row) => -labels[row]!)?.pValue).toBeGreaterThan(0.99)
  })

  it('is unknown with fewer than two rows of a class in a fold', () => {
    expect(areaOf(alternating(18), (row) => row)).toBeUndefined()
  })
})
