import { describe, expect, it } from '@jest/globals'
import { bullet } from '../../../../src/report/drawings/bullet.js'

const drawn = (change: Partial<Parameters<typeof bullet>[0]> = {}) =>
  bullet({ value: 0.05, limit: 0.1, base: 0, ...change }, 'stable').html

/** Where the value's bar ends and the limit stands. */
function measured(svg: string): { readonly value: number; readonly limit: number } {
  const [, value] = /class="value [a-z]+" d="M0 9h([\d.]+)v/.exec(svg) ?? []
  const [, limit] = /class="limit" d="M([\d.]+) 1v/.exec(svg) ?? []
  return { value: Number(value), limit: Number(limit) }
}

describe('a bullet', () => {
  it('puts value and limit on one scale that begins where nothing differs', () => {
    const { value, limit } = measured(drawn())
    expect(value / limit).toBeCloseTo(0.5, 2)
    const area = measured(drawn({ value: 0.55, limit: 0.6, base: 0.5 }))
    expect(area.value / area.limit).toBeCloseTo(0.5, 2)
  })

  it('ends at the edge, with an arrow, where the value is off the scale, and only there', () => {
    expect(drawn({ value: 0.41 })).toContain('class="more"')
    expect(measured(drawn({ value: 5 })).value).toBe(240)
    expect(drawn({ value: 0.39 })).not.toContain('class="more"')
    expect(measured(drawn({ value: 0.39 })).value).toBeLessThan(240)
    expect(drawn({ value: 0.9, limit: 0.55, base: 0.5, most: 1 })).not.toContain('class="more"')
  })

  it('draws noise, what shows, and an interval only where they are known', () => {
    const bare = drawn()
    for (const part of ['noise', 'shows', 'whisker']) expect(bare).not.toContain(`class="${part}"`)
    const full = drawn({ noise: 0.02, detectable: 0.03, interval: { low: 0.04, high: 0.06 } })
    for (const part of ['noise', 'shows', 'whisker']) expect(full).toContain(`class="${part}"`)
  })

  it.each([
    { value: 0, limit: 0 },
    { value: 1, limit: 0 },
    { value: 1e300, limit: 1e-300 },
    { value: 0.3, limit: 0.5, base: 0.5 },
    { value: 0, limit: 0.1, detectable: 1e9, noise: 1e9 },
  ])('stays on its canvas for %j', (change) => {
    const svg = drawn(change)
    expect(svg).not.toMatch(/NaN|Infinity|e\+/)
    const { value, limit } = measured(svg)
    for (const x of [value, limit]) {
      expect(x).toBeGreaterThanOrEqual(0)
      expect(x).toBeLessThanOrEqual(240)
    }
  })
})
