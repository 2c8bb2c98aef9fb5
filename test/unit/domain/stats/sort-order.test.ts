import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { sortOrder } from '../../../../src/domain/stats/sort-order.js'

/** What a stable comparison sort says. */
function expected(values: Float64Array): number[] {
  return Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [values[a]!, values[b]!]
    if (x === y) return a - b
    return x < y ? -1 : 1
  })
}

describe('sortOrder', () => {
  it.each([0, 1, 7, 500, 4095, 4096, 20_000])('orders %i values as a stable sort does', (n) => {
    const random = createRandom(n)
    const special = [
      0,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      5e-324,
      -5e-324,
      1e308,
    ]
    const values = Float64Array.from({ length: n }, () => {
      const kind = random.below(4)
      if (kind === 0) return special[random.below(special.length)]!
      if (kind === 1) return Math.round(random.next() * 20) - 10
      return (random.next() - 0.5) * 10 ** (random.below(40) - 20)
    })
    expect(Array.from(sortOrder(values))).toEqual(expected(values))
  })

  it('leaves equal values in their order', () => {
    const values = new Float64Array(5000).fill(0.1)
    expect(Array.from(sortOrder(values))).toEqual(Array.from(values.keys()))
  })
})
