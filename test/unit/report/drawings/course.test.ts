import { describe, expect, it } from '@jest/globals'
import { course } from '../../../../src/report/drawings/course.js'

const drawn = (values: readonly (number | null)[], limit = 0.1, base = 0) =>
  course(values, { limit, base, name: 'x' }).html
const line = (svg: string) => /class="c" d="([^"]*)"/.exec(svg)?.[1] ?? ''

describe('a course over time', () => {
  it('breaks where nothing was measured, and marks what stands alone and what is last', () => {
    const svg = drawn([0.1, null, 0.2, null, 0.1, 0.3])
    expect(line(svg).match(/M/g)).toHaveLength(3)
    expect(svg.match(/<circle/g)).toHaveLength(3)
    expect(drawn([0.1, 0.2]).match(/<circle/g)).toHaveLength(1)
    expect(drawn([0.1, 0.2, null])).not.toContain('<circle')
  })

  it('always has its limit on the canvas', () => {
    for (const [values, limit, base] of [
      [[0.01, 0.02], 0.1, 0],
      [[5, 9], 0.1, 0],
      [[0.5, 0.51], 0.6, 0.5],
      [[0, 0], 0, 0],
      [[], 0.1, 0],
    ] as const) {
      const svg = drawn(values, limit, base)
      const y = Number(/class="limit" d="M0 ([\d.]+)H/.exec(svg)?.[1])
      expect(y).toBeGreaterThanOrEqual(0)
      expect(y).toBeLessThanOrEqual(64)
      expect(svg).not.toMatch(/NaN|Infinity/)
    }
  })
})
