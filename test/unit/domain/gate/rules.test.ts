import { describe, expect, it } from '@jest/globals'
import { boundOf, meets, positionOf } from '../../../../src/domain/gate/bound.js'
import { failClaim } from '../../../../src/domain/gate/claim.js'
import { symmetricTest } from '../../../../src/domain/gate/evidence.js'
import { neededExamples } from '../../../../src/domain/gate/needed-examples.js'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { normalCdf } from '../../../../src/domain/stats/special/normal.js'
import { ask, byCounts, codesOf, normal, tableOf, verdictOf } from './gate-fixtures.js'

const compare = (rest: Partial<GateRule>): GateRule => ({ metric: 'accuracy', ...rest })

describe('boundOf', () => {
  const inf = Number.POSITIVE_INFINITY
  it.each([
    { rule: { 'at-least': 0.8 }, direction: 'higher', low: 0.8, high: inf, of: 'candidate' },
    { rule: { 'at-most': 0.8 }, direction: 'lower', low: -inf, high: 0.8, of: 'candidate' },
    { rule: { 'no-worse-than': 'baseline' }, direction: 'higher', low: 0, high: inf },
    {
      rule: { 'no-worse-than': 'baseline', margin: 0.1 },
      direction: 'higher',
      low: -0.1,
      high: inf,
    },
    {
      rule: { 'no-worse-than': 'baseline', margin: 0.1 },
      direction: 'lower',
      low: -inf,
      high: 0.1,
    },
    { rule: { 'better-than': 'baseline', by: 0.1 }, direction: 'higher', low: 0.1, high: inf },
    { rule: { 'better-than': 'baseline', by: 0.1 }, direction: 'lower', low: -inf, high: -0.1 },
    {
      rule: { 'equivalent-to': 'baseline', margin: 0.1 },
      direction: 'lower',
      low: -0.1,
      high: 0.1,
    },
    {
      rule: { 'no-worse-than': 'baseline', 'relative-margin': 0.25 },
      direction: 'higher',
      low: 0.75,
      high: inf,
      of: 'ratio',
    },
    {
      rule: { 'no-worse-than': 'baseline', 'relative-margin': 0.25 },
      direction: 'lower',
      low: -inf,
      high: 1.25,
      of: 'ratio',
    },
    {
      rule: { 'better-than': 'baseline', 'relative-by': 0.25 },
      direction: 'higher',
      low: 1.25,
      high: inf,
      of: 'ratio',
    },
    {
      rule: { 'better-than': 'baseline', 'relative-by': 0.25 },
      direction: 'lower',
      low: -inf,
      high: 0.75,
      of: 'ratio',
    },
    {
      rule: { 'equivalent-to': 'baseline', 'relative-margin': 0.25 },
      direction: 'higher',
      low: 0.75,
      high: 1.25,
      of: 'ratio',
    },
  ] as const)('$rule, $direction is better', ({ rule, direction, low, high, ...rest }) => {
    const of = 'of' in rest ? rest.of : 'difference'
    expect(boundOf({ metric: 'x', ...rule }, direction)).toMatchObject({ of, low, high })
  })

  it('takes equality for "better" only when more than nothing is asked for', () => {
    const any = boundOf(compare({ 'better-than': 'baseline' }), 'higher')
    expect([
      meets(any, 0),
      positionOf(any, { low: -1, high: 0 }),
      positionOf(any, { low: 0, high: 1 }),
    ]).toEqual([false, 'outside', 'astride'])
    const some = boundOf(compare({ 'better-than': 'baseline', by: 0.1 }), 'higher')
    expect(meets(some, 0.1)).toBe(true)
  })

  it('has a band for equivalence: inside, outside on either side, astride of one end or both', () => {
    const band = boundOf(compare({ 'equivalent-to': 'baseline', margin: 1 }), 'higher')
    expect(positionOf(band, { low: -1, high: 1 })).toBe('inside')
    expect(positionOf(band, { low: 1.1, high: 2 })).toBe('outside')
    expect(positionOf(band, { low: -3, high: -1.5 })).toBe('outside')
    expect(positionOf(band, { low: 0, high: 2 })).toBe('astride')
    expect(positionOf(band, { low: -2, high: 2 })).toBe('astride')
  })
})

describe('failClaim', () => {
  const evidence = (estimate: number) => ({
    interval: { of: 'difference', level: 0.95, low: 0, high: 0, method: 'z' } as const,
    testAt: (boundary: number) => symmetricTest('z', estimate - boundary, normalCdf),
  })

  it('of equivalence doubles the one-sided p-value at the end that is left behind', () => {
    const band = boundOf(compare({ 'equivalent-to': 'baseline', margin: 1 }), 'higher')
    const above = failClaim(band, evidence(4))
    expect(above.boundary).toBe(1)
    expect(above.pValue).toBeCloseTo(2 * normalCdf(-3), 12)
    expect(failClaim(band, evidence(-4))).toEqual({ boundary: -1, pValue: above.pValue })
    expect(failClaim(band, evidence(0)).pValue).toBe(1)
  })

  it('of a narrow band is the two-sided test of no difference', () => {
    const band = boundOf(compare({ 'equivalent-to': 'baseline', margin: 1e-12 }), 'higher')
    expect(failClaim(band, evidence(2)).pValue).toBeCloseTo(2 * normalCdf(-2), 9)
  })
})

describe('equivalent-to', () => {
  const rule = (margin: number) => compare({ 'equivalent-to': 'baseline', margin })
  it.each([
    { name: 'equal and certain', data: byCounts(4400, 100, 100, 400), margin: 0.02, says: 'pass' },
    {
      name: 'equal and uncertain',
      data: byCounts(440, 10, 10, 40),
      margin: 0.01,
      says: 'inconclusive',
    },
    { name: 'much better', data: byCounts(800, 100, 5, 95), margin: 0.02, says: 'fail' },
    { name: 'much worse', data: byCounts(800, 5, 100, 95), margin: 0.02, says: 'fail' },
  ])('$name: $says', ({ data, margin, says }) => {
    const verdict = verdictOf({ ...data, rules: [rule(margin)] })
    expect(verdict.decision).toBe(says)
    expect(verdict.checks[0]?.reason).toContain('apart either way')
  })

  it('claims a failure at the end that the data left behind', () => {
    const [check] = verdictOf({ ...byCounts(800, 100, 5, 95), rules: [rule(0.02)] }).checks
    expect(check?.claim?.boundary).toBe(0.02)
    const [turned] = verdictOf({ ...byCounts(800, 5, 100, 95), rules: [rule(0.02)] }).checks
    expect(turned?.claim).toEqual({ ...check?.claim, boundary: -0.02 })
  })
})

describe('relative margins', () => {
  const random = createRandom(3)
  const id = Array.from({ length: 400 }, (_, i) => i)
  const label = id.map(() => 0)
  const noise = id.map(() => normal(random))
  const costs = (scale: number) => tableOf({ id, label, cost: noise.map((e) => scale * (10 + e)) })
  const policy = { task: 'regression' } as const
  const rule = (rest: Partial<GateRule>): GateRule => ({
    metric: 'column:cost',
    direction: 'lower',
    ...rest,
  })
  const judge = (scale: number, rest: Partial<GateRule>) =>
    verdictOf({ policy, candidate: costs(scale), baseline: costs(1), rules: [rule(rest)] })
      .checks[0]

  it('judge the ratio, and tell it in percent', () => {
    const worse = judge(1.05, { 'no-worse-than': 'baseline', 'relative-margin': 0.02 })
    expect(worse).toMatchObject({ status: 'fail', direction: 'worse', interval: { of: 'ratio' } })
    expect(worse?.reason).toMatch(/ is 5% higher \(worse\) than the baseline's .* of the ratio \+/)
    expect(worse?.reason).toContain("at most 2% of the baseline's value worse")
    expect(judge(1.01, { 'no-worse-than': 'baseline', 'relative-margin': 0.02 })?.status).toBe(
      'pass',
    )
    expect(judge(0.9, { 'better-than': 'baseline', 'relative-by': 0.05 })?.status).toBe('pass')
    expect(judge(0.99, { 'better-than': 'baseline', 'relative-by': 0.05 })?.status).toBe('fail')
    expect(judge(0.99, { 'equivalent-to': 'baseline', 'relative-margin': 0.05 })?.status).toBe(
      'pass',
    )
  })

  it('decide nothing where the baseline is not positive', () => {
    const flat = tableOf({ id, label, cost: noise.map((e) => e - 5) })
    const rules = [rule({ 'no-worse-than': 'baseline', 'relative-margin': 0.02 })]
    const [check] = verdictOf({ policy, candidate: flat, baseline: flat, rules }).checks
    expect(check).toMatchObject({ status: 'inconclusive', interval: null, test: null })
    expect(check?.reason).toContain('has no meaning')
  })
})

describe('slices', () => {
  const n = 2000
  const id = Array.from({ length: n }, (_, i) => i)
  const label = id.map((i) => i % 2)
  const sex = id.map((i) => (i % 5 < 2 ? 'F' : 'M'))
  const age = id.map((i) => 20 + ((i * 7) % 50))
  const band = age.map((years) => (years < 40 ? 'young' : 'old'))
  // Wrong on every third old woman.
  const prediction = label.map((y, i) =>
    sex[i] === 'F' && band[i] === 'old' && i % 3 === 0 ? 1 - y : y,
  )
  const candidate = tableOf({ id, label, prediction, sex, band, age })
  const floor = (slices: GateRule['slices']): GateRule => compare({ 'at-least': 0.75, slices })
  const found = (slices: GateRule['slices']) => verdictOf({ candidate, rules: [floor(slices)] })

  it('may be intersections, where what no column shows alone comes out', () => {
    expect(found({ by: ['sex', 'band'] }).decision).toBe('pass')
    const verdict = found({ by: [['sex', 'band']] })
    expect(verdict.decision).toBe('fail')
    const failed = verdict.checks.filter(({ status }) => status === 'fail')
    expect(failed.map(({ id: name, slice }) => [name, slice])).toEqual([
      [
        'accuracy.at-least[sex=F, band=old]',
        { column: 'sex', value: 'F', and: [{ column: 'band', value: 'old' }] },
      ],
    ])
    expect(verdict.slices).toEqual([
      { column: 'sex and band', values: 4, judged: 4, skipped: 0, minSize: 50 },
    ])
  })

  it('may be bins of a number', () => {
    const verdict = found({ by: ['age'], bins: { age: [30, 40] } })
    expect(verdict.checks.slice(1).map(({ slice }) => slice?.value)).toEqual([
      '(-inf, 30)',
      '[30, 40)',
      '[40, inf)',
    ])
    const sizes = verdict.checks.slice(1).map((check) => check.n)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(n)
    expect(sizes[0]).toBe(age.filter((years) => years < 30).length)
  })

  it('that are too many to judge are refused, without being made', () => {
    const rules = Array.from({ length: 8 }, () => floor({ by: ['group'], 'min-size': 2 }))
    const group = id.map((i) => `g${i >> 1}`)
    expect(codesOf({ candidate: tableOf({ id, label, prediction, group }), rules })).toContain(
      'MW-GATE-053',
    )
  })

  it('of which some are too small are shown, and not judged', () => {
    const verdict = found({ by: [['sex', 'age']], 'min-size': 100 })
    const skipped = verdict.checks.filter(({ status }) => status === 'skipped')
    expect(skipped).toHaveLength(20)
    expect(verdict.slices[0]).toMatchObject({ judged: 0 })
    expect(verdict.slices[0]?.values).toBe(verdict.slices[0]?.skipped)
  })
})

describe('what a reason says beside the numbers', () => {
  const n = 600
  const id = Array.from({ length: n }, (_, i) => i)
  const label = id.map((i) => i % 2)
  const prediction = label.map((y, i) => (i % 10 === 0 ? 1 - y : y))
  const user = id.map((i) => `u${i % 120}`)
  const w = id.map((i) => 1 + (i % 3))
  const sex = id.map((i) => (i % 3 === 0 ? 'F' : 'M'))
  const candidate = tableOf({ id, label, prediction, user, w, sex })
  const columns = { id: 'id', label: 'label', prediction: 'prediction', score: 'score' }

  it('names clusters and weights, and counts what is needed in clusters', () => {
    const rules = [compare({ 'at-least': 0.89 })]
    const files = { columns: { ...columns, cluster: 'user', weight: 'w' } }
    const [check] = verdictOf({ candidate, rules, files }).checks
    expect(check?.status).toBe('inconclusive')
    expect(check?.reason).toContain('clustered by user: 120 clusters, weighted by w')
    expect(check?.reason).toMatch(/about [\d,]+ clusters \(now 120\) would settle it/)
    expect(check?.neededExamples).toBeGreaterThan(120)
  })

  it('names the sizes of the groups that a gap is between', () => {
    const rules: GateRule[] = [
      { metric: 'demographic-parity-difference', group: 'sex', 'at-most': 0.3 },
    ]
    const [check] = verdictOf({ candidate, rules, files: {} }).checks
    expect(check?.reason).toMatch(/; groups: F 200, M 400\.$/)
  })

  it('carries the number of examples that would settle it, and null where none would', () => {
    const [near] = verdictOf({ candidate, rules: [compare({ 'at-least': 0.88 })] }).checks
    expect(near?.status).toBe('inconclusive')
    expect(near?.neededExamples).toBeGreaterThan(600)
    const [on] = verdictOf({ candidate, rules: [compare({ 'at-least': 0.9 })] }).checks
    expect(on).toMatchObject({ status: 'inconclusive', neededExamples: null })
    const [passed] = verdictOf({ candidate, rules: [compare({ 'at-least': 0.5 })] }).checks
    expect(passed).not.toHaveProperty('neededExamples')
  })
})

describe('neededExamples', () => {
  const bound = boundOf(compare({ 'at-least': 0.8 }), 'higher')
  const interval = { of: 'candidate', level: 0.95, low: 0.79, high: 0.85, method: 'x' } as const

  it('scales the half-width on the side of the bound', () => {
    // 1000 ((1.959964 + 0.841621) / 1.959964)^2 (0.03 / 0.02)^2 = 4597.2, two digits upwards.
    expect(neededExamples({ n: 1000, estimate: 0.82, interval, bound })).toBe(4600)
  })

  it('uses the variances of a score interval where there are any', () => {
    // ((1.959964 sqrt(.8 .2) + .841621 sqrt(.82 .18)) / .02)^2 = 3065.6
    const variancesAt = () => ({ atBound: 0.16, atEstimate: 0.1476 })
    expect(neededExamples({ n: 1000, estimate: 0.82, interval, bound, variancesAt })).toBe(3100)
  })

  it('looks at both ends of a band from inside', () => {
    const band = boundOf(compare({ 'equivalent-to': 'baseline', margin: 0.03 }), 'higher')
    const own = { of: 'difference', level: 0.95, low: -0.05, high: 0.07, method: 'x' } as const
    // The upper end is nearer: 1000 * 2.0432 * (0.06 / 0.02)^2.
    expect(neededExamples({ n: 1000, estimate: 0.01, interval: own, bound: band })).toBe(19000)
  })
})

describe('ask', () => {
  it('reports what is wrong with the rules before the files are read', () => {
    const data = byCounts(10, 0, 0, 0)
    const rules = [compare({ 'equivalent-to': 'baseline' })]
    expect(ask({ ...data, rules }).problems?.map(({ code }) => code)).toEqual(['MW-GATE-041'])
  })
})
