import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { healthChecks, healthReference } from '../../../../../src/domain/drift/health/index.js'
import { shareExceedsPValue } from '../../../../../src/domain/drift/health/share.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { relativeError } from '../../stats/close.js'
import { numbers, spread, table, text } from '../tables.js'
import { judge, named } from './requests.js'

const RANGES = { ranges: { level: 'fail' } }

describe('ranges', () => {
  it('hold where all values lie in that of the reference', () => {
    const result = judge(RANGES, {
      reference: table(numbers('age', spread(100))),
      current: table(numbers('age', [...spread(50), null])),
    })
    expect(result).toMatchObject({ status: 'pass', reason: '1 of 1 checks hold' })
    expect(named(result, 'ranges.age')).toMatchObject({
      column: 'age',
      observed: 0,
      failedRows: 0,
      detail: "all 50 values lie in the reference's range",
    })
  })

  it('break where more values lie outside than chance explains, with exact counts and the furthest', () => {
    const result = judge(RANGES, {
      reference: table(numbers('age', spread(1000))),
      current: table(numbers('age', [...spread(990), -1, 2, 2, 2, 2, 2, 2, 2, -7, 3])),
    })
    expect(result.status).toBe('fail')
    expect(named(result, 'ranges.age')).toMatchObject({
      status: 'fail',
      observed: 0.01,
      failedRows: 10,
      detail: "2 of 1000 values lie below the reference's range and 8 above, the furthest at -7",
    })
  })

  it('hold where two samples of one distribution differ in their extremes', () => {
    const result = judge(RANGES, {
      reference: table(numbers('age', spread(1000))),
      current: table(numbers('age', [...spread(998), -0.01, 1.01])),
    })
    expect(named(result, 'ranges.age')).toMatchObject({ status: 'pass', failedRows: 2 })
    expect(named(result, 'ranges.age').detail).toContain('no more than chance explains')
  })

  it.each([20, 500])('raise few alarms over ten columns of %d continuous values', (rows) => {
    const random = createRandom(rows)
    const draw = () =>
      table(
        ...Array.from({ length: 10 }, (_, column) =>
          numbers(
            `c${column}`,
            Array.from({ length: rows }, () => random.next()),
          ),
        ),
      )
    let alarms = 0
    for (let run = 0; run < 200; run++) {
      if (judge(RANGES, { reference: draw(), current: draw() }).status !== 'pass') alarms++
    }
    expect(alarms).toBeLessThan(20)
  })

  it('are exact where the configuration gives them: one value outside breaks them', () => {
    const result = judge(
      { ranges: { columns: { age: { min: 0 } }, level: 'warn' } },
      { current: table(numbers('age', [5, 1e9, -0.5])) },
    )
    expect(result.status).toBe('warn')
    expect(named(result, 'ranges.age')).toMatchObject({
      failedRows: 1,
      expected: '0 to Infinity (at most 0% outside)',
    })
  })

  it('with a share allowed wait for enough values', () => {
    const section = { ranges: { 'max-share': 0.01, columns: { age: { max: 1 } } } }
    const small = judge(section, { current: table(numbers('age', [...spread(49), 2])) })
    expect(named(small, 'ranges.age')).toMatchObject({ status: 'inconclusive', failedRows: 1 })
    expect(small).toMatchObject({
      status: 'pass',
      reason: '0 of 1 checks hold, 1 could not be judged',
    })
    const large = judge(section, {
      current: table(numbers('age', [...spread(4900), ...new Array(100).fill(2)])),
    })
    expect(named(large, 'ranges.age').status).toBe('warn')
  })

  it('count infinities as values', () => {
    const result = judge(
      { ranges: { columns: { a: { max: 5 } } } },
      { current: table(numbers('a', [1, Number.POSITIVE_INFINITY])) },
    )
    expect(named(result, 'ranges.a')).toMatchObject({ failedRows: 1, status: 'warn' })
    expect(named(result, 'ranges.a').detail).toContain('the furthest at Infinity')
  })

  it('say nothing of columns without a value, of text, and of times', () => {
    const result = judge(
      { ranges: { columns: { t: { max: 5 } } } },
      {
        reference: table(
          numbers('a', [1, 2]),
          numbers('when', [1, 2], 'timestamp'),
          numbers('t', [1, 2]),
        ),
        current: table(
          numbers('a', [null, null]),
          numbers('when', [8, 9], 'timestamp'),
          text('t', ['x', 'y']),
        ),
      },
    )
    expect(result.checks.map(({ id, status }) => [id, status])).toEqual([
      ['ranges.a', 'inconclusive'],
      ['ranges.t', 'inconclusive'],
    ])
  })

  it('look only at the columns that are compared', () => {
    const sample = table(numbers('id', [1, 2, 3]), numbers('age', [1, 2, 3]))
    const result = judge(RANGES, { reference: sample, current: sample, columns: ['age'] })
    expect(result.checks.map(({ id }) => id)).toEqual(['ranges.age'])
  })

  it('cut names from the data', () => {
    const name = `naïve|<b>\n${'x'.repeat(500)}`
    const result = judge(RANGES, {
      reference: table(numbers(name, [1, 2])),
      current: table(numbers(name, [1, 2])),
    })
    expect(result.checks[0]?.column).toHaveLength(201)
  })
})

describe('the probability of so many at a limit', () => {
  const url = new URL('../../../../reference/health/reference.json', import.meta.url)
  const { shares }: { shares: { count: number; n: number; limit: number; pValue: number }[] } =
    JSON.parse(readFileSync(url, 'utf8'))

  it.each(shares)('is that of the binomial law: %j', ({ count, n, limit, pValue }) => {
    expect(relativeError(shareExceedsPValue(count, n, limit), pValue)).toBeLessThan(1e-10)
  })

  it('is 0 for any at a limit of 0 and 1 at a limit of 1', () => {
    expect([shareExceedsPValue(1, 9, 0), shareExceedsPValue(9, 9, 1)]).toEqual([0, 1])
    expect([shareExceedsPValue(0, 9, 0), shareExceedsPValue(0, 0, 0.1)]).toEqual([1, 1])
  })
})

describe('no rule', () => {
  it('is no check', () => {
    const current = table(numbers('a', [1]))
    const reference = healthReference(current)
    const request = { policy: {}, current, reference, now: 0, alpha: 0.05, random: createRandom(1) }
    expect(healthChecks(request)).toEqual({
      status: 'pass',
      reason: 'no check of the data itself was asked for',
      checks: [],
    })
  })
})
