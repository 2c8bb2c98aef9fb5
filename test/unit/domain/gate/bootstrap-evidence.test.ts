import { describe, expect, it } from '@jest/globals'
import { bootstrapEvidence } from '../../../../src/domain/gate/bootstrap-evidence.js'
import type { Question } from '../../../../src/domain/gate/evidence.js'
import { expectedCalibrationError } from '../../../../src/domain/metrics/expected-calibration-error.js'
import { f1 } from '../../../../src/domain/metrics/f1.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normal } from './gate-fixtures.js'

const data = { n: 2, labels: Float64Array.of(0, 1), classes: ['0', '1'], positive: 1 }
const question = (margin?: number): Question => ({
  metric: f1,
  options: {},
  pair: { candidate: data, baseline: undefined },
  of: 'candidate',
  level: 0.95,
  random: createRandom(1),
  margin,
})

/** How many resamples are drawn, and the interval, of a statistic that is normal with a deviation of 0.01. */
function drawnFor(margin: number | undefined, most = 1e6, seed = 3) {
  const random = createRandom(seed)
  let drawn = 0
  const { evidence } = bootstrapEvidence(question(margin), {
    values: { candidate: 0.5, baseline: undefined },
    estimate: 0.5,
    acceleration: 0,
    first: 1000,
    most,
    draw: (resamples) => {
      drawn += resamples
      return Float64Array.from({ length: resamples }, () => 0.5 + 0.01 * normal(random))
    },
  })
  return { drawn, interval: evidence!.interval }
}

describe('how long is resampled', () => {
  it('no longer than at first without a margin, or for a wide one', () => {
    expect(drawnFor(undefined).drawn).toBe(1000)
    expect(drawnFor(0).drawn).toBe(1000)
    expect(drawnFor(0.5).drawn).toBe(1000)
  })

  it("until the ends' error is under a tenth of the margin, which halves for four times as many", () => {
    const coarse = drawnFor(0.004).drawn
    const fine = drawnFor(0.002).drawn
    expect(coarse).toBeGreaterThan(1000)
    expect(fine / coarse).toBeGreaterThan(2)
    expect(fine / coarse).toBeLessThan(8)
    const lows = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => drawnFor(0.002, 1e6, seed).interval.low)
    const mean = lows.reduce((sum, low) => sum + low, 0) / lows.length
    const error = Math.sqrt(lows.reduce((sum, low) => sum + (low - mean) ** 2, 0) / 7)
    expect(error).toBeLessThan(0.002 / 10)
  })

  it('never beyond the cap', () => {
    expect(drawnFor(1e-6, 5000).drawn).toBe(5000)
  })
})

describe('a metric that noise adds to', () => {
  const biased = (bias: number) => {
    const random = createRandom(6)
    const { evidence } = bootstrapEvidence(
      { ...question(), metric: expectedCalibrationError },
      {
        values: { candidate: 0.1, baseline: undefined },
        estimate: 0.1,
        acceleration: 0,
        first: 4000,
        most: 4000,
        draw: (resamples) =>
          Float64Array.from({ length: resamples }, () => 0.1 + bias + 0.01 * normal(random)),
      },
    )
    return evidence!
  }

  it('has an interval from what it is without the bias to what it is with it', () => {
    const { interval, testAt } = biased(0.015)
    expect(interval.method).toBe('bootstrap-normal')
    expect(interval.low).toBeCloseTo(0.1 - 0.015 - 0.0196, 2)
    expect(interval.high).toBeCloseTo(0.1 + 0.0196, 2)
    expect(testAt(interval.low).pValue).toBeCloseTo(0.05, 6)
    expect(testAt(interval.high).pValue).toBeCloseTo(0.05, 6)
  })

  it("holds BCa's ends where they can be known", () => {
    expect(biased(0.001).interval.method).toBe('bootstrap-bca-normal')
  })
})
