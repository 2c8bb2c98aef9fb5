import { describe, expect, it } from '@jest/globals'
import { UntrustedVerdict, VerdictPredicate } from '../../../../src/statements/schemas/verdict.js'
import {
  check,
  classification,
  type FullVerdict,
  ranking,
  regression,
} from '../../domain/report/verdict-fixtures.js'

/** What a verdict of the first release holds of the parts that are read. */
const old = {
  decision: 'pass',
  failOn: 'inconclusive',
  task: 'classification',
  samples: { candidate: 569, baseline: 569, joined: 569 },
  predictions: { path: 'predictions.csv', sha256: 'a'.repeat(64) },
  baseline: { source: 'file:baseline.csv', digest: null, ageDays: null },
  checks: [
    {
      id: 'auc.no-worse-than',
      metric: 'auc',
      slice: null,
      level: 'fail',
      n: 569,
      candidate: 0.99,
      baseline: 0.98,
      difference: 0.01,
      interval: { of: 'difference', level: 0.95, low: -0.001, high: 0.02, method: 'delong' },
      test: { name: 'delong', statistic: 1.7, pValue: 0.08, adjustedPValue: 0.16 },
      claim: { boundary: -0.01, pValue: 1, adjustedPValue: 1 },
      rule: { 'no-worse-than': 'baseline', margin: 0.01 },
      status: 'pass',
      reason: '…',
    },
  ],
}

/** As it is read from a file. */
const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const changed = (change: Partial<FullVerdict>): unknown => stored({ ...classification, ...change })

const accepts = (value: unknown): boolean => UntrustedVerdict.safeParse(value).success

describe('the schema of a verdict', () => {
  it('reads a verdict of the first release', () => {
    const parsed = VerdictPredicate.parse(old)
    expect(parsed.checks[0]).toMatchObject({ metric: 'auc', direction: null })
    expect(parsed.slices).toEqual([])
    expect(parsed.policy).toBeUndefined()
  })

  it.each([
    ['classification', classification],
    ['regression', regression],
    ['ranking', ranking],
  ])('keeps every part of a verdict of %s', (_, verdict) => {
    expect(VerdictPredicate.parse(stored(verdict))).toEqual(stored(verdict))
  })

  it.each([
    ['a number as text', { samples: { ...classification.samples, joined: '4000' } }],
    ['an unknown decision', { decision: 'perfect' }],
    ['an unknown status', { checks: [{ ...classification.checks[0], status: 'great' }] }],
  ])('refuses %s', (_, change) => {
    expect(VerdictPredicate.safeParse({ ...classification, ...change }).success).toBe(false)
  })
})

describe('the schema of a verdict from someone else’s run', () => {
  it('accepts an ordinary verdict, without its overrides and what it does not know', () => {
    const parsed = UntrustedVerdict.parse({ ...(changed({}) as object), extra: 1 })
    const { overrides, ...rest } = classification
    expect(overrides).toHaveLength(1)
    expect(parsed).toEqual(stored(rest))
  })

  it('needs the parts that a verdict of this release has', () => {
    expect(accepts(old)).toBe(false)
  })

  it.each([
    ['a metric', { checks: [check({ metric: 'm'.repeat(301), rule: {} })] }],
    ['a reason', { checks: [check({ metric: 'm', rule: {}, reason: 'r'.repeat(2001) })] }],
    [
      'the checks',
      { checks: Array.from({ length: 2001 }, () => check({ metric: 'm', rule: {} })) },
    ],
    ['a rule', { checks: [check({ metric: 'm', rule: { by: 'x'.repeat(301) } })] }],
    [
      'the keys of a rule',
      {
        checks: [
          check({
            metric: 'm',
            rule: Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`k${i}`, i])),
          }),
        ],
      },
    ],
    [
      'an intersection',
      {
        checks: [
          check({
            metric: 'm',
            rule: {},
            slice: {
              column: 'a',
              value: 'b',
              and: Array.from({ length: 21 }, () => ({ column: 'c', value: null })),
            },
          }),
        ],
      },
    ],
    [
      'the changed lines',
      { policySource: { ...classification.policySource, changes: Array(1001).fill('+') } },
    ],
    [
      'the found slices',
      {
        sliceSearch: {
          ...classification.sliceSearch,
          found: Array(11).fill(classification.sliceSearch?.found[0]),
        },
      },
    ],
    [
      'the ids',
      {
        diagnostics: {
          ...classification.diagnostics,
          disagreement: {
            ...classification.diagnostics?.disagreement,
            baselineOnlyIds: Array(21).fill('1'),
          },
        },
      },
    ],
  ])('refuses what is too long: %s', (_, change) => {
    const value = { ...(changed({}) as object), ...change }
    expect(accepts(stored(value))).toBe(false)
    expect(accepts(changed({}))).toBe(true)
  })

  it('refuses a rule that holds more than plain values', () => {
    const nested = check({ metric: 'm', rule: { margin: { deep: [1] } } })
    expect(accepts(changed({ checks: [nested], decision: 'pass' }))).toBe(false)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '1', null])('refuses %p for a count', (joined) => {
    const samples = { ...classification.samples, joined }
    expect(accepts({ ...(changed({}) as object), samples })).toBe(false)
  })

  it('refuses tables and histograms whose parts do not fit together', () => {
    const { diagnostics } = classification
    if (diagnostics?.confusion == null || diagnostics.scores === null) throw new Error('fixture')
    const lopsided = { ...diagnostics.confusion, candidate: [[1], [2]] }
    expect(accepts(changed({ diagnostics: { ...diagnostics, confusion: lopsided } }))).toBe(false)
    const positive = { ...diagnostics.scores.positive, edges: [0, 1] }
    expect(
      accepts(
        changed({ diagnostics: { ...diagnostics, scores: { ...diagnostics.scores, positive } } }),
      ),
    ).toBe(false)
  })

  it.each([
    ['pass', 'fail', 'fail', false],
    ['pass', 'inconclusive', 'fail', false],
    ['warn', 'inconclusive', 'fail', false],
    ['inconclusive', 'fail', 'fail', false],
    ['pass', 'fail', 'warn', false],
    ['warn', 'fail', 'warn', true],
    ['fail', 'fail', 'fail', true],
    ['inconclusive', 'inconclusive', 'fail', true],
    ['pass', 'skipped', 'fail', true],
  ] as const)(
    'takes the decision %s with a check of status %s and level %s: see its own checks',
    (decision, status, level, fine) => {
      const checks = [check({ metric: 'm', rule: {}, status, level })]
      expect(accepts(changed({ decision, checks }))).toBe(fine)
    },
  )

  it('does not let a key of a record reach a prototype', () => {
    const hostile = JSON.parse(
      JSON.stringify(changed({})).replace('"rule":{', '"rule":{"__proto__":{"polluted":true},'),
    )
    UntrustedVerdict.safeParse(hostile)
    VerdictPredicate.safeParse(hostile)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})
