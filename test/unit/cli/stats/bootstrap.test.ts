import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/bootstrap.js'
import { delongSingle } from '../../../../src/domain/stats/delong.js'
import { pairedMeanDifference } from '../../../../src/domain/stats/paired-mean.js'
import { createRandom } from '../../../../src/domain/stats/random.js'

const run = (given: unknown) => procedure.run(procedure.input.parse(given))

const random = createRandom(21)
const labels = Array.from({ length: 300 }, () => random.below(2))
const noisy = (share: number) => labels.map((label) => (random.next() < share ? 1 - label : label))
const predictions = noisy(0.15)
const other = noisy(0.2)
const scores = labels.map((label) => label * 0.4 + random.next() * 0.6)
const small = { resamples: 2000, seed: 3 }

describe('modelway stats bootstrap', () => {
  it('holds the estimate of a metric of counts, the same for the same seed', () => {
    const given = { metric: 'f1', labels, predictions, ...small }
    const answer = run(given)
    expect(answer).toMatchObject({ method: 'bca', degenerate: false, ...small })
    expect(answer.low).toBeLessThan(answer.estimate!)
    expect(answer.high).toBeGreaterThan(answer.estimate!)
    expect(run(given)).toEqual(answer)
    expect(run({ ...given, seed: 4 }).low).not.toBe(answer.low)
    expect(Object.keys(procedure.output)).toEqual(expect.arrayContaining(Object.keys(answer)))
  })

  it('turns its sign when the models are swapped, but for the luck of the draw', () => {
    const given = { metric: 'f1', labels, ...small, resamples: 20_000 }
    const answer = run({ ...given, predictions, baseline: { predictions: other } })
    const swapped = run({ ...given, predictions: other, baseline: { predictions } })
    expect(answer.difference).toBeCloseTo(-swapped.difference!, 14)
    expect(answer.low).toBeCloseTo(-swapped.high, 2)
    expect(answer).not.toHaveProperty('estimate')
  })

  it('finds no difference between equal models, and says that this measures nothing', () => {
    const answer = run({
      metric: 'matthews',
      labels,
      predictions,
      baseline: { predictions },
      ...small,
    })
    expect(answer).toMatchObject({ difference: 0, low: 0, high: 0, degenerate: true })
  })

  it("is near DeLong's interval for the area under the curve", () => {
    const answer = run({ metric: 'auc', labels, scores, ...small })
    const exact = delongSingle(labels, Float64Array.from(scores), 0.95)!
    expect(answer.estimate).toBeCloseTo(exact.auc, 12)
    expect(answer.low).toBeCloseTo(exact.low, 1)
    expect(Math.abs((answer.high - answer.low) / (exact.high - exact.low) - 1)).toBeLessThan(0.15)
  })

  it("is near Student's interval for a difference of mean errors in regression", () => {
    const truth = Array.from({ length: 200 }, () => random.next() * 10)
    const one = truth.map((y) => y + random.next() - 0.5)
    const two = truth.map((y) => y + 1.4 * (random.next() - 0.5))
    const given = { metric: 'mae', labels: truth, predictions: one, baseline: { predictions: two } }
    const answer = run({ ...given, ...small })
    const differences = truth.map((y, i) => Math.abs(one[i]! - y) - Math.abs(two[i]! - y))
    const exact = pairedMeanDifference(Float64Array.from(differences), 0.95)!
    expect(answer.difference).toBeCloseTo(exact.mean, 12)
    expect(Math.abs((answer.high - answer.low) / (exact.high - exact.low) - 1)).toBeLessThan(0.1)
  })

  it('resamples fairness gaps by group, and averages of several classes', () => {
    const groups = labels.map((_, i) => (i % 3 === 0 ? 'a' : 'b'))
    const gap = run({
      metric: 'demographic-parity-difference',
      labels,
      predictions,
      groups,
      ...small,
    })
    expect(gap.low).toBeLessThanOrEqual(gap.estimate!)
    const three = labels.map((label, i) => (i % 5 === 0 ? 'other' : `class ${label}`))
    const average = run({
      metric: 'recall',
      labels: three,
      predictions: three.toReversed(),
      average: 'macro',
      ...small,
    })
    expect(average.high).toBeGreaterThan(average.low)
  })

  it('takes weights: those of one change nothing but the draw, others the estimate', () => {
    const given = { metric: 'f1', labels, predictions, ...small }
    const plain = run(given)
    const ones = run({ ...given, weights: labels.map(() => 1) })
    expect(ones.estimate).toBeCloseTo(plain.estimate!, 12)
    expect(Math.abs((ones.high - ones.low) / (plain.high - plain.low) - 1)).toBeLessThan(0.1)
    const heavy = run({ ...given, weights: predictions.map((p) => (p === 1 ? 5 : 1)) })
    expect(heavy.estimate).not.toBeCloseTo(plain.estimate!, 2)
  })

  it('resamples clusters whole: four copies of each row are no more than one', () => {
    const four = <T>(list: readonly T[]) => [...list, ...list, ...list, ...list]
    const one = { metric: 'f1', labels, predictions, ...small }
    const copied = { ...one, labels: four(labels), predictions: four(predictions) }
    const clusters = four(labels.map((_, i) => `user ${i}`))
    const width = ({ low, high }: { low: number; high: number }) => high - low
    expect(width(run(one)) / width(run(copied))).toBeCloseTo(2, 0)
    expect(Math.abs(width(run({ ...copied, clusters })) / width(run(one)) - 1)).toBeLessThan(0.1)
  })

  it('gives the ratio where it is asked for', () => {
    const given = { metric: 'f1', labels, predictions, baseline: { predictions: other }, ...small }
    const answer = run({ ...given, contrast: 'ratio' })
    const difference = run(given)
    const baseline = run({ metric: 'f1', labels, predictions: other, ...small }).estimate!
    expect(answer.ratio).toBeCloseTo(1 + difference.difference! / baseline, 12)
    expect(answer).not.toHaveProperty('difference')
    expect(Object.keys(procedure.output)).toEqual(expect.arrayContaining(Object.keys(answer)))
  })

  it('takes a baseline on other examples, which then vary on their own', () => {
    const elsewhere = labels.slice(0, 150)
    const given = { metric: 'f1', labels, predictions, ...small }
    const baseline = { labels: elsewhere, predictions: other.slice(0, 150) }
    const answer = run({ ...given, baseline })
    const one = run(given)
    const two = run({ metric: 'f1', ...baseline, ...small })
    expect(answer.difference).toBeCloseTo(one.estimate! - two.estimate!, 12)
    const expected = Math.hypot(one.high - one.low, two.high - two.low)
    expect(Math.abs((answer.high - answer.low) / expected - 1)).toBeLessThan(0.1)
  })

  it('takes a score for each class', () => {
    const three = labels.map((label, i) => (i % 3 === 0 ? 2 : label))
    const classScores = three.map((label) =>
      [0, 1, 2].map((k) => random.next() + (k === label ? 0.5 : 0)),
    )
    const answer = run({
      metric: 'auc',
      labels: three,
      classScores,
      multiClass: 'one-vs-one',
      ...small,
    })
    expect(answer.low).toBeGreaterThan(0.5)
    expect(answer.high).toBeGreaterThan(answer.low)
  })

  it.each([
    [
      { metric: 'f1', labels: [0, 1], predictions: [0, 1], weights: [0, 0] },
      'MW-STATS-125: weights: are all 0',
    ],
    [
      {
        metric: 'auc',
        labels: [0, 1, 2],
        classScores: [
          [1, 2, 3],
          [1, 2],
          [1, 2, 3],
        ],
      },
      'MW-STATS-126: classScores: entry 2 has 2 scores, and there are 3 classes.',
    ],
    [
      {
        metric: 'f1',
        labels: [0, 1],
        predictions: [0, 1],
        baseline: { predictions: [1, 0] },
        contrast: 'ratio',
      },
      "MW-STATS-127: contrast: the baseline's value is 0",
    ],
    [
      { metric: 'f1', labels: [0, 1], predictions: [0, 1], clusters: [1] },
      'MW-STATS-121: clusters: has 1 entries',
    ],
    [
      {
        metric: 'f1',
        labels: [0, 1],
        predictions: [0, 1],
        baseline: { labels: [1], predictions: [1, 0] },
      },
      'MW-STATS-121: baseline.predictions: has 2 entries, and baseline.labels has 1',
    ],
    [{ metric: 'f2', labels, predictions }, 'MW-STATS-123: metric:'],
    [{ metric: 'column:x', labels, predictions }, 'MW-STATS-123: metric:'],
    [{ metric: 'f1', labels, predictions: [1] }, 'MW-STATS-121: predictions: has 1 entries'],
    [{ metric: 'mae', labels: ['a'], predictions: [1] }, 'MW-STATS-122: labels: entry 1'],
    [
      { metric: 'auc', labels: [1, 1], scores: [1, 2] },
      'MW-STATS-124: candidate: auc has no value',
    ],
    [
      { metric: 'f1', labels, predictions, baseline: { scores } },
      'MW-STATS-124: baseline: f1 has no value: it needs predictions',
    ],
  ])('refuses what it cannot resample: %#', (given, message) => {
    expect(() => run({ ...given, resamples: 100 })).toThrow(message)
  })
})
