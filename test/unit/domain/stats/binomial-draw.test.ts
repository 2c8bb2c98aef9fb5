import { describe, expect, it } from '@jest/globals'
import { drawBinomial } from '../../../../src/domain/stats/binomial-draw.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { binomialPmf } from '../../../../src/domain/stats/special/binomial.js'

/** Pearson's chi-square of draws against the exact law, with rare values pooled, as a z score. */
function misfit(n: number, p: number, draws: number): number {
  const random = createRandom(n + Math.round(1000 * p))
  const counts = new Array<number>(n + 1).fill(0)
  for (let i = 0; i < draws; i++) counts[drawBinomial(n, p, random)]!++
  let chiSquare = 0
  let cells = 0
  let rest = { observed: 0, expected: 0 }
  const add = (observed: number, expected: number) => {
    chiSquare += (observed - expected) ** 2 / expected
    cells++
  }
  for (let k = 0; k <= n; k++) {
    const expected = draws * binomialPmf(k, n, p)
    if (expected >= 10) add(counts[k]!, expected)
    else rest = { observed: rest.observed + counts[k]!, expected: rest.expected + expected }
  }
  if (rest.expected > 1) add(rest.observed, rest.expected)
  return (chiSquare - (cells - 1)) / Math.sqrt(2 * Math.max(1, cells - 1))
}

describe('drawBinomial', () => {
  it.each([
    [1, 0.3],
    [12, 0.5],
    [19, 0.52],
    [25, 0.4],
    [40, 0.95],
    [200, 0.07],
    [1000, 0.3],
    [3000, 0.004],
  ])('draws from exactly the law Bin(%i, %d)', (n, p) => {
    expect(misfit(n, p, 60_000)).toBeLessThan(4)
  })

  it('has the moments of a very large law', () => {
    const random = createRandom(9)
    const [n, p, draws] = [1e9, 0.2, 4000]
    const deviation = Math.sqrt(n * p * (1 - p))
    let sum = 0
    let squares = 0
    for (let i = 0; i < draws; i++) {
      const z = (drawBinomial(n, p, random) - n * p) / deviation
      sum += z
      squares += z * z
    }
    expect(Math.abs(sum / draws)).toBeLessThan(4 / Math.sqrt(draws))
    expect(Math.abs(squares / draws - 1)).toBeLessThan(4 * Math.sqrt(2 / draws))
  })

  it('is certain where the law is', () => {
    const random = createRandom(1)
    expect(drawBinomial(0, 0.5, random)).toBe(0)
    expect(drawBinomial(7, 0, random)).toBe(0)
    expect(drawBinomial(7, 1, random)).toBe(7)
    expect(drawBinomial(7, 1 + 1e-12, random)).toBe(7)
  })
})
