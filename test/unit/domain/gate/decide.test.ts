import { describe, expect, it } from '@jest/globals'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import type { VerdictBody } from '../../../../src/domain/gate/verdict.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { byCounts, column, tableOf, tablesOf, twoModels, verdictOf } from './gate-fixtures.js'

const within = (margin: number): GateRule => ({
  metric: 'accuracy',
  'no-worse-than': 'baseline',
  margin,
})

describe('decideGate, one rule', () => {
  const floor = (bound: number): GateRule => ({ metric: 'accuracy', 'at-least': bound })
  const ceiling = (bound: number): GateRule => ({ metric: 'accuracy', 'at-most': bound })
  const better = (by: number): GateRule => ({ metric: 'accuracy', 'better-than': 'baseline', by })
  // Accuracy .90 against .88 on 1000 examples: Tango 95% interval of the difference +.0043 to +.0363.
  const ahead = byCounts(870, 30, 10, 90)
  const behind = byCounts(870, 10, 60, 60)
  const same = byCounts(900, 0, 0, 100)
  it.each([
    { name: 'floor under the interval', data: ahead, rule: floor(0.85), decision: 'pass' },
    { name: 'floor over the interval', data: ahead, rule: floor(0.95), decision: 'fail' },
    { name: 'floor inside the interval', data: ahead, rule: floor(0.89), decision: 'inconclusive' },
    { name: 'ceiling over the interval', data: ahead, rule: ceiling(0.95), decision: 'pass' },
    { name: 'ceiling under the interval', data: ahead, rule: ceiling(0.85), decision: 'fail' },
    { name: 'not worse', data: ahead, rule: within(0), decision: 'pass' },
    { name: 'better at all', data: ahead, rule: better(0), decision: 'pass' },
    { name: 'better by enough', data: ahead, rule: better(0.004), decision: 'pass' },
    {
      name: 'better, perhaps by enough',
      data: ahead,
      rule: better(0.02),
      decision: 'inconclusive',
    },
    { name: 'better, not by enough', data: ahead, rule: better(0.05), decision: 'fail' },
    { name: 'worse than the margin', data: behind, rule: within(0.02), decision: 'fail' },
    { name: 'perhaps worse than it', data: behind, rule: within(0.05), decision: 'inconclusive' },
    { name: 'worse, within the margin', data: behind, rule: within(0.1), decision: 'pass' },
    { name: 'equal models, margin', data: same, rule: within(0.01), decision: 'pass' },
    { name: 'equal models, no margin', data: same, rule: within(0), decision: 'inconclusive' },
    { name: 'equal models, better', data: same, rule: better(0), decision: 'inconclusive' },
  ])('$name: $decision', ({ data, rule, decision }) => {
    expect(verdictOf({ ...data, rules: [rule] }).decision).toBe(decision)
  })

  it('passes when the interval ends exactly on the bound', () => {
    const [check] = verdictOf({ ...ahead, rules: [floor(0)] }).checks
    const low = check?.interval?.low ?? Number.NaN
    expect(verdictOf({ ...ahead, rules: [floor(low)] }).decision).toBe('pass')
    expect(verdictOf({ ...ahead, rules: [floor(low + 1e-9)] }).decision).toBe('inconclusive')
  })

  it('does not lose an exact gain to the rounding of a subtraction', () => {
    // .84 - .80 is .03999999999999992 in floating point.
    const data = byCounts(80, 4, 0, 16)
    const rule: GateRule = { ...better(0.04), evidence: 'estimate' }
    expect(verdictOf({ ...data, rules: [rule] }).decision).toBe('pass')
  })

  it('judges the estimate alone only when told to, and says so', () => {
    const rule: GateRule = { ...floor(0.89), evidence: 'estimate' }
    const verdict = verdictOf({ ...ahead, rules: [rule] })
    expect(verdict.decision).toBe('pass')
    expect(verdict.checks[0]?.reason).toContain('without its uncertainty')
  })

  it('is never sure of a few examples, however perfect', () => {
    const id = [0, 1, 2, 3, 4, 5]
    const label = [0, 1, 0, 1, 0, 1]
    const candidate = tableOf({ id, label, prediction: label, score: label })
    for (const metric of ['accuracy', 'auc', 'f1', 'brier', 'average-precision', 'matthews']) {
      const bound = metric === 'brier' ? { 'at-most': 0.1 } : { 'at-least': 0.9 }
      const verdict = verdictOf({ candidate, rules: [{ metric, ...bound }] })
      expect([metric, verdict.decision]).toEqual([metric, 'inconclusive'])
    }
  })

  it('never passes a metric that has no value', () => {
    const candidate = tableOf({ id: [0, 1, 2], label: [0, 1, 1], prediction: [0, 0, 0] })
    const verdict = verdictOf({ candidate, rules: [{ metric: 'precision', 'at-least': 0 }] })
    expect(verdict.decision).toBe('inconclusive')
    expect(verdict.checks[0]).toMatchObject({ candidate: null, interval: null, test: null })
    expect(verdict.checks[0]?.reason).toContain('no example is predicted positive')
  })

  it('does not decide a comparison for which there is no baseline', () => {
    const { candidate } = ahead
    const verdict = verdictOf({ candidate, rules: [within(0.1)] })
    expect(verdict.decision).toBe('inconclusive')
    expect(verdict.samples).toEqual({ candidate: 1000, baseline: null, joined: 1000 })
    expect(verdict.checks[0]?.reason).toContain('there is no baseline')
  })

  it('says how many examples would settle what is astride', () => {
    const [check] = verdictOf({ ...behind, rules: [within(0.06)] }).checks
    expect(check?.status).toBe('inconclusive')
    expect(check?.reason).toMatch(/about [\d,]+ examples \(now 1,000\) would settle it/)
  })

  it('tells better and worse in words, whichever way the metric points', () => {
    const reasons = verdictOf({ ...behind, rules: [within(0.02)] }).checks.map((one) => one.reason)
    expect(reasons[0]).toMatch(
      /^accuracy 0\.88 is 5 points worse than the baseline's 0\.93 \(95% interval of the difference −6\.\d+ to −3\.\d+ points\): /,
    )
  })
})

describe('decideGate, metrics where lower is better', () => {
  const id = Array.from({ length: 200 }, (_, i) => i)
  const label = id.map((i) => Math.sin(i) * 10)
  const noise = (i: number) => Math.cos(7 * i) + Math.sin(13 * i) / 2
  const table = (scale: number) =>
    tableOf({ id, label, prediction: label.map((y, i) => y + scale * noise(i)) })
  const policy = { task: 'regression' } as const
  const rules: GateRule[] = ['mae', 'mse', 'rmse'].map((metric) => ({
    metric,
    'no-worse-than': 'baseline',
  }))

  it('fails a larger error and passes a smaller one', () => {
    const files = { policy, rules }
    const worse = verdictOf({ ...files, candidate: table(2), baseline: table(1) })
    expect(worse.checks.map(({ status, direction }) => [status, direction])).toEqual(
      rules.map(() => ['fail', 'worse']),
    )
    const better = verdictOf({ ...files, candidate: table(1), baseline: table(2) })
    expect(better.checks.map(({ status }) => status)).toEqual(rules.map(() => 'pass'))
    expect(better.checks.every(({ difference }) => (difference ?? 0) < 0)).toBe(true)
    const r2 = [{ metric: 'r2', 'no-worse-than': 'baseline' } as const]
    const explained = verdictOf({ policy, rules: r2, candidate: table(2), baseline: table(1) })
    expect(explained.decision).toBe('fail')
  })

  it('takes the direction of a column from its rule', () => {
    const cost = (extra: number) =>
      tableOf({ id, label, cost: id.map((i) => 5 + extra + noise(i)) })
    const files = { policy, candidate: cost(1), baseline: cost(0) }
    const rule = { metric: 'column:cost', 'no-worse-than': 'baseline' } as const
    expect(verdictOf({ ...files, rules: [{ ...rule, direction: 'higher' }] }).decision).toBe('pass')
    expect(verdictOf({ ...files, rules: [{ ...rule, direction: 'lower' }] }).decision).toBe('fail')
    const ceiling = verdictOf({ ...files, rules: [{ metric: 'column:cost', 'at-most': 3 }] })
    expect(ceiling.checks[0]).toMatchObject({ status: 'fail', direction: 'worse' })
  })
})

describe('decideGate, several rules', () => {
  const behind = byCounts(870, 10, 60, 60)
  const hopeless: GateRule = { metric: 'accuracy', 'at-least': 0.99 }

  it('passes only if every rule of level fail passes', () => {
    expect(verdictOf({ ...behind, rules: [within(0.1), hopeless] }).decision).toBe('fail')
    const unsure: GateRule = { metric: 'accuracy', 'at-least': 0.87 }
    expect(verdictOf({ ...behind, rules: [within(0.1), unsure] }).decision).toBe('inconclusive')
    expect(verdictOf({ ...behind, rules: [hopeless, unsure] }).decision).toBe('fail')
  })

  it('lets a warn rule warn at most, and never hides that it did not pass', () => {
    const warn: GateRule = { ...hopeless, level: 'warn' }
    expect(verdictOf({ ...behind, rules: [within(0.1), warn] }).decision).toBe('warn')
    const unsure: GateRule = { metric: 'accuracy', 'at-least': 0.87, level: 'warn' }
    expect(verdictOf({ ...behind, rules: [within(0.1), unsure] }).decision).toBe('warn')
    expect(verdictOf({ ...behind, rules: [hopeless, warn] }).decision).toBe('fail')
  })

  it('calls a failure that the correction leaves to chance inconclusive', () => {
    // The difference is just outside 0 alone (p about .03), and one of ten such questions.
    const data = byCounts(900, 12, 26, 62)
    expect(verdictOf({ ...data, rules: [within(0)] }).decision).toBe('fail')
    const others: GateRule[] = Array.from({ length: 9 }, () => within(0.1))
    const verdict = verdictOf({ ...data, rules: [within(0), ...others] })
    expect(verdict.decision).toBe('inconclusive')
    expect(verdict.checks[0]?.reason).toContain('after the holm correction over 10 checks')
    expect(verdict.checks[0]?.claim?.adjustedPValue).toBeGreaterThan(0.05)
    const policy = { correction: 'none' } as const
    expect(verdictOf({ ...data, policy, rules: [within(0), ...others] }).decision).toBe('fail')
  })

  it('asks for no correction of what passes', () => {
    const data = byCounts(870, 30, 10, 90)
    const rules = Array.from({ length: 30 }, () => within(0))
    expect(verdictOf({ ...data, rules }).decision).toBe('pass')
  })

  it('numbers checks that would have the same id', () => {
    const { checks } = verdictOf({ ...behind, rules: [within(0), within(0.1)] })
    expect(checks.map(({ id }) => id)).toEqual([
      'accuracy.no-worse-than',
      'accuracy.no-worse-than#2',
    ])
  })
})

describe('decideGate, slices', () => {
  const hostile = 'naïve|<b>@all\n::set-output'
  const slice = { by: ['sex'], 'min-size': 50 }
  const rule: GateRule = { ...within(0.03), slices: slice }

  /** 600 examples of F where both models are right, `n` of a second value where the candidate is wrong. */
  function sliced(n: number, value: string | null) {
    const id = Array.from({ length: 600 + n }, (_, i) => i)
    const label = id.map((i) => i % 2)
    const sex = id.map((i) => (i < 600 ? 'F' : value))
    const prediction = label.map((y, i) => (i < 600 ? y : 1 - y))
    return {
      candidate: tableOf({ id, label, prediction, sex }),
      baseline: tableOf({ id, label, prediction: label }),
    }
  }

  it('fails on a slice that falls, and keeps its value as data', () => {
    const verdict = verdictOf({ ...sliced(60, hostile), rules: [rule] })
    expect(verdict.decision).toBe('fail')
    const found = verdict.checks.map(({ slice: key, n, status }) => [key, n, status])
    expect(found).toEqual([
      [null, 660, 'fail'],
      [{ column: 'sex', value: 'F' }, 600, 'pass'],
      [{ column: 'sex', value: hostile }, 60, 'fail'],
    ])
    expect(verdict.checks[2]?.id).toBe(`accuracy.no-worse-than[sex=${hostile}]`)
  })

  it('shows slices that are too small without judging them', () => {
    const verdict = verdictOf({ ...sliced(4, 'M'), rules: [rule] })
    expect(verdict.decision).toBe('pass')
    expect(verdict.checks[2]).toMatchObject({
      id: 'accuracy.no-worse-than[sex=M]',
      n: 4,
      status: 'skipped',
      candidate: null,
    })
    expect(verdict.slices).toEqual([
      { column: 'sex', values: 2, judged: 1, skipped: 1, minSize: 50 },
    ])
  })

  it('makes a slice of the rows without a value', () => {
    const verdict = verdictOf({ ...sliced(60, null), rules: [rule] })
    expect(verdict.checks[2]).toMatchObject({
      id: 'accuracy.no-worse-than[sex is missing]',
      slice: { column: 'sex', value: null },
      status: 'fail',
    })
  })

  it('does not decide a metric that has no value in a slice', () => {
    const id = Array.from({ length: 200 }, (_, i) => i)
    const label = id.map((i) => (i < 100 ? i % 2 : 0))
    const score = id.map((i) => ((i * 37) % 101) / 101)
    const candidate = tableOf({ id, label, score, sex: id.map((i) => (i < 100 ? 'F' : 'M')) })
    const verdict = verdictOf({
      candidate,
      rules: [{ metric: 'auc', 'at-least': 0, slices: slice }],
    })
    expect(verdict.checks.map(({ status }) => status)).toEqual(['pass', 'pass', 'inconclusive'])
    expect(verdict.checks[2]?.reason).toContain('no example is positive')
  })
})

describe('decideGate, fairness', () => {
  const rule: GateRule = { metric: 'demographic-parity-difference', group: 'group', 'at-most': 0.1 }

  function selected(rates: readonly (readonly [string, number, number])[]) {
    const group = rates.flatMap(([name, n]) => Array.from({ length: n }, () => name))
    const prediction = rates.flatMap(([, n, yes]) =>
      Array.from({ length: n }, (_, i) => (i < yes ? 1 : 0)),
    )
    const id = group.map((_, i) => i)
    return tableOf({ id, label: id.map((i) => i % 2), prediction, group })
  }

  it('judges the gap between groups by its interval', () => {
    const near = selected([
      ['a', 3000, 1500],
      ['b', 3000, 1530],
    ])
    expect(verdictOf({ candidate: near, rules: [rule] }).decision).toBe('pass')
    const far = selected([
      ['a', 3000, 1500],
      ['b', 3000, 2100],
    ])
    expect(verdictOf({ candidate: far, rules: [rule] }).decision).toBe('fail')
  })

  it('leaves examples without a group out, and counts the others', () => {
    const known = selected([
      ['a', 3000, 1500],
      ['b', 3000, 1530],
    ])
    const group = column('group', [
      ...Array(3000).fill('a'),
      ...Array(2990).fill('b'),
      ...Array(10).fill(null),
    ])
    const candidate = { ...known, columns: [...known.columns.slice(0, 3), group] }
    const [check] = verdictOf({ candidate, rules: [rule] }).checks
    expect(check).toMatchObject({ n: 5990, status: 'pass' })
  })

  it('does not decide a gap on a group of a few', () => {
    const tiny = selected([
      ['a', 3000, 1500],
      ['b', 5, 2],
    ])
    const verdict = verdictOf({ candidate: tiny, rules: [rule] })
    expect(verdict.decision).toBe('inconclusive')
    expect(verdict.checks[0]?.reason).toContain('group "b" has 5 examples')
  })
})

describe('decideGate is reproducible', () => {
  const rules: GateRule[] = [
    { metric: 'accuracy', 'no-worse-than': 'baseline', slices: { by: ['group'] } },
    { metric: 'f1', 'no-worse-than': 'baseline', margin: 0.02 },
    { metric: 'auc', 'at-least': 0.7 },
    { metric: 'log-loss', 'better-than': 'baseline' },
    { metric: 'average-precision', 'no-worse-than': 'baseline', margin: 0.02 },
    { metric: 'equalized-odds-difference', group: 'group', 'at-most': 0.2 },
  ]
  const models = twoModels(300, createRandom(3))

  it('gives the same bytes for the same seed', () => {
    const once = JSON.stringify(verdictOf({ ...tablesOf(models), rules }))
    expect(JSON.stringify(verdictOf({ ...tablesOf(models), rules }))).toBe(once)
    expect(JSON.stringify(verdictOf({ ...tablesOf(models), rules, seed: 8 }))).not.toBe(once)
  })

  it('records what it takes to compute it again', () => {
    const policy = { seed: 7, confidence: 0.9, correction: 'none' } as const
    expect(verdictOf({ ...tablesOf(models), rules: rules.slice(0, 1), policy }).policy).toEqual(
      policy,
    )
  })

  it('holds nothing that JSON cannot', () => {
    const verdict = verdictOf({ ...tablesOf(models), rules })
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict)
  })

  it('does not depend on the order of the rows', () => {
    const turned = Object.fromEntries(
      Object.entries(models).map(([key, values]) => [key, [...values].reverse()]),
    ) as unknown as typeof models
    const numbers = (verdict: VerdictBody) =>
      verdict.checks.flatMap((one) => [
        one.candidate ?? 0,
        one.baseline ?? 0,
        one.interval?.low ?? 0,
        one.interval?.high ?? 0,
        one.test?.pValue ?? 0,
      ])
    const once = numbers(verdictOf({ ...tablesOf(models), rules }))
    const again = numbers(verdictOf({ ...tablesOf(turned), rules }))
    again.forEach((value, i) => {
      expect(value).toBeCloseTo(once[i] ?? Number.NaN, 9)
    })
  })

  it('gives a rule the same numbers whatever other rules there are', () => {
    const all = verdictOf({ ...tablesOf(models), rules }).checks
    const alone = verdictOf({ ...tablesOf(models), rules: rules.slice(1, 2) }).checks[0]
    expect(all.find(({ id }) => id === alone?.id)?.interval).toEqual(alone?.interval)
  })

  it('turns every difference when the models are swapped', () => {
    const { candidate, baseline } = tablesOf(models)
    const compare = rules.filter((rule) => rule['no-worse-than'] ?? rule['better-than'])
    const there = verdictOf({ candidate, baseline, rules: compare }).checks
    const back = verdictOf({ candidate: baseline, baseline: candidate, rules: compare }).checks
    there.forEach((check, i) => {
      const other = back[i]
      expect(other?.difference).toBeCloseTo(-(check.difference ?? Number.NaN), 12)
      const exact = !check.interval?.method.startsWith('bootstrap')
      expect(other?.interval?.low).toBeCloseTo(-(check.interval?.high ?? 0), exact ? 9 : 2)
    })
  })
})
