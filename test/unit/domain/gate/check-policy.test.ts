import { describe, expect, it } from '@jest/globals'
import { policyProblems } from '../../../../src/domain/gate/check-policy.js'
import type { GatePolicy, GateRule } from '../../../../src/domain/gate/policy.js'
import { policyOf } from './gate-fixtures.js'

const floor = (metric: string, bound = 0.5): GateRule => ({ metric, 'at-least': bound })

describe('policyProblems', () => {
  const cases: { name: string; rules: GateRule[]; policy?: Partial<GatePolicy>; says: string[] }[] =
    [
      {
        name: 'a mistyped metric',
        rules: [floor('acuracy')],
        says: ['MW-GATE-001', 'gate.rules[0]', 'Did you mean "accuracy"?'],
      },
      {
        name: 'a metric like no other',
        rules: [floor('zzzzzzzzzz')],
        says: ['MW-GATE-001', 'Use one of accuracy'],
      },
      {
        name: 'a metric of the other task',
        rules: [floor('auc')],
        policy: { task: 'regression' },
        says: ['MW-GATE-002', 'auc is a metric of classification, and the task is regression'],
      },
      {
        name: 'no comparison',
        rules: [{ metric: 'auc' }],
        says: ['MW-GATE-003', 'compares with nothing'],
      },
      {
        name: 'two comparisons',
        rules: [{ metric: 'auc', 'at-least': 0.5, 'no-worse-than': 'baseline' }],
        says: ['MW-GATE-003', 'at-least and no-worse-than'],
      },
      {
        name: 'a margin without its comparison',
        rules: [{ metric: 'auc', 'at-least': 0.5, margin: 0.1 }],
        says: ['MW-GATE-003', 'margin, which belongs to no-worse-than'],
      },
      {
        name: 'a negative margin',
        rules: [{ metric: 'auc', 'no-worse-than': 'baseline', margin: -0.1 }],
        says: ['MW-GATE-009', 'Write margin: 0.1.'],
      },
      {
        name: 'a floor over a ceiling',
        rules: [floor('auc', 0.9), { metric: 'auc', 'at-most': 0.8 }],
        says: ['MW-GATE-004', 'at least 0.9 here and at most 0.8'],
      },
      {
        name: 'a comparison with baseline: none',
        rules: [{ metric: 'auc', 'better-than': 'baseline' }],
        policy: { comparesWithBaseline: false },
        says: ['MW-GATE-005', 'gate.baseline'],
      },
      {
        name: 'a fairness metric without a group',
        rules: [{ metric: 'demographic-parity-difference', 'at-most': 0.1 }],
        says: ['MW-GATE-008', 'group: <column>'],
      },
      {
        name: 'a share written as a percentage',
        rules: [floor('accuracy', 80)],
        says: ['MW-GATE-009', 'Write it as a share: 0.8.'],
      },
      {
        name: 'a margin written as a percentage',
        rules: [{ metric: 'accuracy', 'no-worse-than': 'baseline', margin: 1 }],
        says: ['MW-GATE-009', 'Write it as a share: 0.01.'],
      },
      {
        name: 'an improvement that no model can make',
        rules: [{ metric: 'matthews', 'better-than': 'baseline', by: 2 }],
        says: ['MW-GATE-009', 'by is 2', 'below 2'],
      },
      {
        name: 'an absolute and a relative margin',
        rules: [
          { metric: 'auc', 'no-worse-than': 'baseline', margin: 0.01, 'relative-margin': 0.01 },
        ],
        says: ['MW-GATE-040', 'margin and relative-margin'],
      },
      {
        name: 'a relative amount of 2, meant as 2%',
        rules: [{ metric: 'auc', 'better-than': 'baseline', 'relative-by': 2 }],
        says: ['MW-GATE-009', '200%', 'such as 0.02'],
      },
      {
        name: 'a stray relative margin',
        rules: [{ metric: 'auc', 'better-than': 'baseline', 'relative-margin': 0.1 }],
        says: ['MW-GATE-003', 'relative-margin, which belongs to no-worse-than or equivalent-to'],
      },
      {
        name: 'equivalence without a margin',
        rules: [{ metric: 'auc', 'equivalent-to': 'baseline' }],
        says: ['MW-GATE-041', 'does not say how far apart'],
      },
      {
        name: 'equivalence within nothing',
        rules: [{ metric: 'auc', 'equivalent-to': 'baseline', margin: 0 }],
        says: ['MW-GATE-041', 'no interval can show'],
      },
      {
        name: 'a share of a value that may be negative',
        rules: [{ metric: 'matthews', 'no-worse-than': 'baseline', 'relative-margin': 0.1 }],
        says: ['MW-GATE-051', 'may be zero or negative'],
      },
      {
        name: 'better by more than what still counts as equal',
        rules: [
          { metric: 'auc', 'better-than': 'baseline', by: 0.05 },
          { metric: 'auc', 'equivalent-to': 'baseline', margin: 0.01 },
        ],
        says: ['MW-GATE-004', 'better by at least 0.05 here and at most 0.01 apart'],
      },
      {
        name: 'a k that means nothing',
        rules: [{ ...floor('accuracy'), k: 5 }],
        says: ['MW-GATE-056', 'k, which means nothing there'],
      },
      {
        name: 'folds of a metric of examples',
        rules: [{ ...floor('accuracy'), folds: { 'test-share': 0.2 } }],
        says: ['MW-GATE-056', 'it is for lists under metrics:<name>'],
      },
      {
        name: 'a k that is missing',
        rules: [floor('top-k-accuracy')],
        says: ['MW-GATE-057', 'Add k: 5.'],
      },
      {
        name: 'a quantile that is missing',
        rules: [{ metric: 'pinball', 'at-most': 5 }],
        policy: { task: 'regression' },
        says: ['MW-GATE-057', 'Add quantile: 0.9.'],
      },
      {
        name: 'a quantile beyond 1',
        rules: [{ metric: 'pinball', 'at-most': 5, quantile: 90 }],
        policy: { task: 'regression' },
        says: ['MW-GATE-009', 'quantile is 90'],
      },
      {
        name: 'a k of half a document',
        rules: [{ ...floor('top-k-accuracy'), k: 0.5 }],
        says: ['MW-GATE-009', 'k is 0.5'],
      },
      {
        name: 'an average that the metric does not have',
        rules: [{ ...floor('accuracy'), average: 'macro' }],
        says: ['MW-GATE-056', 'average'],
      },
      {
        name: 'edges of a column that is not sliced by',
        rules: [{ ...floor('accuracy'), slices: { by: ['sex'], bins: { age: [30] } } }],
        says: ['MW-GATE-055', '"age"'],
      },
      {
        name: 'edges out of order',
        rules: [{ ...floor('accuracy'), slices: { by: ['age'], bins: { age: [45, 30] } } }],
        says: ['MW-GATE-055', 'do not rise: 45, 30'],
      },
      {
        name: 'a budget of nothing that the training knows',
        rules: [{ metric: 'training:duration', 'at-most': 60 }],
        says: ['MW-GATE-042', 'training:'],
      },
      {
        name: 'a budget with a slip of the pen',
        rules: [{ metric: 'training:costs', 'at-most': 60 }],
        says: ['MW-GATE-042', 'Did you mean "training:cost"?'],
      },
      {
        name: "a comparison of the training's numbers",
        rules: [{ metric: 'training:cost', 'no-worse-than': 'baseline', margin: 1 }],
        says: ['MW-GATE-043', 'budget with at-most'],
      },
      {
        name: 'a number that is compared without a margin',
        rules: [{ metric: 'metrics:bleu', 'no-worse-than': 'baseline' }],
        says: ['MW-GATE-041', 'margin: 0 where any difference counts'],
      },
      {
        name: 'a metric of examples against a file of numbers, without a margin',
        rules: [{ metric: 'accuracy', 'better-than': 'baseline' }],
        policy: { baselinePoints: true },
        says: ['MW-GATE-041', 'Give by or relative-by'],
      },
      {
        name: 'slices against a file of numbers',
        rules: [
          {
            metric: 'accuracy',
            'no-worse-than': 'baseline',
            margin: 0.01,
            slices: { by: ['sex'] },
          },
        ],
        policy: { baselinePoints: true },
        says: ['MW-GATE-052', 'slices'],
      },
      {
        name: 'a number of which nobody knows which way it is better',
        rules: [{ metric: 'metrics:val_loss', 'no-worse-than': 'baseline', margin: 0.01 }],
        says: ['MW-GATE-048', 'direction: lower'],
      },
      {
        name: 'slices of a number',
        rules: [{ metric: 'metrics:bleu', 'at-least': 0.3, slices: { by: ['sex'] } }],
        says: ['MW-GATE-052', 'metrics:bleu'],
      },
      {
        name: 'folds without their share',
        rules: [{ metric: 'metrics:bleu', 'at-least': 0.3, folds: {} }],
        says: ['MW-GATE-050', 'folds.test-share'],
      },
      {
        name: 'five-by-two of one model',
        rules: [{ metric: 'metrics:bleu', 'at-least': 0.3, folds: { scheme: 'five-by-two' } }],
        says: ['MW-GATE-050', 'compares two models'],
      },
      {
        name: 'folds and a relative margin',
        rules: [
          {
            metric: 'metrics:bleu',
            'no-worse-than': 'baseline',
            'relative-margin': 0.1,
            folds: { 'test-share': 0.2 },
          },
        ],
        says: ['MW-GATE-054', 'by their differences'],
      },
    ]

  it.each(cases)('$name', ({ rules, policy, says }) => {
    const problems = policyProblems(policyOf(rules, policy))
    expect(problems).toHaveLength(1)
    const [{ code, where, what, fix } = { code: '', where: '', what: '', fix: '' }] = problems
    const text = `${code}: ${where}: ${what} ${fix}`
    for (const part of says) expect(text).toContain(part)
  })

  it('asks which way a column is better that is called like a loss (MW-GATE-048)', () => {
    const rule: GateRule = { metric: 'column:latency_ms', 'no-worse-than': 'baseline', margin: 5 }
    const codes = (one: GateRule) => policyProblems(policyOf([one])).map(({ code }) => code)
    expect(codes(rule)).toEqual(['MW-GATE-048'])
    expect(codes({ ...rule, direction: 'lower' })).toEqual([])
    expect(codes({ metric: 'column:latency_ms', 'at-most': 5 })).toEqual([])
    expect(codes({ ...rule, metric: 'column:lossless_quality' })).toEqual([])
  })

  it('finds nothing wrong with a sound policy', () => {
    const rules: GateRule[] = [
      floor('accuracy'),
      { metric: 'accuracy', 'at-most': 0.9 },
      { metric: 'log-loss', 'no-worse-than': 'baseline', margin: 2 },
      { metric: 'equalized-odds-difference', group: 'sex', 'at-most': 0.1 },
      { metric: 'column:anything at all', 'at-most': 1e9 },
      {
        metric: 'column:latency',
        'no-worse-than': 'baseline',
        'relative-margin': 0.1,
        direction: 'lower',
      },
      { metric: 'auc', 'equivalent-to': 'baseline', margin: 0.02 },
      { metric: 'auc', 'better-than': 'baseline', by: 0.02 },
      { metric: 'top-k-accuracy', 'at-least': 0.5, k: 5 },
      { metric: 'auc', 'at-least': 0.5, 'multi-class': 'one-vs-one', average: 'macro' },
      { metric: 'f1', 'at-least': 0.5, average: 'micro' },
      { metric: 'recall', 'at-least': 0.5, slices: { by: [['sex', 'age']], bins: { age: [30] } } },
      { metric: 'training:cost', 'at-most': 5 },
      { metric: 'metrics:bleu', 'no-worse-than': 'baseline', margin: 0 },
      { metric: 'metrics:log_loss', 'no-worse-than': 'baseline', margin: 0.01 },
      { metric: 'metrics:val_loss', 'at-most': 0.4 },
    ]
    expect(policyProblems(policyOf(rules))).toEqual([])
  })
})
