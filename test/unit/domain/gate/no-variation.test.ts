import { describe, expect, it } from '@jest/globals'
import type { Question } from '../../../../src/domain/gate/evidence.js'
import { measure } from '../../../../src/domain/gate/measure.js'
import { foldEvidence } from '../../../../src/domain/gate/points/fold-evidence.js'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { getMetric } from '../../../../src/domain/metrics/index.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { tangoInterval } from '../../../../src/domain/stats/tango.js'
import { wilsonInterval } from '../../../../src/domain/stats/wilson.js'

const N = 400

/** A model that errs nowhere, and ranks all positives above all negatives. */
function perfect(change: Partial<MetricData> = {}): MetricData {
  const labels = Float64Array.from({ length: N }, (_, i) => i % 2)
  const base = { n: N, labels, classes: ['0', '1'], positive: 1 }
  return { ...base, predictions: labels, scores: labels, ...change }
}

function asked(metric: string, question: Partial<Question> & Pick<Question, 'pair'>) {
  const known = getMetric(metric)
  if (known === undefined) throw new Error(metric)
  const random = createRandom(5)
  return measure({ metric: known, options: {}, of: 'candidate', level: 0.95, random, ...question })
    .finding
}

function interval(metric: string, question: Partial<Question> & Pick<Question, 'pair'>) {
  const { evidence, reason } = asked(metric, question)
  if (evidence === undefined) throw new Error(reason)
  return evidence.interval
}

/** Rows in so many clusters of equal size, each with both classes. */
const clustersOf = (count: number) => Int32Array.from({ length: N }, (_, i) => (i >> 1) % count)

describe('examples that show no variation count as often as they are independent', () => {
  it.each(['auc', 'f1', 'average-precision'])('%s of 25 clusters as 25', (metric) => {
    const candidate = perfect({ clusters: clustersOf(25) })
    const { low } = interval(metric, { pair: { candidate, baseline: undefined } })
    const wilson = wilsonInterval(25, 25, 0.95)
    const [least] = getMetric(metric)?.range ?? []
    expect(least).toBe(0)
    expect(low).toBeCloseTo(wilson?.low ?? 0, 12)
  })

  it('accuracy of examples of which five have weight, as five', () => {
    const weights = Float64Array.from({ length: N }, (_, i) => (i < 5 ? 1 : 0))
    const candidate = perfect({ weights })
    const { low } = interval('accuracy', { pair: { candidate, baseline: undefined } })
    expect(low).toBeCloseTo(wilsonInterval(5, 5, 0.95)?.low ?? 0, 12)
  })

  it.each(['accuracy', 'f1', 'auc', 'brier'])(
    '%s where one weight outweighs all others not at all',
    (metric) => {
      const weights = Float64Array.from({ length: N }, (_, i) => (i === 0 ? 5000 : 1))
      const labels = Float64Array.from({ length: N }, (_, i) => i % 2)
      const guesses = labels.map((label, i) => (i % 5 === 3 ? 1 - label : label))
      const candidate = perfect({ weights, predictions: guesses, scores: guesses })
      const { reason } = asked(metric, { pair: { candidate, baseline: undefined } })
      expect(reason).toContain('its 400 weighted examples say no more than 2 would')
    },
  )

  it('and one cluster that outweighs the others as little more than itself', () => {
    const clusters = Int32Array.from({ length: N }, (_, i) => (i < 370 ? 0 : i - 369))
    const pair = { candidate: perfect({ clusters }), baseline: undefined }
    expect(interval('accuracy', { pair }).low).toBeLessThan(0.3)
  })

  it('a share of the baseline of equal weighted models is as uncertain as the difference', () => {
    const one = perfect({ weights: new Float64Array(N).fill(2) })
    const { low, high } = interval('accuracy', {
      pair: { candidate: one, baseline: one },
      of: 'ratio',
    })
    const tango = tangoInterval({ candidateOnly: 0, baselineOnly: 0, n: N, level: 0.95 })
    expect(low).toBeCloseTo(1 + tango.low, 12)
    expect(high).toBeCloseTo(1 + tango.high, 12)
  })

  it('equal unpaired weighted models are not sure to be equal', () => {
    const one = perfect({ weights: new Float64Array(N).fill(2) })
    const pair = { candidate: one, baseline: one, unpaired: true }
    const found = interval('accuracy', { pair, of: 'difference', unpaired: true })
    expect(found.low).toBeLessThan(-0.005)
    expect(found.high).toBeGreaterThan(0.005)
  })

  it('a weighted model that is wrong wherever the baseline is right is surely worse', () => {
    const weights = new Float64Array(N).fill(2)
    const baseline = perfect({ weights })
    const candidate = { ...baseline, predictions: baseline.labels.map((label) => 1 - label) }
    const pair = { candidate, baseline }
    expect(interval('accuracy', { pair, of: 'difference' }).high).toBeLessThan(-0.95)
  })
})

describe('units whose bounded numbers are all equal', () => {
  const units = (value: number): MetricData =>
    perfect({ values: new Float64Array(N).fill(value), classes: [] })

  it('are no certainty: a win rate of ties alone has an interval', () => {
    const pair = { candidate: units(0.5), baseline: undefined }
    const { low, high } = interval('win-rate', { pair })
    const wilson = wilsonInterval(N / 2, N, 0.95)
    expect(low).toBeCloseTo(wilson?.low ?? 0, 12)
    expect(high).toBeCloseTo(wilson?.high ?? 0, 12)
  })

  it.each(['difference', 'ratio'] as const)('nor is their %s of equal models', (of) => {
    const pair = { candidate: units(0.5), baseline: units(0.5) }
    const { low, high } = interval('ndcg', { pair, of })
    expect(low).toBeLessThan(of === 'ratio' ? 0.99 : -0.005)
    expect(high).toBeGreaterThan(of === 'ratio' ? 1.01 : 0.005)
  })
})

describe('folds that all give the same number', () => {
  it.each(['corrected-t', 'five-by-two'] as const)('cannot be judged by %s', (scheme) => {
    const question = {
      of: 'difference',
      folds: { scheme, 'test-share': 0.2 },
      level: 0.95,
    } as const
    const candidate = [0.8, 0.81, 0.82, 0.8, 0.8, 0.81, 0.82, 0.8, 0.8, 0.81]
    const baseline = candidate.map((value) => value - 0.01)
    const { evidence, reason } = foldEvidence({ ...question, candidate, baseline })
    expect(evidence).toBeUndefined()
    expect(reason).toBe('all 10 folds give the same number, which shows no variation')
  })
})
