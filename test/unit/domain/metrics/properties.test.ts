import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { MetricData } from '../../../../src/domain/metrics/data.js'
import { getMetric, metricNames } from '../../../../src/domain/metrics/index.js'
import { metricValue } from '../../../../src/domain/metrics/metric-value.js'

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
  return {
    n: list.length,
    labels: Float64Array.from(list, ({ label }) => code(label)),
    classes: flip ? ['yes', 'no'] : ['no', 'yes'],
    positive: code(1),
    predictions: Float64Array.from(list, ({ prediction }) => code(prediction)),
    scores: Float64Array.from(list, ({ score }) => score),
    groups: { codes: Int32Array.from(list, ({ group }) => group), names: ['a', 'b', 'c'] },
  }
}

const classification = metricNames.filter((name) =>
  getMetric(name)?.tasks.includes('classification'),
)

function expectSame(name: string, one: MetricData, other: MetricData): void {
  const a = metricValue({ name, data: one }).value
  const b = metricValue({ name, data: other }).value
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
    const [low, high] = getMetric(name)?.range ?? [0, 0]
    fc.assert(
      fc.property(rows, (list) => {
        const { value } = metricValue({ name, data: dataOf(list) })
        if (value === undefined) return
        expect(value).toBeGreaterThanOrEqual(low - 1e-12)
        expect(value).toBeLessThanOrEqual(high + 1e-12)
      }),
      { seed: 4, numRuns: 50 },
    )
  })
})
