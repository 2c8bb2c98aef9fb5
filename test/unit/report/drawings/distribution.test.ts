import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  categoryDistribution,
  cycleDistribution,
  numericDistribution,
} from '../../../../src/report/drawings/distribution.js'

/** The heights above the axis of a stepped line's places. */
function heights(svg: string, part: 'r' | 'c'): readonly number[] {
  const [, path = ''] = new RegExp(`class="${part}" d="([^"]+)"`).exec(svg) ?? []
  return [...path.matchAll(/V([\d.]+)H/g)].map(([, y]) => 140 - Number(y))
}

const texts = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text = '']) =>
    text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))),
  )

describe('a histogram of numbers', () => {
  const drawn = (reference: readonly number[], current: readonly number[]) => {
    const edges = Array.from({ length: reference.length + 1 }, (_, i) => i * 10)
    return numericDistribution({ edges, reference, current }, 'ages').html
  }

  it('has heights in proportion to the shares, the highest of both at the top', () => {
    const svg = drawn([0.2, 0.4, 0.4], [0.8, 0.2, 0])
    expect(heights(svg, 'c')).toEqual([118, 29.5, 0])
    expect(heights(svg, 'r')).toEqual([29.5, 59, 59])
    expect(texts(svg)).toEqual(['80%', '0', '20', '30'])
  })

  it('stays on its canvas whatever the shares are', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(share, share), { minLength: 1, maxLength: 30 }), (pairs) => {
        const svg = drawn(
          pairs.map(([one]) => one),
          pairs.map(([, other]) => other),
        )
        expect(svg).not.toMatch(/NaN|Infinity|e-/)
        for (const height of [...heights(svg, 'r'), ...heights(svg, 'c')]) {
          expect(height).toBeGreaterThanOrEqual(0)
          expect(height).toBeLessThanOrEqual(118)
        }
      }),
      { numRuns: 100, seed: 5 },
    )
  })
})

describe('bars of categories', () => {
  const bars = (names: readonly string[], others = 0) =>
    categoryDistribution(
      {
        categories: names,
        reference: names.map((_, i) => 0.5 / (i + 1)),
        current: names.map(() => 0.1),
        others: { reference: 0.01 * others, current: 0.02 * others },
        otherCount: others,
      },
      4,
      'cities',
    ).html

  it('show the largest and the rest together', () => {
    expect(texts(bars(['a', 'b', 'c', 'd']))).toHaveLength(8)
    const shown = texts(bars(['a', 'b', 'c', 'd', 'e'], 2))
    expect(shown).toEqual([
      'a',
      '50% → 10%',
      'b',
      '25% → 10%',
      'c',
      '16.7% → 10%',
      '4 others',
      '24.5% → 24%',
    ])
  })

  it('name what has no name, and cut what is long', () => {
    expect(texts(bars(['', 'a name that goes on and on']))).toEqual([
      '(empty)',
      '50% → 10%',
      'a name that goe…',
      '25% → 10%',
    ])
  })
})

describe('a cycle', () => {
  it('keeps its own order, with at most twelve names', () => {
    const hours = Array.from({ length: 24 }, (_, i) => String(i))
    const shares = hours.map((_, i) => i / 276)
    const svg = cycleDistribution(
      { categories: hours, reference: shares, current: shares },
      'hours',
    ).html
    expect(texts(svg).slice(1)).toEqual(hours.filter((_, i) => i % 2 === 0))
    expect(heights(svg, 'c')).toEqual([...heights(svg, 'c')].sort((a, b) => a - b))
  })
})
