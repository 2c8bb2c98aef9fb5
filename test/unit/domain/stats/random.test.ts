import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../src/domain/stats/random.js'

describe('createRandom', () => {
  it('gives the same stream for a seed, for ever', () => {
    const random = createRandom(7)
    const stream = [random.next(), random.below(1000), random.below(3_000_000), random.next()]
    expect(stream).toEqual([0.2338277214186818, 448, 2681064, 0.47353123510786477])
  })

  it('gives different streams to seeds that differ in any of 53 bits or the sign', () => {
    const seeds = [0, 1, 2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER, -1]
    const firsts = seeds.map((seed) => createRandom(seed).next())
    expect(new Set(firsts).size).toBe(seeds.length)
  })

  it('is uniform: mean, variance and serial correlation of 100,000 numbers', () => {
    const random = createRandom(11)
    const n = 100_000
    let sum = 0
    let squares = 0
    let products = 0
    let previous = 0
    for (let i = 0; i < n; i++) {
      const x = random.next() - 0.5
      sum += x
      squares += x * x
      products += x * previous
      previous = x
    }
    expect(Math.abs(sum / n)).toBeLessThan(4 * Math.sqrt(1 / 12 / n))
    expect(Math.abs(squares / n - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n))
    expect(Math.abs(products / n)).toBeLessThan(4 / 12 / Math.sqrt(n))
  })

  it.each([1, 3, 10, 256])('draws each of %i whole numbers equally often', (n) => {
    const random = createRandom(n)
    const counts = new Array<number>(n).fill(0)
    const draws = 40_000
    for (let i = 0; i < draws; i++) counts[random.below(n)]!++
    let chiSquare = 0
    for (const count of counts) chiSquare += (count - draws / n) ** 2 / (draws / n)
    expect(chiSquare).toBeLessThanOrEqual(n - 1 + 5 * Math.sqrt(2 * (n - 1)))
  })

  it('keeps large bounds unbiased: two thirds of 2^53 fills both halves equally', () => {
    const random = createRandom(5)
    const bound = Math.floor((2 ** 53 / 3) * 2)
    let lower = 0
    for (let i = 0; i < 20_000; i++) if (random.below(bound) < bound / 2) lower++
    expect(Math.abs(lower - 10_000)).toBeLessThan(4 * Math.sqrt(5000))
  })

  it('refuses bounds and seeds that mean nothing', () => {
    const random = createRandom(1)
    for (const bound of [0, -1, 1.5, Number.NaN, 2 ** 54]) {
      expect(() => random.below(bound)).toThrow(RangeError)
    }
    expect(() => createRandom(Number.NaN)).toThrow(RangeError)
  })
})
