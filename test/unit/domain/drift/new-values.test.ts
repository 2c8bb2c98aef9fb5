import { describe, expect, it } from '@jest/globals'
import { measureNew } from '../../../../src/domain/drift/new-values.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

const pair = (cells: readonly (readonly [number, number])[]) =>
  ({
    kind: 'categorical',
    categories: cells.map((_, i) => `v${i}`),
    reference: Float64Array.from(cells, ([before]) => before),
    current: Float64Array.from(cells, ([, now]) => now),
  }) as const

describe('values of new categories', () => {
  it('one category of five values is one draw of five out of all', () => {
    const found = measureNew(
      pair([
        [500, 495],
        [0, 5],
      ]),
    )
    const exact = [0, 1, 2, 3, 4].reduce((p, i) => p * ((500 - i) / (1000 - i)), 1)
    expect(found.newPValue).toBeCloseTo(exact, 12)
    expect(found.newShare).toBe(0.01)
  })

  it('categories of one value are counted as so many throws of a coin', () => {
    // Of three categories with one value each, two or more lie in the current half: 3/8 + 1/8.
    const found = measureNew(
      pair([
        [1e9, 1e9],
        [1, 0],
        [0, 1],
        [0, 1],
      ]),
    )
    expect(found.newPValue).toBeCloseTo(0.5, 6)
  })

  it('none of them is no test, and neither is an empty reference', () => {
    expect(
      measureNew(
        pair([
          [10, 10],
          [3, 0],
        ]),
      ).newPValue,
    ).toBeUndefined()
    expect(measureNew(pair([[0, 10]]))).toMatchObject({ newShare: 0, newPValue: undefined })
  })

  it('many values of one new category are certain, and many of the usual tail are not', () => {
    expect(
      measureNew(
        pair([
          [1e6, 1e6],
          [0, 3000],
        ]),
      ).newPValue,
    ).toBeLessThan(1e-12)
    const tail = Array.from({ length: 4000 }, (_, i): readonly [number, number] =>
      i % 2 === 0 ? [1, 0] : [0, 1],
    )
    expect(measureNew(pair([[1e4, 1e4], ...tail])).newPValue).toBeGreaterThan(0.3)
  })

  it('its p-values are no smaller than chance makes them where categories come in clusters', () => {
    const random = createRandom(31)
    const draw = (rows: number) => {
      const counts = new Float64Array(300)
      for (let i = 0; i < rows; i++) counts[random.below(300)]! += 1
      return counts
    }
    const runs = 400
    const pValues = Array.from({ length: runs }, () => {
      const reference = draw(500)
      const current = draw(600)
      return measureNew({ kind: 'categorical', categories: [], reference, current }).newPValue ?? 1
    })
    for (const level of [0.01, 0.05, 0.2]) {
      const found = pValues.filter((p) => p <= level).length / runs
      expect(found).toBeLessThan(level + 3 * Math.sqrt((level * (1 - level)) / runs))
    }
    expect(pValues.filter((p) => p <= 0.2).length).toBeGreaterThan(0)
  })
})
