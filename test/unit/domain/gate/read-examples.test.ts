import { describe, expect, it } from '@jest/globals'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { type Ask, ask, codesOf, tableOf, verdictOf } from './gate-fixtures.js'

const accuracy: GateRule = { metric: 'accuracy', 'at-least': 0 }
const auc: GateRule = { metric: 'auc', 'at-least': 0 }
const brier: GateRule = { metric: 'brier', 'at-most': 1 }
const f1: GateRule = { metric: 'f1', 'at-least': 0 }

const id = [1, 2, 3, 4]
const label = [0, 1, 0, 1]
const prediction = [0, 1, 1, 1]
const score = [0.1, 0.9, 0.6, 0.8]
const good = { id, label, prediction, score }
const candidate = tableOf(good)
const with_ = (change: Record<string, (number | string | null)[]>) =>
  tableOf({ ...good, ...change })

describe('problems that the user is told about', () => {
  const empty = tableOf({ id: [], label: [], prediction: [], score: [] })
  const three = { label: ['a', 'b', 'c', 'a'], prediction: ['a', 'b', 'c', 'c'] }
  const cases: { name: string; given: Ask; code: string; says: string }[] = [
    {
      name: 'a file of headers only',
      given: { candidate: empty, rules: [accuracy] },
      code: 'MW-GATE-010',
      says: 'predictions.csv: the file holds no examples.',
    },
    {
      name: 'a baseline of headers only',
      given: { candidate, baseline: empty, rules: [accuracy] },
      code: 'MW-GATE-010',
      says: 'baseline.csv',
    },
    {
      name: 'no column of predictions',
      given: { candidate: tableOf({ id, label, score }), rules: [accuracy] },
      code: 'MW-GATE-012',
      says: 'column "prediction" not found. Found: id, label, score. Name it with columns.prediction.',
    },
    {
      name: 'no column of slices',
      given: { candidate, rules: [{ ...accuracy, slices: { by: ['sex'] } }] },
      code: 'MW-GATE-012',
      says: 'column "sex" not found',
    },
    {
      name: 'no ids to join by',
      given: { candidate, baseline: tableOf({ label, prediction }), rules: [accuracy] },
      code: 'MW-GATE-012',
      says: 'columns.id',
    },
    {
      name: 'scores that are text',
      given: { candidate: with_({ score: [0.1, 'high', 0.2, 0.3] }), rules: [auc] },
      code: 'MW-GATE-013',
      says: '"high"',
    },
    {
      name: 'a missing score',
      given: { candidate: with_({ score: [0.1, Number.NaN, 0.2, null] }), rules: [auc] },
      code: 'MW-GATE-014',
      says: 'in 2 rows, the first in row 2',
    },
    {
      name: 'a missing prediction',
      given: { candidate: with_({ prediction: [0, 1, null, 1] }), rules: [accuracy] },
      code: 'MW-GATE-014',
      says: 'the first in row 3',
    },
    {
      name: 'a missing id',
      given: { candidate: with_({ id: [1, null, 3, 4] }), baseline: candidate, rules: [accuracy] },
      code: 'MW-GATE-014',
      says: 'Give every example an id',
    },
    {
      name: 'an infinite score',
      given: { candidate: with_({ score: [0.1, Infinity, 0.2, 0.3] }), rules: [auc] },
      code: 'MW-GATE-015',
      says: 'infinite in 1 rows',
    },
    {
      name: 'a probability above 1',
      given: { candidate: with_({ score: [0.1, 1.5, 0.2, 0.3] }), rules: [brier] },
      code: 'MW-GATE-016',
      says: 'outside 0 to 1',
    },
    {
      name: 'an id twice',
      given: { candidate: with_({ id: [1, 2, 2, 4] }), rules: [accuracy] },
      code: 'MW-GATE-017',
      says: '4 rows hold 3 distinct ids, "2" among the repeated',
    },
    {
      name: 'an id twice in the baseline, of text',
      given: {
        candidate: with_({ id: ['a', 'b', 'c', 'd'] }),
        baseline: with_({ id: ['a', 'b', 'c', 'c'] }),
        rules: [accuracy],
      },
      code: 'MW-GATE-017',
      says: 'baseline.csv',
    },
    {
      name: 'ids that do not join',
      given: { candidate, baseline: with_({ id: [3, 4, 5, 6] }), rules: [accuracy] },
      code: 'MW-GATE-019',
      says: 'only 2 ids occur in both files: 4 examples in predictions.csv, 4 here, so 50% join and 95% must',
    },
    {
      name: 'labels that differ',
      given: { candidate, baseline: with_({ label: [0, 1, 1, 1] }), rules: [accuracy] },
      code: 'MW-GATE-020',
      says: '1 of 4 joined examples have another label than in predictions.csv: id "3" is "1" here and "0" there',
    },
    {
      name: 'one class only, for auc',
      given: { candidate: with_({ label: [1, 1, 1, 1] }), rules: [auc] },
      code: 'MW-GATE-021',
      says: 'all 4 labels are "1"',
    },
    {
      name: 'a positive class that does not occur',
      given: { candidate, rules: [f1], files: { positive: 'yes' } },
      code: 'MW-GATE-022',
      says: '"yes" is not among the labels',
    },
    {
      name: 'no positive class named among texts',
      given: {
        candidate: with_({ label: ['n', 'y', 'n', 'y'], prediction: ['n', 'y', 'y', 'y'] }),
        rules: [f1],
      },
      code: 'MW-GATE-025',
      says: 'The classes are "n", "y". Name it with gate.positive.',
    },
    {
      name: 'predictions that are scores',
      given: { candidate: with_({ prediction: [0.2, 0.9, 0.4, 0.8] }), rules: [accuracy] },
      code: 'MW-GATE-023',
      says: 'shares no class with the labels',
    },
    {
      name: 'three classes without an average',
      given: { candidate: with_(three), rules: [f1] },
      code: 'MW-GATE-006',
      says: 'macro, micro or weighted',
    },
    {
      name: 'three classes for auc',
      given: { candidate: with_(three), rules: [auc] },
      code: 'MW-GATE-007',
      says: 'auc of one score is defined for two classes, and there are 3',
    },
  ]

  it.each(cases)('$name: $code', ({ given, code, says }) => {
    const { problems = [] } = ask(given)
    expect(problems.map((one) => one.code)).toContain(code)
    const text = problems.map(({ where, what, fix }) => `${where}: ${what} ${fix}`).join('\n')
    expect(text).toContain(says)
  })

  it('are told all at once', () => {
    const broken = tableOf({ id, label })
    const rules: GateRule[] = ['accuracy', 'auc'].map((metric) => ({
      metric,
      'no-worse-than': 'baseline',
    }))
    const given = { candidate: broken, baseline: broken, rules }
    expect(codesOf(given)).toEqual(Array.from({ length: 4 }, () => 'MW-GATE-012'))
  })

  it('refuses a column with more slices than anybody reads', () => {
    const many = Array.from({ length: 2200 }, (_, i) => i)
    const table = tableOf({
      id: many,
      label: many.map((i) => i % 2),
      prediction: many.map((i) => i % 2),
      who: many.map((i) => i >> 1),
    })
    const rule = { ...accuracy, slices: { by: ['who'], 'min-size': 2 } }
    expect(codesOf({ candidate: table, rules: [rule] })).toEqual(['MW-GATE-024'])
    const skipped = verdictOf({
      candidate: table,
      rules: [{ ...accuracy, slices: { by: ['who'] } }],
    })
    expect(skipped.slices).toEqual([
      { column: 'who', values: 1100, judged: 0, skipped: 1100, minSize: 50 },
    ])
    expect(skipped.checks.length).toBeLessThan(1200)
  })
})

describe('what is read', () => {
  it('joins by id whatever the order, and counts what does not join', () => {
    const shuffled = tableOf({
      id: [4, 3, 2, 1, 9],
      label: [1, 0, 1, 0, 1],
      prediction: [1, 0, 1, 1, 1],
    })
    const verdict = verdictOf({
      candidate,
      baseline: shuffled,
      rules: [{ metric: 'accuracy', 'no-worse-than': 'baseline', margin: 0.9 }],
      files: { minOverlap: 0.8 },
    })
    expect(verdict.samples).toEqual({ candidate: 4, baseline: 5, joined: 4 })
    expect(verdict.checks[0]).toMatchObject({ candidate: 0.75, baseline: 0.75, difference: 0 })
  })

  it('joins ids of text with ids of numbers, and keeps huge ids apart', () => {
    const huge = ['9007199254740993', '9007199254740992', '3', '4']
    const same = { candidate: with_({ id: huge }), baseline: with_({ id: huge }) }
    expect(verdictOf({ ...same, rules: [accuracy] }).samples.joined).toBe(4)
    const mixed = { candidate: with_({ id: ['1', '2', '3', '4'] }), baseline: candidate }
    expect(verdictOf({ ...mixed, rules: [accuracy] }).samples.joined).toBe(4)
  })

  it('needs no labels in the baseline and no ids without a baseline', () => {
    const bare = tableOf({ id, prediction })
    expect(verdictOf({ candidate, baseline: bare, rules: [accuracy] }).checks[0]?.baseline).toBe(
      0.75,
    )
    const alone = tableOf({ label, prediction })
    expect(verdictOf({ candidate: alone, rules: [accuracy] }).checks[0]?.candidate).toBe(0.75)
  })

  it('asks of the baseline only what is compared with it', () => {
    const few = tableOf({ id, prediction })
    const rules: GateRule[] = [{ metric: 'accuracy', 'no-worse-than': 'baseline' }, auc]
    const [, floor] = verdictOf({ candidate, baseline: few, rules }).checks
    expect(floor).toMatchObject({ candidate: 1, baseline: null, difference: null, direction: null })
    const compared: GateRule = { metric: 'auc', 'no-worse-than': 'baseline' }
    expect(codesOf({ candidate, baseline: few, rules: [compared] })).toEqual(['MW-GATE-012'])
  })

  it('misses a column of groups that was declared', () => {
    const columns = { id: 'id', label: 'label', prediction: 'prediction', score: 'score' }
    const files = { columns: { ...columns, groups: ['sex'] } }
    const { problems = [] } = ask({ candidate, rules: [accuracy], files })
    expect(problems.map(({ code, fix }) => [code, fix])).toEqual([
      ['MW-GATE-012', 'Name it with columns.groups.'],
    ])
  })

  it('takes 1 and "1" for the same class, and true for positive', () => {
    const texts = with_({ label: ['0', '1', '0', '1'] })
    expect(verdictOf({ candidate: texts, rules: [f1] }).checks[0]?.candidate).toBeCloseTo(0.8, 12)
    const truths = with_({
      label: ['false', 'true', 'false', 'true'],
      prediction: ['false', 'true', 'true', 'true'],
    })
    expect(verdictOf({ candidate: truths, rules: [f1] }).checks[0]?.candidate).toBeCloseTo(0.8, 12)
  })

  it('averages over several classes, hostile names included', () => {
    const names = ['__proto__', 'naïve|<b>', 'x\ny', '__proto__']
    const table = with_({ label: names, prediction: ['__proto__', 'naïve|<b>', 'x\ny', 'x\ny'] })
    const verdict = verdictOf({ candidate: table, rules: [{ ...f1, average: 'macro' }] })
    expect(verdict.checks[0]?.candidate).toBeCloseTo((2 / 3 + 1 + 2 / 3) / 3, 12)
  })
})
