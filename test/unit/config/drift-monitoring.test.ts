import { describe, expect, it } from '@jest/globals'
import { DriftMetrics, DriftPrometheus } from '../../../src/config/drift/monitoring.js'

const problems = (schema: typeof DriftMetrics | typeof DriftPrometheus, value: unknown): string[] =>
  schema
    .safeParse(value)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

describe('drift.metrics', () => {
  it('needs nothing, and knows a job', () => {
    expect(DriftMetrics.parse({})).toEqual({ job: 'modelway', labels: {} })
  })

  it.each([
    [{ textfile: 'drift.txt' }, /^textfile: must end in \.prom/],
    [{ pushgateway: 'ftp://x' }, /^pushgateway: /],
    [{ otlp: 'not an address' }, /^otlp: /],
    [{ pushgateway: 'https://me:secret@x' }, /^pushgateway: must not hold a user name or password/],
    [{ labels: { 'a-b': 'c' } }, /^labels\.a-b: /],
    [{ labels: { __x: 'c' } }, /^labels\.__x: /],
    [{ labels: { column: 'c' } }, /^labels\.column: /],
    [{ interval: 'daily' }, /^interval: must be a time/],
    [{ interval: '0s' }, /^interval: must be longer than 0/],
  ])('refuses %j', (value, message) => {
    expect(problems(DriftMetrics, value)).toEqual([expect.stringMatching(message)])
  })

  it('never shows a password in what it says', () => {
    expect(problems(DriftMetrics, { otlp: 'https://me:secret@x' }).join()).not.toContain('secret')
  })
})

describe('drift.prometheus', () => {
  const url = 'http://prometheus:9090'
  const query = (value: object): string[] =>
    problems(DriftPrometheus, { url, queries: { q: value } })

  it('reads the mean of values over an hour unless told otherwise', () => {
    const { queries } = DriftPrometheus.parse({
      url,
      queries: { q: { query: 'up', 'at-least': 1 } },
    })
    expect(queries['q']).toEqual({
      kind: 'values',
      query: 'up',
      'at-least': 1,
      of: 'mean',
      over: 0.5,
      range: 3_600_000,
      level: 'warn',
    })
  })

  it.each([
    [{ query: 'up', 'at-most': 1, range: '0m' }, 'queries.q.range: must be longer than 0'],
    [{ query: 'up', 'at-most': 1, step: '0.1ms' }, 'queries.q.step: must be longer than 0'],
    [{ query: 'up' }, 'queries.q: needs at-most, at-least or compare-with'],
    [
      { query: 'up', 'compare-with': '5m' },
      /^queries\.q\.compare-with: must be at least as long as range/,
    ],
    [{ kind: 'histogram', query: 'b', 'compare-with': '5m' }, /^queries\.q\.compare-with: /],
    [{ kind: 'histogram', query: 'b' }, /^queries\.q\.compare-with: /],
    [{ kind: 'histogram', query: 'b', 'compare-with': '1d', 'at-most': 1 }, /^queries\.q: /],
    [{ query: '', 'at-most': 1 }, /^queries\.q\.query: /],
    [{ kind: 'gauge', query: 'up' }, /^queries\.q\.kind: /],
  ])('refuses %j', (value, message) => {
    expect(query(value)).toEqual([
      typeof message === 'string' ? message : expect.stringMatching(message),
    ])
  })
})
