import { describe, expect, it } from '@jest/globals'
import * as z from 'zod'
import { GateSection } from '../../../src/config/gate.js'
import type { GatePolicy } from '../../../src/domain/gate/policy.js'

const rule = { metric: 'auc', 'at-least': 0.8 }
const minimal = { task: 'classification', rules: [rule] }

function complaints(section: unknown): string[] {
  const parsed = GateSection.safeParse(section)
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('GateSection', () => {
  it('needs a task and rules; the rest has defaults', () => {
    const section = GateSection.parse(minimal)
    expect(section).toEqual({
      mode: 'evaluate',
      task: 'classification',
      predictions: 'predictions.csv',
      baseline: 'none',
      pairing: 'id',
      tracker: 'mlflow',
      abstentions: 'refuse',
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score', groups: [] },
      confidence: 0.95,
      correction: 'holm',
      seed: 7,
      'min-overlap': 0.95,
      rules: [{ ...rule, evidence: 'interval', level: 'fail' }],
      'policy-ref': 'head',
      'slice-search': { 'min-size': 50, depth: 2, rate: 0.1 },
      'show-examples': false,
      'fail-on': 'inconclusive',
    })
    const { task, rules, confidence, correction, seed } = section
    const policy: GatePolicy = {
      task,
      rules,
      confidence,
      correction,
      seed,
      comparesWithBaseline: false,
    }
    expect(policy.rules).toHaveLength(1)
  })

  it('reads the example of the documentation', () => {
    const section = GateSection.parse({
      ...minimal,
      baseline: 'registry:champion',
      columns: {
        id: 'id',
        label: 'label',
        prediction: 'prediction',
        score: 'score',
        groups: ['sex', 'age_band'],
      },
      positive: 1,
      rules: [
        { metric: 'accuracy', 'at-least': 0.8 },
        { metric: 'auc', 'no-worse-than': 'baseline', margin: 0.01 },
        { metric: 'f1', 'better-than': 'baseline', by: 0.005 },
        {
          metric: 'recall',
          'no-worse-than': 'baseline',
          margin: 0.03,
          slices: { by: ['sex', 'age_band'], 'min-size': 50 },
        },
        { metric: 'demographic-parity-difference', group: 'sex', 'at-most': 0.1 },
        { metric: 'expected-calibration-error', 'at-most': 0.05, level: 'warn' },
      ],
    })
    expect(section.positive).toBe('1')
    expect(section.rules[3]?.slices).toEqual({ by: ['sex', 'age_band'], 'min-size': 50 })
  })

  it.each([
    [
      { metric: 'auc' },
      'rules.0: a rule needs exactly one of at-least, at-most, no-worse-than, better-than, equivalent-to; it has none',
    ],
    [{ ...rule, 'at-most': 0.9 }, 'it has at-least and at-most'],
    [
      { ...rule, margin: 0.1 },
      'rules.0.margin: margin belongs to a rule with no-worse-than or equivalent-to: baseline',
    ],
    [{ ...rule, by: 0.1 }, 'rules.0.by: by belongs to a rule with better-than: baseline'],
    [{ ...rule, 'relative-by': 0.1 }, 'relative-by belongs to a rule with better-than: baseline'],
    [
      { ...rule, 'relative-margin': 0.1 },
      'relative-margin belongs to a rule with no-worse-than or equivalent-to: baseline',
    ],
    [
      { metric: 'auc', 'equivalent-to': 'baseline' },
      'equivalent-to needs margin or relative-margin',
    ],
    [{ ...rule, quantile: 1 }, 'rules.0.quantile'],
    [{ ...rule, k: 0 }, 'rules.0.k'],
    [{ ...rule, slices: { by: 'age', bins: { age: [] } } }, 'rules.0.slices.bins.age'],
    [{ ...rule, folds: { 'test-share': 0 } }, 'rules.0.folds.test-share'],
    [{ ...rule, 'at-lest': 0.9 }, 'at-lest'],
    [{ metric: 'auc', 'no-worse-than': 'champion' }, 'rules.0.no-worse-than'],
  ])('refuses the rule %j', (broken, says) => {
    expect(complaints({ ...minimal, rules: [broken] }).join('\n')).toContain(says)
  })

  it.each(['main', 'file:', 'registry:', 'registry:a/b', 'ref:-x', 'run:'])(
    'refuses baseline: %s, and lists the forms',
    (baseline) => {
      expect(complaints({ ...minimal, baseline })).toEqual([
        'baseline: must be file:<path>, registry:<alias> (as registry:champion), ref:<branch or commit>, run:<id of a tracked run>, metrics:<path>, or none',
      ])
    },
  )

  it.each(['ref:main', 'ref:0a1b2c', 'run:3f2', 'metrics:old/metrics.json', 'file:a.csv'])(
    'takes baseline: %s',
    (baseline) => {
      expect(complaints({ ...minimal, baseline })).toEqual([])
    },
  )

  it('reads slices by one column, several, and combinations, and bins of numbers', () => {
    const by = (slices: unknown) =>
      GateSection.parse({ ...minimal, rules: [{ ...rule, slices }] }).rules[0]?.slices
    expect(by({ by: 'sex' })?.by).toEqual(['sex'])
    expect(by({ by: ['sex', ['sex', 'age']], bins: { age: [30, 45] } })).toEqual({
      by: ['sex', ['sex', 'age']],
      'min-size': 50,
      bins: { age: [30, 45] },
    })
  })

  it('refuses no rules, an unknown key and a confidence of 95', () => {
    expect(complaints({ ...minimal, rules: [] })[0]).toContain('rules')
    expect(complaints({ ...minimal, rule: [] })[0]).toContain('rule')
    expect(complaints({ ...minimal, confidence: 95 })[0]).toContain('confidence')
  })

  it('describes every key', () => {
    const schema = z.toJSONSchema(GateSection, { io: 'input' })
    const undescribed = Object.entries(schema.properties ?? {}).filter(
      ([, property]) => !(property as { description?: string }).description,
    )
    expect(undescribed.map(([key]) => key)).toEqual([])
  })
})
