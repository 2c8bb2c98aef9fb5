import { describe, expect, it } from '@jest/globals'
import { idText, pairOf } from '../../../../src/domain/gate/examples.js'
import { metricValue } from '../../../../src/domain/metrics/metric-value.js'
import { tableOf, verdictOf } from './gate-fixtures.js'
import { problem, problems, type Reading, read } from './reading-fixtures.js'

const ALL = { rows: undefined, group: undefined, column: undefined }
const id = [1, 2, 3, 4]
const label = [0, 1, 0, 1]
const prediction = [0, 1, 1, 1]
const score = [0.1, 0.9, 0.6, 0.8]
const good = { id, label, prediction, score }

describe('weights', () => {
  const weighted = (weight: (number | string | null)[]): Reading => ({
    candidate: tableOf({ ...good, weight }),
    rules: ['accuracy'],
    columns: { weight: 'weight' },
  })

  it('count in every metric, and are cut with their slice', () => {
    const examples = read(weighted([1, 0, 6, 3]))
    const whole = pairOf(examples, ALL).candidate
    expect(metricValue({ name: 'accuracy', data: whole }).value).toBeCloseTo(0.4, 12)
    const slice = pairOf(examples, { ...ALL, rows: Int32Array.of(0, 2) }).candidate
    expect([...(slice.weights ?? [])]).toEqual([1, 6])
    expect(metricValue({ name: 'accuracy', data: slice }).value).toBeCloseTo(1 / 7, 12)
  })

  it.each([
    ['negative', [1, -2, 1, 1], 'MW-GATE-030', 'is negative in row 2'],
    ['all zero', [0, 0, 0, 0], 'MW-GATE-031', 'is 0 in every row'],
    ['infinite', [1, Infinity, 1, 1], 'MW-GATE-015', 'infinite in 1 rows'],
    ['missing', [1, null, NaN, 1], 'MW-GATE-014', 'no value (empty or NaN) in 2 rows'],
    ['text', [1, 'a', 1, 1], 'MW-GATE-013', 'it holds "a"'],
  ])('that are %s are refused', (_, weight, code, says) => {
    const text = problem(weighted(weight))
    expect(text).toContain(`${code}: predictions.csv`)
    expect(text).toContain(says)
  })

  it('need the column that is named', () => {
    const text = problem({
      candidate: tableOf(good),
      rules: ['accuracy'],
      columns: { weight: 'w' },
    })
    expect(text).toContain('MW-GATE-012')
    expect(text).toContain('Name it with columns.weight.')
  })
})

describe('clusters', () => {
  it('are numbered by value whatever the order of the rows, and again from 0 in a slice', () => {
    const clusters = (values: (number | string)[]) => {
      const candidate = tableOf({ ...good, user: values })
      const examples = read({ candidate, rules: ['accuracy'], columns: { cluster: 'user' } })
      const slice = pairOf(examples, { ...ALL, rows: Int32Array.of(1, 3) }).candidate
      return [[...(examples.clusters ?? [])], [...(slice.clusters ?? [])]]
    }
    expect(clusters([30, 7, 30, 9])).toEqual([
      [2, 0, 2, 1],
      [0, 1],
    ])
    expect(clusters([1e15, 0.5, -1e15, 0.5])).toEqual([
      [2, 1, 0, 1],
      [0, 0],
    ])
    expect(clusters(['b', 'a', 'c', 'b'])).toEqual([
      [1, 0, 2, 1],
      [0, 1],
    ])
  })

  it.each([[[1, null, 2, 2]], [['a', 'b', null, 'a']]])(
    'that are missing are refused: %j',
    (user) => {
      const candidate = tableOf({ ...good, user })
      const text = problem({ candidate, rules: ['accuracy'], columns: { cluster: 'user' } })
      expect(text).toMatch(/MW-GATE-014: .*"user" of clusters has no value, first in row [23]\./)
    },
  )
})

describe('scores of classes', () => {
  const three = {
    id,
    label: ['a', 'b', 'c', 'a'],
    prediction: ['a', 'b', 'b', 'a'],
    p_c: [0.1, 0.2, 0.5, 0.1],
    p_a: [0.7, 0.2, 0.2, 0.6],
    p_b: [0.2, 0.6, 0.3, 0.3],
  }
  const given = (change: object, scores: Reading['columns'] = { scores: 'p_' }): Reading => ({
    candidate: tableOf({ ...three, ...change }),
    rules: ['log-loss'],
    columns: scores,
  })

  it('are found by prefix or by map, in the order of the classes', () => {
    const expected = [three.p_a, three.p_b, three.p_c]
    for (const scores of ['p_', { a: 'p_a', b: 'p_b', c: 'p_c' }]) {
      const examples = read(given({}, { scores }))
      expect(examples.classes).toEqual(['a', 'b', 'c'])
      expect(examples.candidate.classScores?.map((one) => [...one])).toEqual(expected)
      const slice = pairOf(examples, { ...ALL, rows: Int32Array.of(2) }).candidate
      expect(slice.classScores?.map((one) => [...one])).toEqual([[0.2], [0.3], [0.5]])
    }
  })

  it('judge log-loss of three classes as scikit-learn does', () => {
    // scikit-learn 1.9.1: log_loss([0,1,2,0], [[.7,.2,.1],[.2,.6,.2],[.2,.3,.5],[.6,.3,.1]])
    const rules = [{ metric: 'log-loss', 'at-most': 9 }]
    const files = {
      columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score', scores: 'p_' },
    }
    const [check] = verdictOf({ candidate: tableOf(three), rules, files }).checks
    expect(check?.candidate).toBeCloseTo(0.5178683430076647, 12)
  })

  it('make a class of each column, whether or not a row is of it', () => {
    const examples = read(given({ p_d: [0, 0, 0, 0] }))
    expect(examples.classes).toEqual(['a', 'b', 'c', 'd'])
  })

  it('serve as the score of the positive class of two', () => {
    const two = tableOf({ id, label, prediction, no: [0.9, 0.1, 0.4, 0.2], yes: score })
    const columns = { scores: { 0: 'no', 1: 'yes' } }
    const examples = read({ candidate: two, rules: ['auc', 'brier'], columns })
    expect([...(examples.candidate.scores ?? [])]).toEqual(score)
  })

  it.each([
    ['a class without a column', { p_c: undefined }, 'MW-GATE-032', 'the class "c"'],
    [
      'a sum that is not 1',
      { p_c: [0.1, 0.4, 0.5, 0.1] },
      'MW-GATE-033',
      'in 1 rows: in row 2 to 1.2',
    ],
    [
      'a probability above 1',
      { p_c: [0.1, 1.2, 0.5, 0.1] },
      'MW-GATE-016',
      'outside 0 to 1 in 1 rows',
    ],
    ['a missing probability', { p_c: [0.1, null, 0.5, 0.1] }, 'MW-GATE-014', 'in 1 rows'],
  ])('with %s are refused', (_, change, code, says) => {
    const { p_c, ...others } = three
    const table = 'p_c' in change && change.p_c === undefined ? others : { ...three, ...change }
    const text = problem({ ...given({}), candidate: tableOf(table as typeof three) })
    expect(text).toContain(code)
    expect(text).toContain(says)
  })

  it('may sum to anything where no metric takes them for probabilities, and miss 1 by rounding', () => {
    const sums = { p_c: [5, -4, 0.5, 0.1] }
    expect(read({ ...given(sums), rules: ['top-k-accuracy'] }).candidate.classScores).toHaveLength(
      3,
    )
    expect(read(given({ p_c: [0.1009, 0.1992, 0.5, 0.1] })).n).toBe(4)
  })

  it('are asked for by metrics that cannot do without', () => {
    const { p_a, p_b, p_c, ...rest } = three
    const rules = [{ metric: 'top-k-accuracy', k: 2, 'at-least': 0 }]
    expect(() => verdictOf({ candidate: tableOf(rest), rules })).toThrow('MW-GATE-036')
  })
})

describe('several labels an example', () => {
  const sets = (change: object = {}, rest: Partial<Reading> = {}): Reading => ({
    candidate: tableOf({
      id,
      label: ['a;b', 'c', '', 'b; a'],
      prediction: ['b;a', 'c;a', ';', 'b'],
      ...change,
    }),
    rules: [{ metric: 'f1', average: 'micro', 'at-least': 0 }],
    multiLabel: ';',
    ...rest,
  })

  it('are sets: without order, spaces and repeats, and one set has one code', () => {
    const examples = read(sets())
    expect(examples.classes).toEqual(['a', 'b', 'c'])
    const named = (codes: ArrayLike<number> | undefined) =>
      Array.from(codes ?? [], (code) => [...(examples.labelSets?.[code] ?? [])])
    expect(named(examples.labels)).toEqual([[0, 1], [2], [], [0, 1]])
    expect(named(examples.candidate.predictions)).toEqual([[0, 1], [0, 2], [], [1]])
    const keys = (examples.labelSets ?? []).map((set) => set.join())
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('are judged as scikit-learn judges indicator matrices', () => {
    const { candidate } = pairOf(read(sets()), ALL)
    // scikit-learn 1.9.1: f1_score(average='micro') of tp 4, fp 1, fn 1; accuracy_score 0.5.
    const micro = metricValue({ name: 'f1', data: candidate, options: { average: 'micro' } })
    expect(micro.value).toBeCloseTo(0.8, 12)
    expect(metricValue({ name: 'accuracy', data: candidate }).value).toBe(0.5)
  })

  it('that are missing are no empty set', () => {
    expect(problem(sets({ label: ['a;b', 'c', null, 'a'] }))).toContain(
      'is an empty text: "" in CSV',
    )
  })

  it('of the prediction may be missing where that counts as wrong, also for an empty truth', () => {
    const change = { prediction: ['b;a', 'c', null, 'b;a'] }
    const examples = read(sets(change, { abstentions: 'wrong' }))
    const data = pairOf(examples, ALL).candidate
    expect(metricValue({ name: 'accuracy', data }).value).toBe(0.75)
  })

  it('rule out metrics of one label', () => {
    const files = { multiLabel: ';' }
    const rules = [{ metric: 'matthews', 'at-least': 0 }]
    expect(() => verdictOf({ candidate: sets().candidate, rules, files })).toThrow('MW-GATE-026')
    const f1 = [{ metric: 'f1', 'at-least': 0 }]
    expect(() => verdictOf({ candidate: sets().candidate, rules: f1, files })).toThrow('samples')
  })
})

describe('a missing prediction', () => {
  const gaps = tableOf({ ...good, prediction: [0, null, 1, null] })

  it('is an error that says how else it could count', () => {
    const text = problem({ candidate: gaps, rules: ['accuracy'] })
    expect(text).toContain(
      'MW-GATE-014: predictions.csv: column "prediction" has no value in 2 rows',
    )
    expect(text).toContain('abstentions: wrong')
  })

  it('counts as wrong, and is counted, when asked for', () => {
    const given = { abstentions: 'wrong' as const }
    const rules = ['accuracy', 'precision', 'recall'].map((metric) => ({ metric, 'at-least': 0 }))
    const { checks, samples } = verdictOf({ candidate: gaps, rules, files: given })
    // An abstention is no predicted positive: 0 of 1 are right, and 0 of 2 positives are found.
    expect(checks.map(({ candidate }) => candidate)).toEqual([0.25, 0, 0])
    expect(samples).toEqual({
      candidate: 4,
      baseline: null,
      joined: 4,
      abstained: { candidate: 2, baseline: null },
    })
  })

  it('is counted for each model among the joined examples', () => {
    const baseline = tableOf({ id: [4, 3, 2, 1, 5], prediction: [null, 0, 1, 0, null] })
    const examples = read({
      candidate: gaps,
      baseline,
      rules: ['accuracy'],
      abstentions: 'wrong',
      minOverlap: 0.5,
    })
    expect(examples.samples.abstained).toEqual({ candidate: 2, baseline: 1 })
    expect(examples.classes).toEqual(['0', '1', '(no prediction)'])
    expect(examples.abstention).toBe(2)
  })

  it('changes nothing where every example has one, and is never a label', () => {
    const examples = read({ candidate: tableOf(good), rules: ['accuracy'], abstentions: 'wrong' })
    expect(examples.samples.abstained).toBeUndefined()
    expect(examples.classes).toEqual(['0', '1'])
    const bad = tableOf({ ...good, label: [0, null, 0, 1] })
    expect(problem({ candidate: bad, rules: ['accuracy'], abstentions: 'wrong' })).toContain(
      '"label"',
    )
  })

  it('may be all of them, and is an error in a regression', () => {
    const none = tableOf({ ...good, prediction: [null, null, null, null] })
    const data = pairOf(read({ candidate: none, rules: ['accuracy'], abstentions: 'wrong' }), ALL)
    expect(metricValue({ name: 'accuracy', data: data.candidate }).value).toBe(0)
    const task = { task: 'regression' as const, abstentions: 'wrong' as const }
    expect(problem({ candidate: gaps, rules: ['mae'], ...task })).toContain('MW-GATE-014')
  })
})

describe('an unpaired baseline', () => {
  const sex = ['F', 'M', 'F', 'F']
  const other = tableOf({
    id: [1, 90, 91],
    label: [1, 0, 1],
    prediction: [1, 1, 1],
    score: [0.9, 0.7, 0.6],
    sex: ['M', 'X', 'F'],
  })
  const rule = { metric: 'accuracy', 'no-worse-than': 'baseline' as const, slices: { by: ['sex'] } }
  const given: Reading = {
    candidate: tableOf({ ...good, sex }),
    baseline: other,
    rules: [rule],
    pairing: 'none',
  }

  it('keeps its own examples, with groups by the same names', () => {
    const examples = read(given)
    expect(examples.baselineRows?.n).toBe(3)
    expect([...(examples.baselineRows?.labels ?? [])]).toEqual([1, 0, 1])
    const names = ['F', 'M', 'X']
    expect(examples.groups.get('sex')).toEqual({ names, codes: Int32Array.of(0, 1, 0, 0) })
    expect(examples.baselineRows?.groups.get('sex')).toEqual({
      names,
      codes: Int32Array.of(1, 2, 0),
    })
    expect(examples.samples).toEqual({ candidate: 4, baseline: 3, joined: 0 })
    const pair = pairOf(examples, {
      ...ALL,
      rows: Int32Array.of(0),
      baselineRows: Int32Array.of(2),
    })
    expect(pair.unpaired).toBe(true)
    expect([pair.candidate.n, pair.baseline?.n, pair.baseline?.labels[0]]).toEqual([1, 1, 1])
  })

  it('needs labels of its own and unique ids where it has ids', () => {
    const bare = tableOf({ id: [7, 8], prediction: [1, 0], sex: ['F', 'M'] })
    expect(problem({ ...given, baseline: bare })).toContain(
      'MW-GATE-012: baseline.csv: column "label"',
    )
    const twice = tableOf({ id: [7, 7], label: [0, 1], prediction: [1, 0], sex: ['F', 'M'] })
    expect(problem({ ...given, baseline: twice })).toContain('MW-GATE-017: baseline.csv')
    const noIds = tableOf({ label: [0, 1], prediction: [1, 0], sex: ['F', 'M'] })
    expect(read({ ...given, baseline: noIds }).baselineRows?.n).toBe(2)
  })
})

describe('columns that are not what the task takes them for', () => {
  it('of thousands of numbers with decimals ask whether it is a regression', () => {
    const many = Array.from({ length: 3000 }, (_, i) => i)
    const given = (of: (i: number) => number) => ({
      candidate: tableOf({ id: many, label: many.map(of), prediction: many.map(of) }),
      rules: ['accuracy'],
    })
    expect(problems(given((i) => i / 7)).map(({ what }) => what)).toEqual(
      Array.from({ length: 2 }, () => expect.stringContaining('Did you mean task: regression?')),
    )
    // Thousands of whole numbers may be classes: products, say.
    expect(read(given((i) => i)).classes).toHaveLength(3000)
  })

  it('of true and false are not 1 and 0, and the message shows both', () => {
    const truths = tableOf({ ...good, label: ['false', 'true', 'false', 'true'] })
    expect(problem({ candidate: truths, rules: ['accuracy'] })).toContain(
      'shares no class with the labels: it holds "0", "1"; the labels are "false", "true".',
    )
  })

  it('of labels all missing are an error with the count', () => {
    const none = tableOf({ ...good, label: [null, null, null, null] })
    expect(problem({ candidate: none, rules: ['accuracy'] })).toContain(
      '"label" has no value in 4 rows',
    )
  })

  it('of a million values are refused as groups before they are sorted', () => {
    const n = 1_000_000
    const values = Float64Array.from({ length: n }, (_, i) => i * 0.5)
    const numeric = (name: string, of: Float64Array) =>
      ({ kind: 'numeric', name, type: 'number', values: of, missing: 0 }) as const
    const zeros = new Float64Array(n)
    const candidate = {
      rows: n,
      columns: [numeric('label', zeros), numeric('prediction', zeros), numeric('age', values)],
    }
    const sliced = (bins?: Record<string, number[]>) => ({
      candidate,
      rules: [
        { metric: 'accuracy', 'at-least': 0, slices: { by: ['age'], ...(bins && { bins }) } },
      ],
    })
    expect(problem(sliced())).toContain(
      'MW-GATE-024: predictions.csv: column "age" has more than 100000',
    )
    expect(problem(sliced())).toContain('slices.bins')
    expect(read(sliced({ age: [30] })).numbers?.get('age')).toHaveLength(n)
  })
})

it('an example is named by its id, whatever the id is made of', () => {
  const ids = ['9007199254740993', ' x', '007', '']
  const candidate = tableOf({ ...good, id: ids })
  const examples = read({
    candidate,
    baseline: tableOf({ ...good, id: [...ids].reverse(), label: [1, 0, 1, 0] }),
    rules: ['accuracy'],
  })
  expect(ids.map((_, row) => idText(examples, row))).toEqual(ids)
  const nameless = read({ candidate: tableOf({ label, prediction }), rules: ['accuracy'] })
  expect(idText(nameless, 0)).toBeUndefined()
})
