import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { CategorySketch } from '../../../../../src/domain/stats/sketch/category-sketch.js'

const sketch = (bytes: number, seed = 1) =>
  new CategorySketch({ bytes, sample: 1000, random: createRandom(seed) })

describe('a sketch of categories', () => {
  it('counts exactly while the texts fit', () => {
    const found = sketch(1e6)
    found.add(
      [
        ['a', 3],
        ['b', 1],
      ],
      2,
    )
    found.add([['b', 4]], 0)
    expect(found.finish()).toEqual({
      rows: 10,
      missing: 2,
      categories: ['a', 'b'],
      counts: Float64Array.of(3, 5),
      isSample: false,
    })
  })

  it('draws rows where there are too many texts, those before the limit as likely as those behind it', () => {
    const found = sketch(50_000)
    for (let i = 0; i < 50; i++) {
      const texts = Array.from({ length: 100 }, (_, j): [string, number] => [`${i}-${j}`, 1])
      found.add([['often', 100], ...texts], 0)
    }
    const { rows, categories, counts, isSample } = found.finish()
    const drawn = counts.reduce((sum, count) => sum + count, 0)
    const often = counts[categories.indexOf('often')] ?? 0
    const early = categories.filter((text) => Number.parseInt(text, 10) < 25).length
    expect({ rows, drawn, isSample }).toEqual({ rows: 10_000, drawn: 1000, isSample: true })
    // Four standard deviations of a draw of 1,000 from 10,000.
    expect(Math.abs(often - 500)).toBeLessThan(60)
    expect(Math.abs(early - 250)).toBeLessThan(55)
  })

  it('of parts that were merged has the rows of both, counted or drawn', () => {
    const [counted, other, large] = [sketch(1e6, 1), sketch(1e6, 2), sketch(20_000, 3)]
    counted.add([['a', 1]], 1)
    other.add(
      [
        ['a', 2],
        ['b', 1],
      ],
      0,
    )
    counted.merge(other)
    expect(counted.finish()).toMatchObject({ rows: 5, missing: 1, categories: ['a', 'b'] })
    large.add(
      Array.from({ length: 5000 }, (_, i) => [`${i}`, 1] as const),
      0,
    )
    counted.merge(large)
    const { rows, counts, isSample } = counted.finish()
    expect({ rows, isSample }).toEqual({ rows: 5005, isSample: true })
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000)
  })
})
