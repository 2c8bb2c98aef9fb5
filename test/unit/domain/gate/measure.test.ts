import { describe, expect, it } from '@jest/globals'
import type { Question } from '../../../../src/domain/gate/evidence.js'
import { measure } from '../../../../src/domain/gate/measure.js'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { getMetric } from '../../../../src/domain/metrics/index.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { tangoInterval } from '../../../../src/domain/stats/tango.js'
import { twoModels } from './gate-fixtures.js'

interface Setting {
  readonly metric: string
  readonly of?: Question['of']
  readonly n?: number
}

const models = twoModels(400, createRandom(21), -0.6)
const toClass = (score: number) => (score > 0.5 ? 1 : 0)

function dataOf(scores: readonly number[], n: number): MetricData {
  const cut = <T>(values: readonly T[]) => values.slice(0, n)
  return {
    n,
    labels: Float64Array.from(cut(models.label)),
    classes: ['0', '1'],
    positive: 1,
    scores: Float64Array.from(cut(scores)),
    predictions: Float64Array.from(cut(scores), toClass),
    values: Float64Array.from(cut(scores)),
    groups: {
      codes: Int32Array.from(cut(models.group), (g) => (g === 'F' ? 0 : 1)),
      names: ['F', 'M'],
    },
  }
}

function asked({ metric, of = 'difference', n = 400 }: Setting, change: Partial<Question> = {}) {
  const known = getMetric(metric)
  if (known === undefined) throw new Error(metric)
  const pair = { candidate: dataOf(models.candidate, n), baseline: dataOf(models.baseline, n) }
  const options = {}
  const question = { metric: known, options, pair, of, level: 0.95, random: createRandom(5) }
  return measure({ ...question, ...change })
}

function evidenceOf(setting: Setting, change: Partial<Question> = {}) {
  const { evidence, reason } = asked(setting, change).finding
  if (evidence === undefined) throw new Error(reason)
  return evidence
}

describe('measure picks the interval and the test that fit the metric', () => {
  it.each([
    ['accuracy', 'difference', 'tango', 'mcnemar-mid-p'],
    ['accuracy', 'candidate', 'wilson', 'score'],
    ['auc', 'difference', 'delong', 'delong'],
    ['auc', 'candidate', 'delong-logit', 'delong-logit'],
    ['log-loss', 'difference', 'paired-t', 'paired-t'],
    ['brier', 'candidate', 't', 't'],
    ['column:x', 'difference', 'paired-t', 'paired-t'],
    ['f1', 'difference', 'bootstrap-bca-score', 'bootstrap-score'],
    ['precision', 'candidate', 'bootstrap-bca', 'bootstrap'],
    ['recall', 'candidate', 'wilson', 'score'],
    ['equalized-odds-difference', 'candidate', 'bootstrap-bca-normal', 'bootstrap-normal'],
    ['average-precision', 'difference', 'bootstrap-bca', 'bootstrap'],
    ['expected-calibration-error', 'candidate', 'bootstrap-normal', 'bootstrap-normal'],
  ] as const)('%s of the %s: %s and %s', (metric, of, method, test) => {
    const evidence = evidenceOf({ metric, of })
    expect(evidence.interval).toMatchObject({ of, method, level: 0.95 })
    expect(evidence.testAt(of === 'difference' ? 0 : 0.5).name).toBe(test)
  })

  it('judges recall as a share of the positive examples', () => {
    const data = (predictions: readonly number[]): MetricData => ({
      ...dataOf(models.candidate, 12),
      labels: Float64Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0),
      predictions: Float64Array.from(predictions),
    })
    // Of eight positives the candidate alone finds one, the baseline alone three; what else is predicted is no matter.
    const candidate = data([1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0])
    const baseline = data([1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1])
    const { interval, testAt } = evidenceOf({ metric: 'recall' }, { pair: { candidate, baseline } })
    const expected = tangoInterval({ candidateOnly: 1, baselineOnly: 3, n: 8, level: 0.95 })
    expect(interval).toMatchObject({ low: expected.low, high: expected.high, method: 'tango' })
    expect(testAt(0)).toMatchObject({ name: 'mcnemar-exact', pValue: 0.625 })
  })

  it('bootstraps recall that is averaged over classes', () => {
    const options = { average: 'macro' } as const
    expect(evidenceOf({ metric: 'recall' }, { options }).interval.method).toMatch(/^bootstrap-bca/)
  })

  it('takes the exact McNemar test under 25 discordant examples, and Tango away from 0', () => {
    expect(evidenceOf({ metric: 'accuracy', n: 60 }).testAt(0).name).toBe('mcnemar-exact')
    expect(evidenceOf({ metric: 'accuracy' }).testAt(-0.01).name).toBe('tango')
  })

  it('takes sign flips under 50 examples and under heavy tails', () => {
    expect(evidenceOf({ metric: 'log-loss', n: 40 }).testAt(0).name).toBe('sign-flip')
    const candidate = dataOf(models.candidate, 400)
    const values = candidate.values?.slice() ?? new Float64Array(400)
    values[0] = 1000
    const baseline = dataOf(models.baseline, 400)
    const pair = { candidate: { ...candidate, values }, baseline }
    expect(evidenceOf({ metric: 'column:x' }, { pair }).testAt(0).name).toBe('sign-flip')
  })

  it('bootstraps auc when a class has under 10 examples', () => {
    const labels = new Float64Array(400).fill(0)
    for (let i = 0; i < 6; i++) labels[i * 60] = 1
    const pair = {
      candidate: { ...dataOf(models.candidate, 400), labels },
      baseline: { ...dataOf(models.baseline, 400), labels },
    }
    expect(evidenceOf({ metric: 'auc' }, { pair }).interval.method).toBe('bootstrap-bca')
  })
})

describe('intervals and tests agree', () => {
  it.each([
    ['accuracy', 'difference', 1e-6],
    ['accuracy', 'candidate', 1e-6],
    ['auc', 'difference', 1e-6],
    ['auc', 'candidate', 1e-6],
    ['log-loss', 'difference', 1e-6],
    ['brier', 'candidate', 1e-6],
    ['f1', 'difference', 2e-3],
    ['matthews', 'candidate', 2e-3],
    ['expected-calibration-error', 'candidate', 2e-3],
    ['average-precision', 'difference', 2e-3],
  ] as const)('%s of the %s: p is 5%% at either end', (metric, of, tolerance) => {
    const { interval, testAt } = evidenceOf({ metric, of })
    for (const end of [interval.low, interval.high]) {
      expect(Math.abs(testAt(end).pValue - 0.05)).toBeLessThan(tolerance)
    }
    expect(testAt(interval.low).above).toBeCloseTo(0.025, 2)
    expect(testAt(interval.high).below).toBeCloseTo(0.025, 2)
  })

  it('at an end that is the least possible value, p is larger', () => {
    const { interval, testAt } = evidenceOf({
      metric: 'equal-opportunity-difference',
      of: 'candidate',
    })
    expect(interval.low).toBe(0)
    expect(testAt(0).pValue).toBeGreaterThan(0.05)
    expect(testAt(interval.high).pValue).toBeCloseTo(0.05, 2)
  })

  it('gives ever smaller p-values beyond the last resample, never 0 at a plain distance', () => {
    const { testAt } = evidenceOf({ metric: 'f1', of: 'candidate' })
    const near = testAt(0.3).pValue
    expect(near).toBeGreaterThan(0)
    expect(near).toBeLessThan(2 / 10_001)
    expect(testAt(0.2).pValue).toBeLessThan(near)
  })
})

describe('the bootstrap keeps fixed only what the metric conditions on', () => {
  it('gives precision the width that its predicted positives allow', () => {
    const { interval } = evidenceOf({ metric: 'precision', of: 'candidate' })
    const value = asked({ metric: 'precision', of: 'candidate' }).candidate ?? 0
    const predicted = models.candidate.filter((score) => toClass(score) === 1).length
    const wald = 2 * 1.96 * Math.sqrt((value * (1 - value)) / predicted)
    expect((interval.high - interval.low) / wald).toBeGreaterThan(0.93)
    expect((interval.high - interval.low) / wald).toBeLessThan(1.07)
  })
})

describe('very many rows', () => {
  const n = 100_001
  const random = createRandom(9)
  const labels = new Float64Array(n)
  const predictions = Float64Array.from({ length: n }, () => random.next() + random.next() - 1)
  const candidate: MetricData = { n, labels, classes: [], predictions }

  it('are resampled by their sums, with an interval of the right width', () => {
    const pair = { candidate, baseline: undefined }
    const { interval, testAt } = evidenceOf({ metric: 'rmse', of: 'candidate' }, { pair })
    const squares = predictions.map((value) => value * value)
    const mean = squares.reduce((sum, value) => sum + value, 0) / n
    const variance = squares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n
    // Delta method: the standard error of the root of a mean.
    const wide = (2 * 1.96 * Math.sqrt(variance / n)) / (2 * Math.sqrt(mean))
    expect(interval.method).toBe('bootstrap-bca')
    expect(Math.abs((interval.high - interval.low) / wide - 1)).toBeLessThan(0.1)
    expect(testAt(interval.high).pValue).toBeCloseTo(0.05, 2)
  })

  it('are judged by a block jackknife where the metric is no function of sums', () => {
    const draw = createRandom(11)
    const classes = Float64Array.from({ length: n }, () => draw.below(2))
    const scores = classes.map((label) => label + 2 * draw.next())
    const data: MetricData = { n, labels: classes, classes: ['0', '1'], positive: 1, scores }
    const pair = { candidate: data, baseline: undefined }
    const { interval, testAt } = evidenceOf(
      { metric: 'average-precision', of: 'candidate' },
      { pair },
    )
    expect(interval.method).toBe('block-jackknife')
    expect(interval.high - interval.low).toBeGreaterThan(0.002)
    expect(interval.high - interval.low).toBeLessThan(0.02)
    expect(testAt(interval.high).pValue).toBeCloseTo(0.05, 9)
  })

  it('show no difference of equal models', () => {
    const pair = { candidate, baseline: candidate }
    const { interval } = evidenceOf({ metric: 'rmse' }, { pair })
    expect(interval).toMatchObject({ low: 0, high: 0, method: 'identical' })
  })
})

describe('no variation among the examples is no certainty', () => {
  const perfect = (n: number): MetricData => {
    const data = dataOf(models.candidate, n)
    return { ...data, predictions: data.labels, scores: data.labels }
  }

  it.each(['auc', 'f1', 'recall', 'balanced-accuracy', 'matthews', 'average-precision'])(
    '%s of a perfect model has an interval below 1 that narrows with the examples',
    (metric) => {
      const low = (n: number) =>
        evidenceOf(
          { metric, of: 'candidate' },
          { pair: { candidate: perfect(n), baseline: undefined } },
        ).interval.low
      expect(low(60)).toBeLessThan(low(400))
      expect(low(400)).toBeLessThan(0.99)
      expect(low(400)).toBeGreaterThan(0.9)
    },
  )

  it.each(['accuracy', 'auc', 'f1', 'matthews', 'average-precision'])(
    '%s of equal models has an interval around 0 of positive width',
    (metric) => {
      const one = dataOf(models.candidate, 400)
      const { interval, testAt } = evidenceOf(
        { metric },
        { pair: { candidate: one, baseline: one } },
      )
      expect(interval.method).toBe('tango')
      expect(interval.low).toBeLessThan(0)
      expect(interval.high).toBeGreaterThan(0)
      expect(testAt(0).pValue).toBe(1)
    },
  )

  it('does not judge a few equal losses', () => {
    const one = dataOf(models.candidate, 20)
    const finding = asked(
      { metric: 'log-loss' },
      { pair: { candidate: one, baseline: one } },
    ).finding
    expect(finding.reason).toContain('all 20 examples give the same number')
  })

  it('compares a perfect ranking with its opposite by square-and-add', () => {
    const inverted = (data: MetricData) => ({
      ...data,
      scores: data.labels.map((code) => 1 - code),
    })
    const pair = { candidate: perfect(400), baseline: inverted(perfect(400)) }
    const { interval } = evidenceOf({ metric: 'auc' }, { pair })
    expect(interval.method).toBe('newcombe')
    expect(interval.low).toBeGreaterThan(0.9)
    expect(interval.low).toBeLessThan(1)
  })
})
