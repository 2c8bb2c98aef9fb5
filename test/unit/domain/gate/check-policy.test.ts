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
    ]

  it.each(cases)('$name', ({ rules, policy, says }) => {
    const problems = policyProblems(policyOf(rules, policy))
    expect(problems).toHaveLength(1)
    const [{ code, where, what, fix } = { code: '', where: '', what: '', fix: '' }] = problems
    const text = `${code}: ${where}: ${what} ${fix}`
    for (const part of says) expect(text).toContain(part)
  })

  it('finds nothing wrong with a sound policy', () => {
    const rules: GateRule[] = [
      floor('accuracy'),
      { metric: 'accuracy', 'at-most': 0.9 },
      { metric: 'log-loss', 'no-worse-than': 'baseline', margin: 2 },
      { metric: 'equalized-odds-difference', group: 'sex', 'at-most': 0.1 },
      { metric: 'column:anything at all', 'at-most': 1e9 },
    ]
    expect(policyProblems(policyOf(rules))).toEqual([])
  })
})
