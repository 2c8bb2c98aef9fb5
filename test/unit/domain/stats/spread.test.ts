import { describe, expect, it } from '@jest/globals'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { deviationOf, normalisedWasserstein } from '../../../../src/domain/stats/wasserstein.js'
import { welchTest } from '../../../../src/domain/stats/welch-t-test.js'

const random = createRandom(7)
/** Eighths, so that adding 1e15 to them rounds nothing. */
const whole = (count: number, shift: number) =>
  Float64Array.from({ length: count }, () => Math.floor(64 * random.next()) / 8 + shift).sort()
const moved = (values: Float64Array, by: number) => values.map((value) => value + by)
const times = (values: Float64Array, by: number) => values.map((value) => value * by)

const a = whole(50_000, 0)
const b = whole(40_000, 0.25)
const near = (found: number | undefined, wanted: number | undefined) =>
  Math.abs((found ?? Number.NaN) / (wanted ?? Number.NaN) - 1)

describe('values far from zero keep what tells them apart', () => {
  it('their standard deviation is that of the same values around zero', () => {
    for (const by of [1e9, 1e12, 2 ** 49]) {
      expect(near(deviationOf(moved(a, by)), deviationOf(a))).toBeLessThan(1e-12)
    }
  })

  it('so is what Welch says of two such samples', () => {
    const usual = welchTest(a, b)
    const far = welchTest(moved(a, 2 ** 49), moved(b, 2 ** 49))
    expect(near(far?.statistic, usual?.statistic)).toBeLessThan(1e-11)
    expect(near(far?.degreesOfFreedom, usual?.degreesOfFreedom)).toBeLessThan(1e-11)
  })
})

describe('values of any size have a distance in standard deviations', () => {
  it.each([2 ** 665, 2 ** -600, 2 ** 1000, 2 ** -1020])('of size %d', (scale) => {
    const usual = normalisedWasserstein(a, b)
    expect(near(normalisedWasserstein(times(a, scale), times(b, scale)), usual)).toBeLessThan(1e-9)
  })

  it('from a constant too', () => {
    const constant = new Float64Array(100).fill(1)
    const usual = normalisedWasserstein(constant, b)
    const scale = 2 ** 700
    const found = normalisedWasserstein(times(constant, scale), times(b, scale))
    expect(near(found, usual)).toBeLessThan(1e-12)
  })
})
