import { describe, expect, it } from '@jest/globals'
import { readGate } from '../../../../../src/domain/gate/evaluate.js'
import { planRules } from '../../../../../src/domain/gate/planning/plan-rules.js'
import type { Beliefs } from '../../../../../src/domain/gate/planning/required-examples.js'
import type { GateRule } from '../../../../../src/domain/gate/policy.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { policyOf, tablesOf, twoModels } from '../gate-fixtures.js'

const beliefs: Beliefs = { level: 0.95, power: 0.8, difference: 0 }
const accuracy = (rest: Partial<GateRule>): GateRule => ({ metric: 'accuracy', ...rest })
const within: GateRule = accuracy({ 'no-worse-than': 'baseline', margin: 0.02 })

const plan = (rule: GateRule, more: Partial<Beliefs> = {}) =>
  planRules({ rules: [rule], beliefs: { ...beliefs, ...more }, examples: undefined, seed: 7 })[0]

describe('planRules without data', () => {
  it('follows the formula of a paired non-inferiority test', () => {
    // (1.95996 + 0.84162)^2 * 0.1 / 0.02^2 = 1962, by the normal approximation; the exact power of Tango's interval is near.
    const found = plan(within, { discordance: 0.1 })
    expect(found?.needed).toBeGreaterThan(1850)
    expect(found?.needed).toBeLessThan(2150)
    expect(found).toMatchObject({ method: 'tango, exact power', assumptions: { discordance: 0.1 } })
  })

  it('takes models that err independently, where only the value of one is known', () => {
    expect(plan(within, { value: 0.9 })?.assumptions['discordance']).toBeCloseTo(0.18, 12)
  })

  it('needs fewer examples for a wider margin, a better candidate and less power', () => {
    const base = plan(within, { discordance: 0.1 })?.needed ?? 0
    const wider = accuracy({ 'no-worse-than': 'baseline', margin: 0.04 })
    expect(plan(wider, { discordance: 0.1 })?.needed).toBeLessThan(base / 3)
    expect(plan(within, { discordance: 0.1, difference: 0.02 })?.needed).toBeLessThan(base / 3)
    expect(plan(within, { discordance: 0.1, power: 0.5 })?.needed).toBeLessThan(base)
    const both = accuracy({ 'equivalent-to': 'baseline', margin: 0.02 })
    expect(plan(both, { discordance: 0.1 })?.needed).toBeGreaterThan(base)
  })

  it.each([
    {
      name: 'an improvement that is not there',
      rule: accuracy({ 'better-than': 'baseline' }),
      more: { discordance: 0.1 },
      says: 'give --difference',
    },
    { name: 'an unknown discordance', rule: within, more: {}, says: 'give --discordance' },
    {
      name: 'a difference beyond the discordance',
      rule: within,
      more: { discordance: 0.01, difference: 0.05 },
      says: 'cannot be 0.05 apart',
    },
    {
      name: 'a floor without a value',
      rule: accuracy({ 'at-least': 0.8 }),
      more: {},
      says: 'give --value',
    },
    {
      name: 'a floor that is not held',
      rule: accuracy({ 'at-least': 0.8 }),
      more: { value: 0.7 },
      says: 'the rule does not hold',
    },
    {
      name: 'a share of an unknown value',
      rule: accuracy({ 'no-worse-than': 'baseline', 'relative-margin': 0.1 }),
      more: {},
      says: 'value of the baseline',
    },
    {
      name: 'a metric without a formula',
      rule: { metric: 'f1', 'no-worse-than': 'baseline', margin: 0.1 } as GateRule,
      more: {},
      says: 'needs predictions',
    },
    {
      name: 'a number',
      rule: { metric: 'metrics:bleu', 'at-least': 1 } as GateRule,
      more: {},
      says: 'judged by its value',
    },
    {
      name: 'an estimate',
      rule: accuracy({ 'at-least': 0.8, evidence: 'estimate' }),
      more: {},
      says: 'judges the estimate',
    },
  ])('says why there is no number for $name', ({ rule, more, says }) => {
    const found = plan(rule, more)
    expect(found?.needed).toBeNull()
    expect(found?.reason).toContain(says)
  })

  it('knows floors of shares, means and areas', () => {
    expect(plan(accuracy({ 'at-least': 0.8 }), { value: 0.85 })?.method).toBe('wilson, exact power')
    const cost: GateRule = { metric: 'column:cost', 'at-most': 10 }
    // ((1.95996 + 0.84162) * 2 / 1)^2 = 31.4, and a little more for the t law.
    const needed = plan(cost, { value: 9, sd: 2 })?.needed ?? 0
    expect(needed).toBeGreaterThanOrEqual(32)
    expect(needed).toBeLessThanOrEqual(36)
    const auc: GateRule = { metric: 'auc', 'at-least': 0.7 }
    expect(plan(auc, { value: 0.8, positiveShare: 0.3 })?.method).toBe('hanley-mcneil')
    expect(
      plan(
        { ...auc, 'at-least': undefined, 'no-worse-than': 'baseline', margin: 0.05 },
        { value: 0.8, positiveShare: 0.3 },
      )?.needed,
    ).toBeGreaterThan(100)
  })

  it('turns a relative margin into an amount at the value that is believed', () => {
    const relative = accuracy({ 'no-worse-than': 'baseline', 'relative-margin': 0.025 })
    const known = { value: 0.8, discordance: 0.1 }
    expect(plan(relative, known)?.needed).toBe(plan(within, known)?.needed)
  })
})

describe('planRules with data at hand', () => {
  const models = tablesOf(twoModels(600, createRandom(5)))
  const rules: GateRule[] = [
    within,
    { metric: 'f1', 'no-worse-than': 'baseline', margin: 0.05 },
    { metric: 'brier', 'no-worse-than': 'baseline', margin: 0.01 },
    accuracy({ 'at-least': 0.5, slices: { by: ['group'] } }),
  ]
  const examplesOf = (two: boolean) =>
    readGate({
      policy: policyOf(rules),
      files: {
        candidate: { file: 'b.csv', table: models.baseline },
        baseline: two ? { file: 'c.csv', table: models.candidate } : undefined,
        columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score' },
        minOverlap: 0.95,
      },
    }).value?.examples
  const found = (two: boolean) => planRules({ rules, beliefs, examples: examplesOf(two), seed: 7 })

  it('reads off two models how much they differ, and off one what it can', () => {
    const [ours, f1, brier] = found(true)
    const alone = found(false)
    expect(ours?.assumptions['discordance']).toBeLessThan(alone[0]?.assumptions['discordance'] ?? 0)
    expect(f1).toMatchObject({
      method: 'interval of the data, scaled',
      assumptions: { examples: 600 },
    })
    expect(brier?.method).toBe('paired-t, exact power')
    expect(alone.every(({ needed }) => needed !== null)).toBe(true)
  })

  it('says what each declared slice has, and how many examples the smallest needs in all', () => {
    const floor = found(false)[3]
    const needed = floor?.needed ?? 0
    const sizes = floor?.slices.map(({ now }) => now) ?? []
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(600)
    expect(floor).toMatchObject({ slicedBy: ['group'], minSize: 50 })
    expect(floor?.neededForSlices).toBe(Math.ceil((needed * 600) / Math.min(...sizes)))
    expect(floor?.slices.every(({ now, enough }) => enough === now >= needed)).toBe(true)
  })
})
