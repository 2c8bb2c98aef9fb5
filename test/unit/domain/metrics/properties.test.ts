import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { MetricData, MetricOptions } from '../../../../src/domain/metrics/data.js'
import { getMetric, metricNames } from '../../../../src/domain/metrics/index.js'
import { metricValue } from '../../../../src/domain/metrics/metric-value.js'
import { rangeOf } from '../../../../src/domain/metrics/value.js'

const row = fc.record({
  label: fc.integer({ min: 0, max: 1 }),
  prediction: fc.integer({ min: 0, max: 1 }),
  score: fc.integer({ min: 0, max: 20 }).map((k) => k / 20),
  group: fc.integer({ min: 0, max: 2 }),
  times: fc.integer({ min: 1, max: 3 }),
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never
const rows = fc.array(row, { minLength: 1, maxLength: 40 })

function dataOf(list: readonly Row[], flip = false): MetricData {
  const code = (value: number) => (flip ? 1 - value : value)
  const scores = Float64Array.from(list, ({ score }) => score)
  // A tie of the two would go by the order of the classes, as in scikit-learn.
  const rest = scores.map((score) => (score === 0.5 ? 0.4 : 1 - score))
  return {
    n: list.length,
    labels: Float64Array.from(list, ({ label }) => code(label)),
    classes: flip ? ['yes', 'no'] : ['no', 'yes'],
    positive: code(1),
    predictions: Float64Array.from(list, ({ prediction }) => code(prediction)),
    scores,
    classScores: flip ? [scores, rest] : [rest, scores],
    groups: { codes: Int32Array.from(list, ({ group }) => group), names: ['a', 'b', 'c'] },
  }
}

const classification = metricNames.filter((name) =>
  getMetric(name)?.tasks.includes('classification'),
)
/** Options that every metric can do with. */
const options = { k: 1 }

function expectSame(name: string, one: MetricData, other: MetricData): void {
  const a = metricValue({ name, data: one, options }).value
  const b = metricValue({ name, data: other, options }).value
  if (a === undefined || b === undefined) expect(b).toBe(a)
  else expect(b).toBeCloseTo(a, 9)
}

describe.each(classification)('%s', (name) => {
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(rows, (list) => expectSame(name, dataOf(list), dataOf([...list].reverse()))),
      { seed: 1, numRuns: 50 },
    )
  })

  it('does not depend on the codes of the classes', () => {
    fc.assert(
      fc.property(rows, (list) => expectSame(name, dataOf(list), dataOf(list, true))),
      { seed: 2, numRuns: 50 },
    )
  })

  it('takes a weight for that many equal rows', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const weights = Float64Array.from(list, ({ times }) => times)
        const repeated = list.flatMap((one) => Array.from({ length: one.times }, () => one))
        expectSame(name, dataOf(repeated), { ...dataOf(list), weights })
      }),
      { seed: 3, numRuns: 50 },
    )
  })

  it('stays inside its range', () => {
    fc.assert(
      fc.property(rows, (list) => {
        const data = dataOf(list)
        const { value } = metricValue({ name, data, options })
        if (value === undefined) return
        const [low, high] = rangeOf(getMetric(name)!, data.classes.length)
        expect(value).toBeGreaterThanOrEqual(low - 1e-12)
        expect(value).toBeLessThanOrEqual(high + 1e-12)
      }),
      { seed: 4, numRuns: 50 },
    )
  })
})

const SEVERAL = 3
const severalRow = fc.record({
  label: fc.integer({ min: 0, max: SEVERAL - 1 }),
  prediction: fc.integer({ min: 0, max: SEVERAL - 1 }),
  scores: fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: SEVERAL, maxLength: SEVERAL }),
  times: fc.integer({ min: 0, max: 3 }),
})
type SeveralRow = typeof severalRow extends fc.Arbitrary<infer T> ? T : never
/** Scores of an example all differ: equal ones go by the order of the classes, as in scikit-learn. */
const severalRows = fc.array(
  severalRow.filter(({ scores }) => new Set(scores).size === SEVERAL),
  { minLength: 1, maxLength: 30 },
)

function severalOf(list: readonly SeveralRow[], codes: readonly number[]): MetricData {
  const classScores = codes.map(() => new Float64Array(list.length))
  codes.forEach((code, k) => {
    for (const [row, { scores }] of list.entries()) {
      classScores[code]![row] = scores[k]! / scores.reduce((sum, one) => sum + one, 0)
    }
  })
  return {
    n: list.length,
    labels: Float64Array.from(list, ({ label }) => codes[label]!),
    predictions: Float64Array.from(list, ({ prediction }) => codes[prediction]!),
    classes: codes.map(String),
    classScores,
  }
}

/** The same rows with label and prediction as the sets of classes whose bits are set. */
function setsOf(list: readonly SeveralRow[], codes: readonly number[]): MetricData {
  const labelSets = Array.from({ length: 1 << SEVERAL }, (_, bits) =>
    Int32Array.from(codes.filter((_code, k) => ((bits >> k) & 1) === 1)),
  )
  const bitsOf = (scores: readonly number[], shift: number) =>
    scores.reduce((bits, score) => (bits << 1) | ((score >> shift) & 1), 0)
  return {
    ...severalOf(list, codes),
    labels: Float64Array.from(list, ({ scores }) => bitsOf(scores, 0)),
    predictions: Float64Array.from(list, ({ scores, label }) => bitsOf(scores, label)),
    labelSets,
  }
}

interface Asked {
  readonly name: string
  readonly options: MetricOptions
}

const TO_AVERAGE = ['precision', 'recall', 'f1']
const ofClasses: Asked[] = [
  ...['accuracy', 'balanced-accuracy', 'matthews', 'cohen-kappa', 'log-loss', 'brier'],
  ...['expected-calibration-error', 'top-k-accuracy'],
].map((name) => ({ name, options: { k: 2 } }))
for (const average of ['macro', 'weighted', 'micro'] as const) {
  for (const name of TO_AVERAGE) ofClasses.push({ name, options: { average } })
}
for (const average of ['macro', 'weighted'] as const) {
  ofClasses.push({ name: 'average-precision', options: { average } })
  for (const multiClass of ['one-vs-rest', 'one-vs-one'] as const) {
    ofClasses.push({ name: 'auc', options: { average, multiClass } })
  }
}
const ofSets: Asked[] = [{ name: 'accuracy', options: {} }]
for (const average of ['macro', 'weighted', 'micro', 'samples'] as const) {
  for (const name of TO_AVERAGE) ofSets.push({ name, options: { average } })
}

describe.each([
  ...ofClasses.map((asked) => ({ kind: 'classes', make: severalOf, ...asked })),
  ...ofSets.map((asked) => ({ kind: 'sets', make: setsOf, ...asked })),
])('$name of several $kind, $options', ({ name, options: asked, make }) => {
  const expectEqual = (one: MetricData, other: MetricData) => {
    const a = metricValue({ name, data: one, options: asked })
    const b = metricValue({ name, data: other, options: asked })
    expect(b.value === undefined).toBe(a.value === undefined)
    if (a.value !== undefined) expect(b.value).toBeCloseTo(a.value, 9)
  }

  it('depends neither on the order of the rows nor on the codes of the classes', () => {
    fc.assert(
      fc.property(severalRows, (list) => {
        expectEqual(make(list, [0, 1, 2]), make([...list].reverse(), [2, 0, 1]))
      }),
      { seed: 5, numRuns: 40 },
    )
  })

  it('takes a weight for that many equal rows, and 0 for none', () => {
    fc.assert(
      fc.property(severalRows, (list) => {
        const repeated = list.flatMap((one) => Array.from({ length: one.times }, () => one))
        fc.pre(repeated.length > 0)
        const weights = Float64Array.from(list, ({ times }) => times)
        expectEqual(make(repeated, [0, 1, 2]), { ...make(list, [0, 1, 2]), weights })
      }),
      { seed: 6, numRuns: 40 },
    )
  })

  it('stays inside its range, and mostly has a value', () => {
    const [low, high] = rangeOf(getMetric(name)!, SEVERAL)
    let values = 0
    fc.assert(
      fc.property(severalRows, (list) => {
        const { value } = metricValue({ name, data: make(list, [0, 1, 2]), options: asked })
        if (value === undefined) return
        values++
        expect(value).toBeGreaterThanOrEqual(low - 1e-12)
        expect(value).toBeLessThanOrEqual(high + 1e-12)
      }),
      { seed: 7, numRuns: 40 },
    )
    expect(values).toBeGreaterThan(15)
  })
})

describe('metrics of two classes', () => {
  it.each(['auc', 'average-precision', 'log-loss', 'brier', 'expected-calibration-error'])(
    '%s reads the positive class among the scores of each class',
    (name) => {
      fc.assert(
        fc.property(rows, (list) => {
          const { scores: _, ...byClass } = dataOf(list)
          expectSame(name, { ...dataOf(list), classScores: undefined }, byClass)
        }),
        { seed: 8, numRuns: 40 },
      )
    },
  )
})
