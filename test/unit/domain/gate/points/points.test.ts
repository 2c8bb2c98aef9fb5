import { describe, expect, it } from '@jest/globals'
import { evaluateGate, readsExamples } from '../../../../../src/domain/gate/evaluate.js'
import type { Points, PointValues } from '../../../../../src/domain/gate/points/point-values.js'
import { readPoints } from '../../../../../src/domain/gate/points/read-points.js'
import type { GatePolicy, GateRule } from '../../../../../src/domain/gate/policy.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { ask, byCounts, policyOf } from '../gate-fixtures.js'

const judge = (rules: readonly GateRule[], points: PointValues, policy: Partial<GatePolicy> = {}) =>
  evaluateGate({ policy: policyOf(rules, policy), points, random: createRandom(7) })

const checkOf = (rule: GateRule, points: PointValues) => {
  const answer = judge([rule], points)
  if (answer.value === undefined) throw new Error(JSON.stringify(answer.problems))
  return answer.value.checks[0]
}

const both = (candidate: Points, baseline: Points): PointValues => ({ candidate, baseline })
const bleu = both({ bleu: 0.31 }, { bleu: 0.33 })
const compare = (rest: Partial<GateRule>): GateRule => ({
  metric: 'metrics:bleu',
  'no-worse-than': 'baseline',
  ...rest,
})

describe('rules on numbers that somebody else computed', () => {
  it.each([
    { rule: { metric: 'metrics:bleu', 'at-least': 0.3 }, status: 'pass' },
    { rule: { metric: 'metrics:bleu', 'at-least': 0.32 }, status: 'fail' },
    { rule: compare({ margin: 0.03 }), status: 'pass' },
    { rule: compare({ margin: 0.02 }), status: 'pass' },
    { rule: compare({ margin: 0.01 }), status: 'fail' },
    { rule: compare({ margin: 0 }), status: 'fail' },
    { rule: compare({ 'relative-margin': 0.1 }), status: 'pass' },
    { rule: compare({ 'relative-margin': 0.05 }), status: 'fail' },
    { rule: compare({ margin: 0, direction: 'lower' }), status: 'pass' },
    {
      rule: { metric: 'metrics:bleu', 'equivalent-to': 'baseline', margin: 0.01 },
      status: 'fail',
    },
    {
      rule: { metric: 'metrics:bleu', 'equivalent-to': 'baseline', margin: 0.05 },
      status: 'pass',
    },
    { rule: { metric: 'metrics:bleu', 'better-than': 'baseline', by: 0 }, status: 'fail' },
  ] satisfies { rule: GateRule; status: string }[])('$rule: $status', ({ rule, status }) => {
    const check = checkOf(rule, bleu)
    expect(check).toMatchObject({ status, interval: null, test: null, claim: null, n: 0 })
    expect(check?.reason).toMatch(/no uncertainty available\.$/)
  })

  it('tells what was compared, in words', () => {
    expect(checkOf(compare({ margin: 0.01 }), bleu)?.reason).toBe(
      "metrics:bleu 0.31 is 0.02 worse than the baseline's 0.33: the rule allows it to be at most 0.01 worse, and the value breaks it; no uncertainty available.",
    )
  })

  it('keeps to a budget of the training, lower is better', () => {
    const rule: GateRule = { metric: 'training:duration-seconds', 'at-most': 3600 }
    const took = (seconds: number) => ({ candidate: {}, training: { 'duration-seconds': seconds } })
    expect(checkOf(rule, took(3600))?.status).toBe('pass')
    expect(checkOf(rule, took(3601))?.status).toBe('fail')
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('never passes %p', (value) => {
    const check = checkOf({ metric: 'metrics:bleu', 'at-least': 0 }, { candidate: { bleu: value } })
    expect(check).toMatchObject({ status: 'inconclusive', candidate: null })
    expect(check?.reason).toMatch(/not a finite number; no uncertainty available\.$/)
    const against = checkOf(compare({ margin: 1 }), both({ bleu: 0.3 }, { bleu: value }))
    expect(against?.status).toBe('inconclusive')
  })

  it('finds no meaning in a share of a baseline that is not positive', () => {
    for (const value of [0, -1]) {
      const check = checkOf(compare({ 'relative-margin': 0.1 }), both({ bleu: 1 }, { bleu: value }))
      expect([value, check?.status]).toEqual([value, 'inconclusive'])
      expect(check?.reason).toContain("a share of the baseline's value has no meaning")
    }
  })

  it('names what was found where a name is missing, and the nearest one', () => {
    const rule: GateRule = { metric: 'metrics:blue', 'at-least': 0.3 }
    const problems = judge([rule], { candidate: { bleu: 0.3, 'rouge.l': 0.5 } }).problems
    expect(problems).toEqual([
      expect.objectContaining({
        code: 'MW-GATE-045',
        where: 'gate.rules[0]',
        what: 'the candidate has no number "blue". Found: bleu, rouge.l.',
        fix: 'Did you mean "bleu"?',
      }),
    ])
    const none = judge([compare({ margin: 0 })], { candidate: { bleu: 1 } }).problems
    expect(none?.[0]?.what).toBe('the baseline has no number "bleu". There are no numbers at all.')
    const inherited: GateRule = { metric: 'metrics:toString', 'at-least': 0 }
    expect(judge([inherited], { candidate: {} }).problems?.[0]?.code).toBe('MW-GATE-045')
  })

  it('does not count them in the correction of tested rules', () => {
    const data = byCounts(870, 10, 60, 60)
    const tested: GateRule = { metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.02 }
    const alone = ask({ ...data, rules: [tested] }).value
    const request = {
      policy: policyOf([tested, ...Array.from({ length: 30 }, () => compare({ margin: 0 }))]),
      points: bleu,
      files: {
        candidate: { file: 'c.csv', table: data.candidate },
        baseline: { file: 'b.csv', table: data.baseline },
        columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
        minOverlap: 0.95,
      },
      random: createRandom(7),
    }
    const together = evaluateGate(request).value
    expect(together?.checks[0]?.claim).toEqual(alone?.checks[0]?.claim)
  })

  it('compares a metric of examples with a number of the baseline by its value', () => {
    const { candidate } = byCounts(880, 20, 0, 100)
    const request = (margin: number) =>
      evaluateGate({
        policy: policyOf([{ metric: 'accuracy', 'no-worse-than': 'baseline', margin }], {
          baselinePoints: true,
        }),
        points: { candidate: {}, baseline: { accuracy: 0.92 } },
        files: {
          candidate: { file: 'c.csv', table: candidate },
          columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
          minOverlap: 0.95,
        },
        random: createRandom(7),
      }).value?.checks[0]
    expect(request(0.03)).toMatchObject({
      status: 'pass',
      baseline: 0.92,
      interval: null,
      test: null,
    })
    expect(request(0.01)?.status).toBe('fail')
    expect(request(0.01)?.reason).toMatch(/of the baseline there is no uncertainty available\.$/)
  })

  it('needs no predictions where every rule is about numbers', () => {
    expect(readsExamples([compare({ margin: 0 })])).toBe(false)
    expect(readsExamples([compare({ margin: 0 }), { metric: 'auc', 'at-least': 0.5 }])).toBe(true)
  })
})

describe('values of folds', () => {
  const folds = { 'test-share': 0.1 }
  const better = [0.82, 0.84, 0.83, 0.85, 0.84, 0.83, 0.82, 0.84, 0.85, 0.83]
  const worse = better.map((value, fold) => value - 0.02 - 0.001 * (fold % 3))
  const rule = (rest: Partial<GateRule>): GateRule => ({ metric: 'metrics:acc', ...rest })

  it('are tested by the corrected resampled t, and counted', () => {
    const check = checkOf(
      rule({ 'better-than': 'baseline', by: 0, folds }),
      both({ acc: better }, { acc: worse }),
    )
    expect(check).toMatchObject({ status: 'pass', n: 10, interval: { method: 'nadeau-bengio' } })
    expect(check?.difference).toBeCloseTo(0.0209, 6)
    expect(check?.test?.pValue).toBeLessThan(0.001)
    const turned = checkOf(
      rule({ 'no-worse-than': 'baseline', margin: 0.01, folds }),
      both({ acc: worse }, { acc: better }),
    )
    expect(turned?.status).toBe('fail')
    expect(turned?.claim?.boundary).toBe(-0.01)
  })

  it('of one model are held against a floor', () => {
    const check = checkOf(rule({ 'at-least': 0.8, folds }), { candidate: { acc: better } })
    expect(check).toMatchObject({ status: 'pass', interval: { of: 'candidate' } })
  })

  it('of five repetitions of two folds are tested by the test of Dietterich', () => {
    const check = checkOf(
      rule({ 'better-than': 'baseline', by: 0, folds: { scheme: 'five-by-two' } }),
      both({ acc: better }, { acc: worse }),
    )
    expect(check?.interval?.method).toBe('five-by-two')
    // First difference 0.02; mean variance of the pairs of differences.
    const differences = better.map((value, fold) => value - (worse[fold] ?? 0))
    let variances = 0
    for (let i = 0; i < 10; i += 2) {
      variances += ((differences[i] ?? 0) - (differences[i + 1] ?? 0)) ** 2 / 2
    }
    const error = Math.sqrt(variances / 5)
    expect(check?.interval?.low).toBeCloseTo(0.02 - 2.570581836 * error, 9)
    expect(check?.interval?.high).toBeCloseTo(0.02 + 2.570581836 * error, 9)
  })

  it('by their mean where the rule asks for the estimate alone', () => {
    const check = checkOf(rule({ 'at-least': 0.8, evidence: 'estimate' }), {
      candidate: { acc: better },
    })
    expect(check).toMatchObject({ status: 'pass', interval: null })
  })

  it('with a value missing decide nothing', () => {
    const check = checkOf(rule({ 'at-least': 0.1, folds }), {
      candidate: { acc: [...better.slice(1), Number.NaN] },
    })
    expect(check?.status).toBe('inconclusive')
  })

  it.each([
    { name: 'unsaid folds', rest: { 'at-least': 0.8 }, baseline: worse, code: 'MW-GATE-050' },
    {
      name: 'fewer of the baseline',
      rest: { 'no-worse-than': 'baseline', margin: 0, folds } as const,
      baseline: worse.slice(1),
      code: 'MW-GATE-049',
    },
    {
      name: 'one number of the baseline',
      rest: { 'no-worse-than': 'baseline', margin: 0, folds } as const,
      baseline: 0.8,
      code: 'MW-GATE-049',
    },
  ])('$name: $code', ({ rest, baseline, code }) => {
    const problems = judge([rule(rest)], both({ acc: better }, { acc: baseline })).problems
    expect(problems?.map((one) => one.code)).toEqual([code])
  })
})

describe('readPoints', () => {
  it('flattens objects with slashes, keeps lists of numbers, and leaves texts out', () => {
    const json = {
      bleu: 0.3,
      test: { f1: 0.8, by: { de: 0.7 } },
      folds: [0.1, 0.2],
      seen: null,
      model: 'xgb',
      tuned: true,
      runs: [{ loss: 1 }],
    }
    expect(readPoints(json, 'm.json').value).toEqual({
      bleu: 0.3,
      'test/f1': 0.8,
      'test/by/de': 0.7,
      folds: [0.1, 0.2],
      seen: Number.NaN,
      'runs/0/loss': 1,
    })
  })

  it('keeps a name that objects have of their own', () => {
    const points = readPoints(JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'), 'm').value
    expect(Object.entries(points ?? {})).toEqual([
      ['__proto__/a', 1],
      ['constructor', 2],
    ])
  })

  const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })
  it.each([
    { name: 'a number in quotes', json: { auc: '0.91' }, code: 'MW-GATE-046' },
    { name: 'a list', json: [1, 2], code: 'MW-GATE-047' },
    { name: 'a number alone', json: 3, code: 'MW-GATE-047' },
    { name: 'too deep', json: deep(12), code: 'MW-GATE-047' },
    { name: 'a name there twice', json: { 'a/b': 1, a: { b: 2 } }, code: 'MW-GATE-047' },
    { name: 'a long name', json: { ['x'.repeat(301)]: 1 }, code: 'MW-GATE-047' },
    { name: 'a long list', json: { a: new Array(10_001).fill(1) }, code: 'MW-GATE-047' },
    {
      name: 'too many',
      json: Object.fromEntries(Array.from({ length: 10_001 }, (_, i) => [`n${i}`, i])),
      code: 'MW-GATE-047',
    },
  ])('refuses $name', ({ json, code }) => {
    const { problems } = readPoints(json, 'metrics.json')
    expect(problems?.map((one) => [one.code, one.where])).toEqual([[code, 'metrics.json']])
  })
})
