import { describe, expect, it } from '@jest/globals'
import { judgeOperational } from '../../../../../src/domain/drift/monitoring/judge-operational.js'
import type {
  HistogramReading,
  OperationalReading,
  ValuesQuery,
  ValuesReading,
} from '../../../../../src/domain/drift/monitoring/operational-query.js'
import {
  type OperationalResult,
  operationalDecision,
} from '../../../../../src/domain/drift/monitoring/operational-result.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { OperationalResult as Schema } from '../../../../../src/statements/schemas/drift/monitoring.js'
import { autoregressive } from './series.js'

const HOUR = 3_600_000
const NOW = Date.UTC(2026, 10, 23, 12)
const POLICY = { alpha: 0.05, correction: 'benjamini-hochberg', seed: 7 } as const

function valuesReading(
  query: Partial<ValuesQuery>,
  current: readonly number[] | undefined,
  earlier?: readonly number[],
): ValuesReading {
  const full = {
    kind: 'values',
    query: 'up',
    of: 'mean',
    over: 0.5,
    range: HOUR,
    level: 'fail',
    ...query,
  } as const
  const apart = full['compare-with']
  const series = (values: readonly number[] | undefined) =>
    values === undefined
      ? undefined
      : {
          times: Float64Array.from(values, (_, i) => NOW - (values.length - 1 - i) * 60_000),
          values: Float64Array.from(values),
        }
  return {
    kind: 'values',
    name: 'latency',
    query: full,
    now: { from: NOW - HOUR, to: NOW },
    before: apart === undefined ? undefined : { from: NOW - HOUR - apart, to: NOW - apart },
    current: series(current),
    earlier: series(earlier),
  }
}

function judge(...readings: OperationalReading[]): OperationalResult[] {
  const results = judgeOperational(readings, POLICY)
  for (const result of results)
    expect(Schema.parse(JSON.parse(JSON.stringify(result)))).toEqual(result)
  return results
}

describe('limits', () => {
  it.each([
    ['at-most', 2, 'pass', 'the mean 2 is within the limit of 2'],
    ['at-most', 1.9, 'fail', 'the mean 2 is over the limit of 1.9'],
    ['at-least', 2, 'pass', 'the mean 2 is within the limit of 2'],
    ['at-least', 2.1, 'fail', 'the mean 2 is under the limit of 2.1'],
  ] as const)('%s %d on a mean of 2: %s', (rule, limit, status, reason) => {
    const [result] = judge(valuesReading({ [rule]: limit }, [1, 3, 2]))
    expect(result).toMatchObject({
      name: 'latency',
      rule,
      status,
      reason,
      value: 2,
      limit,
      evidence: 'estimate',
    })
  })

  it('takes the mean, last, largest or smallest value, as asked', () => {
    const value = (of: ValuesQuery['of']) =>
      judge(valuesReading({ of, 'at-most': 9 }, [4, 9, 2, 3]))[0]?.value
    expect([value('mean'), value('last'), value('max'), value('min')]).toEqual([4.5, 3, 9, 2])
  })

  it('warns where the level is warn', () => {
    expect(judge(valuesReading({ 'at-most': 1, level: 'warn' }, [2]))[0]?.status).toBe('warn')
  })

  it('is no-data without a series, or without any number in it, whatever the level', () => {
    expect(judge(valuesReading({ 'at-most': 1 }, undefined))[0]).toMatchObject({
      status: 'no-data',
      value: null,
      window: { values: 0 },
    })
    expect(judge(valuesReading({ 'at-most': 1 }, [NaN, NaN]))[0]).toMatchObject({
      status: 'no-data',
      reason: 'none of its values in this time is a number',
      window: { values: 0, unusable: 2 },
    })
  })

  it('is no-data where the last value is old', () => {
    const old = valuesReading({ of: 'last', 'at-most': 1 }, [0.5])
    const [result] = judge({ ...old, now: { from: NOW, to: NOW + HOUR } })
    expect(result).toMatchObject({ status: 'no-data', value: null })
    expect(result?.reason).toContain('2026-11-23T12:00:00.000Z')
  })

  it('passes over values that are no number, and counts them', () => {
    const [result] = judge(valuesReading({ 'at-most': 2 }, [1, NaN, 3]))
    expect(result).toMatchObject({ status: 'pass', value: 2, window: { values: 2, unusable: 1 } })
  })

  it('counts an infinite value as over every limit, and under none', () => {
    const infinite = [1, Infinity]
    expect(judge(valuesReading({ 'at-most': 1e9 }, infinite))[0]).toMatchObject({
      status: 'fail',
      value: null,
      interval: null,
    })
    expect(judge(valuesReading({ 'at-least': 0 }, infinite))[0]?.status).toBe('pass')
    expect(judge(valuesReading({ of: 'min', 'at-least': 0 }, [1, -Infinity]))[0]?.status).toBe(
      'fail',
    )
  })

  it('gives the mean an interval that is wider where values depend on those before them', () => {
    const random = createRandom(1)
    const width = (r: number) => {
      const [result] = judge(valuesReading({ 'at-most': 9 }, [...autoregressive(random, 300, r)]))
      return (result?.interval?.high ?? 0) - (result?.interval?.low ?? 0)
    }
    expect(width(0.9)).toBeGreaterThan(2.5 * width(0))
  })
})

describe('comparisons of values', () => {
  const random = createRandom(2)
  const calm = (shift = 0, r = 0, n = 120) =>
    [...autoregressive(random, n, r)].map((value) => value + shift)
  const compare = { 'compare-with': 24 * HOUR }

  it('finds a shift of more than the limit that is certain', () => {
    const [result] = judge(valuesReading(compare, calm(2), calm()))
    expect(result).toMatchObject({
      rule: 'compare-with',
      status: 'fail',
      evidence: 'test',
      limit: 0.5,
    })
    expect(result?.pValue).toBe(0.001)
    expect(result?.reason).toMatch(
      /^wasserstein-normalised [\d.]+ is over 0\.5 \(corrected p = 0\.001\)$/,
    )
    expect(result?.before?.from).toBe('2026-11-22T11:00:00.000Z')
    expect(result?.histogram?.kind).toBe('numeric')
  })

  it('lets a certain change pass that is small', () => {
    const [result] = judge(valuesReading({ ...compare, over: 3 }, calm(2), calm()))
    expect(result?.status).toBe('pass')
  })

  it('does not alarm for 360 points of two slow waves', () => {
    const slow = autoregressive(createRandom(40), 360, 0.99)
    const other = autoregressive(createRandom(41), 360, 0.99)
    const [result] = judge(valuesReading(compare, [...slow], [...other]))
    expect(result?.status).toBe('inconclusive')
    expect(result?.value).toBeGreaterThan(0.5)
  })

  it('is open where a large change may be chance', () => {
    const few = valuesReading({ ...compare, over: 0.01 }, calm(0, 0, 8), calm(0, 0, 8))
    const [result] = judge(few)
    expect(result?.status).toBe('inconclusive')
    expect(result?.reason).toContain('but may be chance')
  })

  it('is no-data where either range has none', () => {
    expect(judge(valuesReading(compare, undefined, calm()))[0]?.reason).toContain('in this time')
    expect(judge(valuesReading(compare, calm(), undefined))[0]).toMatchObject({
      status: 'no-data',
      reason: 'Prometheus has no data for it in the time that it is compared with',
    })
  })

  it('passes equal constants, and leaves open what a step between constants means', () => {
    const flat = (value: number) => Array.from({ length: 60 }, () => value)
    expect(judge(valuesReading(compare, flat(3), flat(3)))[0]?.status).toBe('pass')
    expect(judge(valuesReading(compare, flat(4), flat(3)))[0]?.status).toBe('inconclusive')
  })

  it('says the same whatever other queries there are', () => {
    const one = valuesReading(compare, calm(1), calm())
    const alone = judge(one)[0]?.pValue
    expect(judge(valuesReading(compare, calm(), calm()), one)[1]?.pValue).toBe(alone)
  })

  it('corrects for the number of comparisons', () => {
    const pairs = Array.from({ length: 20 }, () => valuesReading(compare, calm(), calm()))
    const results = judge(...pairs, valuesReading(compare, calm(2), calm()))
    expect(results.at(-1)?.adjustedPValue).toBeCloseTo(0.021)
  })
})

describe('comparisons of histograms', () => {
  const bounds = Float64Array.of(0.1, 0.5, 1, Infinity)
  const counts = (...cumulative: number[]) => ({ bounds, counts: Float64Array.from(cumulative) })
  const reading = (
    earlier: HistogramReading['earlier'],
    current: HistogramReading['current'],
  ): HistogramReading => ({
    kind: 'histogram',
    name: 'scores',
    query: {
      kind: 'histogram',
      query: 'h',
      'compare-with': HOUR,
      over: 0.1,
      range: HOUR,
      level: 'warn',
    },
    now: { from: NOW - HOUR, to: NOW },
    before: { from: NOW - 2 * HOUR, to: NOW - HOUR },
    earlier,
    current,
  })

  it('compares what is in the buckets, not what is below their bounds', () => {
    const [result] = judge(reading(counts(100, 200, 300, 400), counts(200, 260, 320, 400)))
    // scipy.spatial.distance.jensenshannon([100]*4, [200, 60, 60, 80], 2) = 0.22555121 (scipy 1.17.1)
    expect(result?.value).toBeCloseTo(0.22555121, 7)
    expect(result).toMatchObject({ status: 'warn', of: 'jensen-shannon', window: { values: 400 } })
    expect(result?.histogram).toEqual({
      kind: 'numeric',
      edges: [0, 0.1, 0.5, 1, 1.5],
      reference: [0.25, 0.25, 0.25, 0.25],
      current: [0.5, 0.15, 0.15, 0.2],
    })
  })

  it('passes small changes, however certain', () => {
    const [result] = judge(reading(counts(1e6, 2e6, 3e6, 4e6), counts(1.02e6, 2e6, 3e6, 4e6)))
    expect(result?.status).toBe('pass')
    expect(result?.pValue).toBeLessThan(1e-10)
  })

  it('is inconclusive under 30 observations, and no-data with none', () => {
    expect(judge(reading(counts(5, 10, 15, 20), counts(1, 2, 3, 400)))[0]).toMatchObject({
      status: 'inconclusive',
      reason: 'only 20 observations in one of the ranges; 30 are needed',
    })
    expect(judge(reading(counts(5, 10, 15, 20), undefined))[0]?.status).toBe('no-data')
    expect(judge(reading(counts(0, 0, 0, 0), counts(1, 2, 3, 400)))[0]).toMatchObject({
      status: 'no-data',
      reason: 'nothing was observed in the time that it is compared with',
    })
  })

  it('compares by the bounds that both have where buckets were changed between', () => {
    const finer = {
      bounds: Float64Array.of(0.1, 0.2, 1, Infinity),
      counts: Float64Array.of(100, 150, 300, 400),
    }
    expect(judge(reading(counts(100, 200, 300, 400), finer))[0]).toMatchObject({
      status: 'pass',
      value: 0,
    })
    const others = { bounds: Float64Array.of(7, Infinity), counts: Float64Array.of(100, 400) }
    expect(judge(reading(counts(100, 200, 300, 400), others))[0]?.status).toBe('inconclusive')
  })

  it('bears buckets that seem to fall, as scrapes a moment apart do', () => {
    const [result] = judge(reading(counts(100, 200, 300, 400), counts(100, 200.5, 200.2, 400)))
    expect(result?.histogram?.current[2]).toBe(0)
  })
})

describe('readings that failed', () => {
  it('leave each rule of the query open, with the reason', () => {
    const query = valuesReading({ 'at-most': 1, 'at-least': 0, 'compare-with': HOUR }, undefined)
    const results = judge({ ...query, kind: 'failed', failure: 'it is away' })
    expect(results.map(({ rule, status, reason }) => [rule, status, reason])).toEqual([
      ['at-most', 'inconclusive', 'could not be read: it is away'],
      ['at-least', 'inconclusive', 'could not be read: it is away'],
      ['compare-with', 'inconclusive', 'could not be read: it is away'],
    ])
  })
})

describe('operationalDecision', () => {
  const result = (status: OperationalResult['status'], level: 'fail' | 'warn') =>
    ({ status, level }) as OperationalResult

  it.each([
    ['pass', []],
    ['pass', [result('pass', 'fail')]],
    ['fail', [result('pass', 'fail'), result('fail', 'fail'), result('no-data', 'fail')]],
    ['inconclusive', [result('no-data', 'fail'), result('warn', 'warn')]],
    ['inconclusive', [result('inconclusive', 'fail')]],
    ['warn', [result('no-data', 'warn')]],
    ['warn', [result('inconclusive', 'warn')]],
  ] as const)('is %s', (decision, results) => {
    expect(operationalDecision(results)).toBe(decision)
  })
})
