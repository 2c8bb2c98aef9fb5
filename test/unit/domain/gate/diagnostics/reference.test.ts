import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { diagnose } from '../../../../../src/domain/gate/diagnostics/diagnose.js'
import { wilsonInterval } from '../../../../../src/domain/stats/wilson.js'
import { classified, regression } from './fixtures.js'

/** test/reference/gate/diagnostics.py on census predictions: numpy 2.4.6, scikit-learn 1.9.1. */
const reference = JSON.parse(
  readFileSync(new URL('../../../../reference/gate/diagnostics.json', import.meta.url), 'utf8'),
)
const atHalf = (scores: readonly number[]) => scores.map((p) => (p >= 0.5 ? 1 : 0))
const { labels, candidate, baseline } = reference
const examples = classified({
  labels,
  scores: candidate,
  predictions: atHalf(candidate),
  baseline: { scores: baseline, predictions: atHalf(baseline) },
})

describe('diagnostics of real predictions', () => {
  const found = diagnose(examples)

  it.each(['candidate', 'baseline'] as const)(
    "give scikit-learn's calibration curve by quantiles, also with ties: %s",
    (model) => {
      const curve = found.calibration?.[model] ?? []
      const { observed, meanScore } = reference.calibration[model]
      expect(curve).toHaveLength(observed.length)
      curve.forEach((bin, i) => {
        expect(bin.observed).toBeCloseTo(observed[i], 13)
        expect(bin.meanScore).toBeCloseTo(meanScore[i], 13)
        expect({ low: bin.low, high: bin.high, level: 0.95, method: 'wilson' }).toEqual(
          wilsonInterval(Math.round(bin.observed * bin.n), bin.n, 0.95),
        )
      })
      expect(curve.reduce((sum, { n }) => sum + n, 0)).toBe(labels.length)
    },
  )

  it("give scikit-learn's confusion matrices", () => {
    expect(found.confusion).toEqual({ classes: ['no', 'yes'], ...reference.confusion })
  })

  it.each(['positive', 'negative'] as const)("count scores as numpy's histogram: %s", (side) => {
    expect(found.scores?.[side].candidate).toEqual(reference.scores.candidate[side])
    expect(found.scores?.[side].baseline).toEqual(reference.scores.baseline[side])
    expect(found.scores?.[side].edges).toEqual(Array.from({ length: 21 }, (_, i) => i / 20))
  })

  it("cut errors no wider than numpy's Freedman-Diaconis bins", () => {
    const { errors } = diagnose(
      regression({ labels, predictions: candidate, baseline: { predictions: baseline } }),
    )
    const edges = errors?.edges ?? []
    const width = (edges[1] ?? 0) - (edges[0] ?? 0)
    expect(width).toBeLessThanOrEqual(reference.freedmanDiaconisWidth * 1.001)
    expect(width).toBeGreaterThan(reference.freedmanDiaconisWidth * 0.9)
    expect(errors?.candidate.reduce((sum, count) => sum + count, 0)).toBe(labels.length)
    expect(errors?.baseline?.reduce((sum, count) => sum + count, 0)).toBe(labels.length)
  })
})
