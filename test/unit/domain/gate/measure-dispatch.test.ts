import { describe, expect, it } from '@jest/globals'
import type { Question } from '../../../../src/domain/gate/evidence.js'
import { measure } from '../../../../src/domain/gate/measure.js'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { getMetric } from '../../../../src/domain/metrics/index.js'
import { clusterSignFlip } from '../../../../src/domain/stats/cluster-sign-flip.js'
import { clusteredMean } from '../../../../src/domain/stats/clustered-mean.js'
import { delongPaired, delongRatio, delongUnpaired } from '../../../../src/domain/stats/delong.js'
import { miettinenNurminenInterval } from '../../../../src/domain/stats/miettinen-nurminen.js'
import { multiClassAuc } from '../../../../src/domain/stats/multi-class-auc.js'
import { pairedRatioInterval } from '../../../../src/domain/stats/paired-ratio.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { ratioOfMeans, ratioOfMeansUnpaired } from '../../../../src/domain/stats/ratio-of-means.js'
import { tangoInterval } from '../../../../src/domain/stats/tango.js'
import { unpairedRatioInterval } from '../../../../src/domain/stats/unpaired-ratio.js'
import { welchDifference } from '../../../../src/domain/stats/welch.js'
import { twoModels } from './gate-fixtures.js'

const N = 300
const models = twoModels(N, createRandom(31), -0.5)
const others = twoModels(240, createRandom(32))
const labelsOf = (from: typeof models) => Float64Array.from(from.label)
const cut = (score: number) => (score > 0.5 ? 1 : 0)

function dataOf(from: typeof models, scores: readonly number[]): MetricData {
  return {
    n: scores.length,
    labels: labelsOf(from),
    classes: ['0', '1'],
    positive: 1,
    scores: Float64Array.from(scores),
    predictions: Float64Array.from(scores, cut),
    values: Float64Array.from(scores),
  }
}

const candidate = dataOf(models, models.candidate)
const baseline = dataOf(models, models.baseline)
const elsewhere = dataOf(others, others.baseline)
const hitsOf = (data: MetricData) =>
  data.labels.map((label, i) => (label === data.predictions?.[i] ? 1 : 0))
const lossesOf = (data: MetricData) =>
  data.labels.map((label, i) => (label - (data.scores?.[i] ?? 0)) ** 2)
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)

function asked(metric: string, change: Partial<Question> = {}) {
  const known = getMetric(metric)
  if (known === undefined) throw new Error(metric)
  return measure({
    metric: known,
    options: {},
    pair: { candidate, baseline },
    of: 'difference',
    level: 0.95,
    random: createRandom(5),
    ...change,
  })
}

function found(metric: string, change: Partial<Question> = {}) {
  const { evidence, reason } = asked(metric, change).finding
  if (evidence === undefined) throw new Error(reason)
  return evidence
}

const ends = ({ low, high }: { readonly low: number; readonly high: number }) => ({
  low: expect.closeTo(low, 9),
  high: expect.closeTo(high, 9),
})
const width = (metric: string, change: Partial<Question>) => {
  const { low, high } = found(metric, change).interval
  return high - low
}

const unpaired = { pair: { candidate, baseline: elsewhere }, unpaired: true } as const
const both = (change: Partial<MetricData>) => ({
  pair: { candidate: { ...candidate, ...change }, baseline: { ...baseline, ...change } },
})
const ones = new Float64Array(N).fill(1)
const single = Int32Array.from({ length: N }, (_, i) => (i * 7) % N)

describe('shares of examples', () => {
  const mine = hitsOf(candidate)
  const theirs = hitsOf(baseline)
  const table = {
    both: sum(mine.map((hit, i) => hit * (theirs[i] ?? 0))),
    candidateOnly: sum(mine.map((hit, i) => hit * (1 - (theirs[i] ?? 0)))),
    baselineOnly: sum(theirs.map((hit, i) => hit * (1 - (mine[i] ?? 0)))),
    n: N,
  }
  const independent = {
    candidateSuccesses: sum(mine),
    candidateTotal: N,
    baselineSuccesses: sum(hitsOf(elsewhere)),
    baselineTotal: 240,
  }

  it('their ratio is judged by the paired score interval, and by McNemar at 1', () => {
    const { interval, testAt } = found('accuracy', { of: 'ratio' })
    const expected = pairedRatioInterval({ ...table, level: 0.95 })!
    expect(interval).toMatchObject({ of: 'ratio', method: expected.method, ...ends(expected) })
    expect(testAt(interval.low).pValue).toBeCloseTo(0.05, 6)
    expect(testAt(1).name).toMatch(/^mcnemar/)
    expect(testAt(1).pValue).toBe(found('accuracy').testAt(0).pValue)
  })

  it('unpaired they are compared by Miettinen and Nurminen, difference and ratio', () => {
    const difference = found('accuracy', unpaired)
    expect(difference.interval).toMatchObject(ends(miettinenNurminenInterval(independent, 0.95)!))
    expect(difference.testAt(difference.interval.high).pValue).toBeCloseTo(0.05, 6)
    const ratio = found('accuracy', { ...unpaired, of: 'ratio' })
    expect(ratio.interval).toMatchObject(ends(unpairedRatioInterval(independent, 0.95)!))
    expect(ratio.testAt(ratio.interval.low).pValue).toBeCloseTo(0.05, 6)
    expect(ratio.testAt(-1)).toMatchObject({ above: 0, below: 1 })
  })

  it('any numbers that are all 0 or 1 are such shares', () => {
    const pair = {
      candidate: { ...candidate, values: mine },
      baseline: { ...baseline, values: theirs },
    }
    const { interval, testAt } = found('column:right', { pair })
    expect(interval).toMatchObject({
      method: 'tango',
      ...ends(tangoInterval({ ...table, level: 0.95 })),
    })
    expect(testAt(0).name).toMatch(/^mcnemar/)
    expect(found('column:right', { pair, of: 'candidate' }).interval.method).toBe('wilson')
    const third = { ...pair, baseline }
    expect(found('column:right', { pair: third }).interval.method).toBe('paired-t')
  })

  it('with weights or clusters they are means with linearised variance', () => {
    const clusters = Int32Array.from({ length: N }, (_, i) => i % 60)
    const weights = Float64Array.from({ length: N }, (_, i) => 1 + (i % 3))
    const values = mine.map((hit, i) => hit - (theirs[i] ?? 0))
    const expected = clusteredMean({ values, weights, clusters, level: 0.95 })!
    const { interval, testAt } = found('accuracy', both({ weights, clusters }))
    expect(interval).toMatchObject({ method: 'clustered-t', ...ends(expected) })
    expect(testAt(0).name).toBe('clustered-t')
    expect(found('accuracy', both({ weights })).interval.method).toBe('linearised-t')
  })

  it('without variation they have an interval of positive width also with clusters', () => {
    const right = { ...candidate, predictions: candidate.labels, clusters: single }
    const pair = { candidate: right, baseline: right }
    expect(width('accuracy', { pair })).toBeGreaterThan(0)
    expect(width('accuracy', { pair, of: 'candidate' })).toBeGreaterThan(0)
  })
})

describe('means', () => {
  const mine = lossesOf(candidate)
  const theirs = lossesOf(baseline)

  it('are compared by Welch where they are unpaired, and by Fieller as a ratio', () => {
    const one = { values: mine }
    const other = { values: lossesOf(elsewhere) }
    const level = 0.95
    expect(found('brier', unpaired).interval).toMatchObject({
      method: 'welch',
      ...ends(welchDifference({ candidate: one, baseline: other, level })!),
    })
    expect(found('brier', { of: 'ratio' }).interval).toMatchObject({
      method: 'fieller',
      ...ends(ratioOfMeans({ candidate: mine, baseline: theirs, level })!),
    })
    expect(found('brier', { ...unpaired, of: 'ratio' }).interval).toMatchObject({
      method: 'fieller',
      ...ends(ratioOfMeansUnpaired({ candidate: one, baseline: other, level })!),
    })
    const { interval, testAt } = found('brier', { of: 'ratio' })
    expect(testAt(interval.high).below).toBeCloseTo(0.025, 6)
  })

  it('have no ratio to a baseline that may be 0', () => {
    const values = theirs.map((_, i) => (i % 2 === 0 ? 1 : -1.01))
    const pair = { candidate: { ...candidate, values: mine }, baseline: { ...baseline, values } }
    const { evidence, reason } = asked('column:x', { pair, of: 'ratio' }).finding
    expect(evidence).toBeUndefined()
    expect(reason).toContain('may well be 0')
  })

  it('of few clusters are tested by flipping whole clusters', () => {
    const clusters = Int32Array.from({ length: N }, (_, i) => i % 12)
    const values = mine.map((loss, i) => loss - (theirs[i] ?? 0))
    const test = found('brier', both({ clusters })).testAt(0)
    const expected = clusterSignFlip({ values, clusters, boundary: 0 })!
    expect(test).toMatchObject({ name: 'cluster-sign-flip', pValue: expected.pValue })
    const many = Int32Array.from({ length: N }, (_, i) => i % 40)
    expect(found('brier', both({ clusters: many })).testAt(0).name).toBe('clustered-t')
  })

  it('with weights of one are those without, and so are clusters of one', () => {
    const plain = found('brier').interval
    expect(found('brier', both({ weights: ones })).interval).toMatchObject(ends(plain))
    expect(found('brier', both({ clusters: single })).interval).toMatchObject(ends(plain))
  })

  it('of rows that are all there twice are as sure as of single ones, as clusters of two', () => {
    const twice = (values: Float64Array) => Float64Array.from([...values, ...values])
    const clusters = Int32Array.from({ length: 2 * N }, (_, i) => i % N)
    const doubled = (data: MetricData): MetricData => ({
      ...data,
      n: 2 * N,
      labels: twice(data.labels),
      scores: twice(data.scores!),
      clusters,
    })
    const pair = { candidate: doubled(candidate), baseline: doubled(baseline) }
    expect(found('brier', { pair }).interval).toMatchObject(ends(found('brier').interval))
  })
})

describe('areas under the curve', () => {
  const labels = labelsOf(models)
  const paired = delongPaired(labels, candidate.scores!, baseline.scores!, 0.95)!

  it('are compared by DeLong, also unpaired and as a ratio', () => {
    const independent = delongUnpaired({
      labels,
      scores: candidate.scores!,
      baselineLabels: elsewhere.labels,
      baselineScores: elsewhere.scores!,
      level: 0.95,
    })!
    expect(found('auc').interval).toMatchObject({ method: 'delong', ...ends(paired) })
    expect(found('auc', unpaired).interval).toMatchObject({
      method: 'delong',
      ...ends(independent),
    })
    const ratio = found('auc', { of: 'ratio' })
    expect(ratio.interval).toMatchObject(ends(delongRatio(paired, 0.95)!))
    expect(ratio.testAt(ratio.interval.low).pValue).toBeCloseTo(0.05, 6)
    expect(found('auc', { ...unpaired, of: 'ratio' }).interval).toMatchObject(
      ends(delongRatio(independent, 0.95)!),
    )
  })

  it('of several classes have DeLong-like intervals', () => {
    const random = createRandom(4)
    const codes = Float64Array.from({ length: N }, () => random.below(3))
    const classScores = [0, 1, 2].map((k) =>
      codes.map((code) => random.next() + (code === k ? 0.4 : 0)),
    )
    const data: MetricData = { n: N, labels: codes, classes: ['a', 'b', 'c'], classScores }
    const pair = { candidate: data, baseline: undefined }
    const expected = multiClassAuc({
      labels: codes,
      scores: classScores,
      method: 'one-vs-rest',
      level: 0.95,
    })!
    const { interval } = found('auc', { pair, of: 'candidate' })
    // DeLong's standard error, on the scale of log-odds.
    const { auc, standardError } = expected
    const half = (1.959963984540054 * standardError) / (auc * (1 - auc))
    const at = (shift: number) => 1 / (1 + ((1 - auc) / auc) * Math.exp(-shift))
    const onLogit = { low: at(-half), high: at(half) }
    expect(interval).toMatchObject({ method: 'delong-logit', ...ends(onLogit) })
    expect(asked('auc', { pair, of: 'candidate' }).candidate).toBeCloseTo(expected.auc, 12)
  })

  it('of fewer than 20 clusters have no interval, and say so', () => {
    const clusters = Int32Array.from({ length: N }, (_, i) => i % 19)
    expect(asked('auc', both({ clusters })).finding).toEqual({
      reason: 'its 19 clusters are too few to resample: it needs 20',
    })
  })

  it('with weights or clusters are resampled, near DeLong where these say nothing', () => {
    for (const change of [both({ weights: ones }), both({ clusters: single })]) {
      const { interval } = found('auc', change)
      expect(interval.method).toBe('bootstrap-bca')
      expect((interval.high - interval.low) / (paired.high - paired.low)).toBeCloseTo(1, 0)
    }
  })

  it('with a perfect model against a good one have an interval', () => {
    const pair = { candidate: { ...candidate, scores: labels }, baseline }
    const { low, high } = found('auc', { pair }).interval
    expect(low).toBeGreaterThan(0)
    expect(high).toBeLessThan(1)
  })
})

describe('what is resampled', () => {
  it.each(['accuracy', 'brier', 'auc', 'recall'])('%s by BCa where a rule says so', (metric) => {
    const own = found(metric).interval
    const { interval } = found(metric, { method: 'bootstrap' })
    expect(interval.method).toMatch(/^bootstrap-bca/)
    expect((interval.high - interval.low) / (own.high - own.low)).toBeCloseTo(1, 0)
  })

  it.each(['f1', 'average-precision', 'expected-calibration-error'])(
    '%s: its ratio is near the difference over the baseline',
    (metric) => {
      const { interval, testAt } = found(metric, { of: 'ratio' })
      const difference = found(metric).interval
      const base = asked(metric).baseline ?? 1
      expect(interval.of).toBe('ratio')
      expect(
        ((interval.high - interval.low) * base) / (difference.high - difference.low),
      ).toBeCloseTo(1, 0)
      expect(testAt(interval.low).above).toBeCloseTo(0.025, 2)
    },
  )

  it.each(['f1', 'average-precision'])('%s: unpaired models vary on their own', (metric) => {
    const { interval } = found(metric, unpaired)
    const mine = found(metric, { of: 'candidate' }).interval
    const theirs = found(metric, {
      pair: { candidate: elsewhere, baseline: undefined },
      of: 'candidate',
    }).interval
    const expected = Math.hypot(mine.high - mine.low, theirs.high - theirs.low)
    expect(interval.method).toBe('bootstrap-bca')
    expect(Math.abs((interval.high - interval.low) / expected - 1)).toBeLessThan(0.1)
  })

  it.each(['f1', 'matthews', 'average-precision'])(
    '%s: weights of one and clusters of one change nothing but the draw',
    (metric) => {
      const plain = width(metric, { of: 'candidate' })
      for (const change of [both({ weights: ones }), both({ clusters: single })]) {
        const given = width(metric, { ...change, of: 'candidate' })
        expect(Math.abs(given / plain - 1)).toBeLessThan(0.08)
      }
    },
  )

  it('clusters of equal rows make an interval as wide as that of one row of each', () => {
    const fourfold = (values: Float64Array) =>
      Float64Array.from([0, 1, 2, 3].flatMap(() => [...values]))
    const clusters = Int32Array.from({ length: 4 * N }, (_, i) => i % N)
    const data = {
      ...candidate,
      n: 4 * N,
      labels: fourfold(candidate.labels),
      predictions: fourfold(candidate.predictions!),
    }
    const of = 'candidate'
    const naive = width('f1', { pair: { candidate: data, baseline: undefined }, of })
    const pair = { candidate: { ...data, clusters }, baseline: undefined }
    expect(width('f1', { pair, of }) / naive).toBeCloseTo(2, 0)
    expect(Math.abs(width('f1', { pair, of }) / width('f1', { of }) - 1)).toBeLessThan(0.08)
  })

  it('weights are those of the estimate', () => {
    const weights = Float64Array.from(candidate.labels, (label) => (label === 1 ? 3 : 1))
    const { candidate: value, finding } = asked('f1', { ...both({ weights }), of: 'candidate' })
    expect(value).not.toBeCloseTo(asked('f1').candidate ?? 0, 3)
    expect(finding.evidence!.interval.low).toBeLessThan(value!)
    expect(finding.evidence!.interval.high).toBeGreaterThan(value!)
  })
})

describe('what must not matter', () => {
  const random = createRandom(77)
  const order = Int32Array.from({ length: N }, (_, i) => i)
  for (let i = N - 1; i > 0; i--) {
    const j = random.below(i + 1)
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  const clusters = Int32Array.from({ length: N }, (_, i) => i % 50)
  const weights = Float64Array.from({ length: N }, (_, i) => 1 + (i % 4))
  const rearranged = (data: MetricData): MetricData => {
    const pick = (values: Float64Array) => Float64Array.from(order, (row) => values[row]!)
    return {
      ...data,
      labels: pick(data.labels),
      scores: pick(data.scores!),
      predictions: pick(data.predictions!),
      values: pick(data.values!),
      weights: data.weights && pick(Float64Array.from(data.weights)),
      // Other names for the same clusters too.
      clusters: data.clusters && Int32Array.from(order, (row) => 60 - data.clusters![row]!),
    }
  }

  it.each([
    ['f1', {}],
    ['average-precision', {}],
    ['expected-calibration-error', {}],
    ['brier', {}],
    ['f1', { clusters }],
    ['average-precision', { clusters }],
    ['f1', { weights }],
    ['auc', { weights, clusters }],
  ] as const)('the order of the rows: %s %#', (metric, change) => {
    const { pair } = both(change)
    const moved = { candidate: rearranged(pair.candidate), baseline: rearranged(pair.baseline) }
    const one = found(metric, { pair }).interval
    const other = found(metric, { pair: moved }).interval
    expect(other).toMatchObject({ method: one.method, ...ends(one) })
  })

  it('which of the models is called the candidate', () => {
    const swapped = { pair: { candidate: baseline, baseline: candidate } }
    for (const metric of ['accuracy', 'brier', 'auc']) {
      const { low, high } = found(metric).interval
      expect(found(metric, swapped).interval).toMatchObject(ends({ low: -high, high: -low }))
    }
    const { low, high } = found('f1').interval
    const turned = found('f1', swapped).interval
    expect(Math.abs(turned.low + high) / (high - low)).toBeLessThan(0.05)
  })

  it('the unit of a regression: RMSE and its interval scale with it', () => {
    const regression = (scale: number): MetricData => ({
      n: N,
      classes: [],
      labels: candidate.scores!.map((x) => x * scale),
      predictions: baseline.scores!.map((x) => x * scale),
    })
    const of = (scale: number) =>
      found('rmse', {
        pair: { candidate: regression(scale), baseline: undefined },
        of: 'candidate',
      }).interval
    expect(of(1000).low / 1000).toBeCloseTo(of(1).low, 1)
    expect((of(1000).high - of(1000).low) / (of(1).high - of(1).low) / 1000).toBeCloseTo(1, 1)
  })

  it('how often it is asked: the same seed gives the same answer', () => {
    for (const metric of ['f1', 'average-precision', 'expected-calibration-error']) {
      expect(found(metric).interval).toEqual(found(metric).interval)
    }
  })
})
