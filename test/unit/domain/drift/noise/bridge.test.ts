import { describe, expect, it } from '@jest/globals'
import { BRIDGE, bridgePaths } from '../../../../../src/domain/drift/noise/bridge.js'

/** Integrals over the paths of a function of the height, ascending. */
function areas(of: (height: number) => number): Float64Array {
  const { at, heights } = bridgePaths()
  const found = new Float64Array(BRIDGE.paths)
  for (let path = 0; path < BRIDGE.paths; path++) {
    let area = 0
    for (let i = 0; i < BRIDGE.points; i++) {
      const width = ((at[i + 1] ?? 1) - (at[i - 1] ?? 0)) / 2
      area += of(heights[path * BRIDGE.points + i] ?? 0) * width
    }
    found[path] = area
  }
  return found.sort()
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the paths are those of the Brownian bridge', () => {
  it('has the variance t (1 - t) at every share, within what 600 paths say', () => {
    const { at, heights } = bridgePaths()
    const ratios = Array.from(at, (share, i) => {
      let squares = 0
      for (let path = 0; path < BRIDGE.paths; path++)
        squares += (heights[path * BRIDGE.points + i] ?? 0) ** 2
      return squares / BRIDGE.paths / (share * (1 - share))
    })
    expect(Math.min(...ratios)).toBeGreaterThan(0.77)
    expect(Math.max(...ratios)).toBeLessThan(1.23)
    expect(mean(Float64Array.from(ratios))).toBeCloseTo(1, 1)
  })

  it('has the area sqrt(pi / 32) between it and zero on average', () => {
    expect(mean(areas(Math.abs)) / Math.sqrt(Math.PI / 32)).toBeCloseTo(1, 1)
  })

  it.each([
    [0.9, 0.3473],
    [0.95, 0.46136],
    [0.99, 0.74346],
  ])(
    'has the %d quantile of Anderson and Darling (1952) of its squares, within 6%%',
    (share, expected) => {
      const squares = areas((height) => height * height)
      const found = squares[Math.ceil(share * BRIDGE.paths) - 1] ?? Number.NaN
      expect(Math.abs(Math.log(found / expected))).toBeLessThan(0.06)
    },
  )
})
