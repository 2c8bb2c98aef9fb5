import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { idText, pairOf } from '../../../../src/domain/gate/examples.js'
import { codesInOrder, firstRows, groupRows } from '../../../../src/domain/gate/units.js'
import { tableOf, verdictOf } from './gate-fixtures.js'
import { problem, type Reading, read } from './reading-fixtures.js'

const ALL = { rows: undefined, group: undefined }

describe('rows by unit', () => {
  it('are those of a unit, in their order, units in the order of their first rows', () => {
    const codes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 40 })
    fc.assert(
      fc.property(codes, codes, (own, others) => {
        const a = Int32Array.from(own)
        const wanted = codesInOrder(a, 10, Int32Array.from(others))
        expect([...wanted]).toEqual([...new Set(own)].filter((code) => others.includes(code)))
        const groups = groupRows(a, 10, wanted)
        const rows = [...wanted].map((code) =>
          own.flatMap((one, row) => (one === code ? [row] : [])),
        )
        const found = [...wanted].map((_, u) => [
          ...groups.rows.subarray(groups.starts[u], groups.starts[u + 1]),
        ])
        expect(found).toEqual(rows)
        expect([...firstRows(groups)]).toEqual(rows.map(([first]) => first))
      }),
    )
  })
})

describe('ranking', () => {
  const documents = {
    query: ['q1', 'q2', 'q1', 'q1', 'q2'],
    id: ['d1', 'd1', 'd2', 'd3', 'd4'],
    label: [3, 0, 0, 1, 2],
    score: [0.9, 0.5, 0.8, 0.1, 0.4],
  }
  const shuffled = {
    query: ['q2', 'q1', 'q1', 'q2', 'q1'],
    id: ['d4', 'd3', 'd1', 'd1', 'd2'],
    label: [2, 1, 3, 0, 0],
    score: [0.4, 0.9, 0.1, 0.3, 0.8],
  }
  const given: Reading = {
    task: 'ranking',
    candidate: tableOf(documents),
    baseline: tableOf(shuffled),
    rules: ['ndcg'],
  }

  it('is judged by query, joined by query and document', () => {
    const examples = read(given)
    expect(examples.n).toBe(2)
    expect(examples.samples).toEqual({ candidate: 2, baseline: 2, joined: 2 })
    const pair = pairOf(examples, { ...ALL, column: 'per-unit:ndcg' })
    // scikit-learn 1.9.1, ndcg_score of each query.
    expect(pair.candidate.values?.[0]).toBeCloseTo(0.9639404333166534, 12)
    expect(pair.candidate.values?.[1]).toBeCloseTo(0.6309297535714573, 12)
    expect(pair.baseline?.values?.[0]).toBeCloseTo(0.6885288809404667, 12)
    expect(pair.baseline?.values?.[1]).toBeCloseTo(1, 12)
    expect([0, 1].map((row) => idText(examples, row))).toEqual(['q1', 'q2'])
  })

  it('keeps k apart: each rule has its own column', () => {
    const rules = [1, 2].map((k) => ({ metric: 'ndcg', k, 'at-least': 0 }))
    const { checks } = verdictOf({
      candidate: given.candidate,
      rules,
      policy: { task: 'ranking' },
    })
    expect(checks.map(({ n }) => n)).toEqual([2, 2])
    expect(checks[0]?.candidate).toBe(0.5)
  })

  it('leaves out documents of one model, and refuses when too few are left', () => {
    const fewer = tableOf({ query: ['q1', 'q1'], id: ['d1', 'd3'], label: [3, 1], score: [1, 2] })
    const text = problem({ ...given, baseline: fewer })
    expect(text).toContain('MW-GATE-019')
    expect(text).toContain('only 2 pairs of query and document occur in both files')
    expect(read({ ...given, baseline: fewer, minOverlap: 0.4 }).n).toBe(1)
  })

  it.each([
    [
      'a document twice',
      { id: ['d1', 'd1', 'd2', 'd1', 'd4'] },
      'MW-GATE-017',
      'query "q1" with id "d1"',
    ],
    ['a negative relevance', { label: [3, 0, -1, 1, 2] }, 'MW-GATE-035', 'negative in row 3'],
    ['another relevance', { label: [3, 0, 1, 1, 2] }, 'MW-GATE-020', '1 of 5 joined documents'],
    ['a missing query', { query: ['q1', null, 'q1', 'q1', 'q2'] }, 'MW-GATE-014', '"query"'],
    ['an infinite score', { score: [0.9, 0.5, Infinity, 0.1, 0.4] }, 'MW-GATE-015', 'in row 3'],
  ])('refuses %s', (_, change, code, says) => {
    const text = problem({ ...given, candidate: tableOf({ ...documents, ...change }) })
    expect(text).toContain(code)
    expect(text).toContain(says)
  })

  it('needs the column of queries', () => {
    const alone: Reading = { task: 'ranking', candidate: given.candidate, rules: ['ndcg'] }
    const text = problem({ ...alone, columns: { query: 'search' } })
    expect(text).toContain('MW-GATE-012: predictions.csv: column "search" not found')
    expect(text).toContain('columns.query')
  })
})

describe('generation', () => {
  const samples = {
    id: [1, 2, 1, 3, 2],
    sample: [0, 0, 1, 0, 1],
    label: ['x', 'y', 'x', 'z', 'y'],
    prediction: ['x', 'q', 'w', 'z', 'y'],
    score: [1, 0, 0, 1, 0],
    latency: [10, 20, 30, 40, 60],
    topic: ['a', 'b', 'a', 'a', 'b'],
  }
  const given = (change: object = {}, rest: Partial<Reading> = {}): Reading => ({
    task: 'generation',
    candidate: tableOf({ ...samples, ...change }),
    rules: ['exact-match', 'mean-score', 'column:latency'],
    ...rest,
  })

  it('is judged by example: samples are averaged, whatever their order and number', () => {
    const baseline = tableOf({
      id: [3, 2, 1],
      label: ['z', 'y', 'x'],
      prediction: ['q', 'y', 'x'],
      score: [0.5, 1, 0],
      latency: [1, 2, 3],
    })
    const examples = read(given({}, { baseline }))
    const values = (column: string) => {
      const pair = pairOf(examples, { ...ALL, column })
      return [[...(pair.candidate.values ?? [])], [...(pair.baseline?.values ?? [])]]
    }
    expect(values('per-unit:exact-match')).toEqual([
      [0.5, 0.5, 1],
      [1, 1, 0],
    ])
    expect(values('per-unit:mean-score')).toEqual([
      [0.5, 0, 1],
      [0, 1, 0.5],
    ])
    expect(values('column:latency')).toEqual([[], []])
    expect(values('latency')).toEqual([
      [20, 40, 40],
      [3, 2, 1],
    ])
    expect(examples.samples).toEqual({ candidate: 3, baseline: 3, joined: 3 })
  })

  it('has pass@k of several samples, with scores that are true and false', () => {
    const flags = {
      kind: 'categorical' as const,
      name: 'score',
      type: 'boolean' as const,
      codes: Int32Array.of(1, 0, 0, 1, 0),
      categories: ['false', 'true'],
      missing: 0,
    }
    const table = tableOf({ ...samples, id: [1, 2, 1, 1, 2] })
    const columns = [...table.columns.filter(({ name }) => name !== 'score'), flags]
    const rules = [{ metric: 'pass-at-k', k: 2, 'at-least': 0 }]
    const examples = read({ task: 'generation', candidate: { rows: 5, columns }, rules })
    // 1 - C(1,2)/C(3,2) and 1 - C(2,2)/C(2,2).
    expect([...(examples.candidate.columns.get('per-unit:pass-at-k@2') ?? [])]).toEqual([1, 0])
  })

  it('takes win, tie and loss for scores', () => {
    const score = ['win', 'Tie', 'loss', ' win', 'tie']
    const examples = read(given({ score }, { rules: ['win-rate'] }))
    expect([...(examples.candidate.columns.get('per-unit:win-rate') ?? [])]).toEqual([0.5, 0.5, 1])
    expect(
      problem(given({ score: ['win', 'draw', 'x', 'y', 'z'] }, { rules: ['win-rate'] })),
    ).toContain('MW-GATE-013')
  })

  it('needs no label for scores of a judge', () => {
    const { label, prediction, ...rest } = samples
    const candidate = tableOf(rest)
    expect(read({ ...given(), candidate, rules: ['mean-score'] }).n).toBe(3)
    expect(problem({ ...given(), candidate: tableOf({ ...rest, prediction }) })).toContain(
      '"label"',
    )
  })

  it('takes slices, clusters and weights from the unit, whose rows must agree', () => {
    const columns = { weight: 'w', cluster: 'topic' }
    const rule = { metric: 'mean-score', 'at-least': 0, slices: { by: ['topic'] } }
    const examples = read(given({ w: [1, 2, 1, 0, 2] }, { columns, rules: [rule] }))
    expect(examples.groups.get('topic')).toEqual({
      names: ['a', 'b'],
      codes: Int32Array.of(0, 1, 0),
    })
    expect([...(examples.weights ?? [])]).toEqual([1, 2, 0])
    expect([...(examples.clusters ?? [])]).toEqual([0, 1, 0])
    const text = problem(given({ topic: ['a', 'b', 'c', 'a', 'b'] }, { rules: [rule] }))
    expect(text).toContain(
      'MW-GATE-034: predictions.csv: column "topic" differs between rows of one id',
    )
    expect(text).toContain('first in row 3')
  })

  it('refuses a sample twice where samples are numbered, and other labels', () => {
    const columns = { sample: 'sample' }
    expect(read(given({}, { columns })).n).toBe(3)
    const text = problem(given({ sample: [0, 0, 0, 0, 1] }, { columns }))
    expect(text).toContain('MW-GATE-017')
    expect(text).toContain('id "1" with sample "0"')
    const baseline = tableOf({ ...samples, label: ['x', 'y', 'x', 'zz', 'y'] })
    expect(problem(given({}, { baseline }))).toContain('the first is "zz" here and "z" there')
  })

  it('counts a missing answer as wrong when asked for, even where the label is empty', () => {
    const change = { label: ['', 'y', '', 'z', 'y'], prediction: [null, 'y', '', 'z', null] }
    expect(problem(given(change))).toContain('abstentions: wrong')
    const examples = read(given(change, { abstentions: 'wrong' }))
    expect([...(examples.candidate.columns.get('per-unit:exact-match') ?? [])]).toEqual([
      0.5, 0.5, 1,
    ])
    expect(examples.samples.abstained).toEqual({ candidate: 2, baseline: null })
  })

  it('compares models on other prompts when asked for', () => {
    const baseline = tableOf({ id: [7, 7, 8], score: [1, 0, 1], topic: ['a', 'a', 'c'] })
    const rule = {
      metric: 'mean-score',
      'no-worse-than': 'baseline' as const,
      slices: { by: ['topic'] },
    }
    const examples = read(given({}, { baseline, rules: [rule], pairing: 'none' }))
    expect([...(examples.baseline?.columns.get('per-unit:mean-score') ?? [])]).toEqual([0.5, 1])
    expect(examples.baselineRows?.groups.get('topic')?.codes).toEqual(Int32Array.of(0, 2))
    expect(examples.samples).toEqual({ candidate: 3, baseline: 2, joined: 0 })
  })

  it('has no limit of classes: any number of distinct texts is compared', () => {
    const n = 200_000
    const ids = Array.from({ length: n }, (_, i) => i)
    const codes = Int32Array.from(ids)
    const texts = ids.map((i) => `answer ${i}`)
    const text = (name: string, categories: string[]) =>
      ({ kind: 'categorical', name, type: 'string', codes, categories, missing: 0 }) as const
    const id = {
      kind: 'numeric',
      name: 'id',
      type: 'integer',
      values: Float64Array.from(ids),
      missing: 0,
    } as const
    const wrong = texts.map((one, i) => (i % 4 === 0 ? `${one} ` : one))
    const candidate = { rows: n, columns: [id, text('label', texts), text('prediction', wrong)] }
    const examples = read({ task: 'generation', candidate, rules: ['exact-match'] })
    const right = examples.candidate.columns.get('per-unit:exact-match')?.reduce((a, b) => a + b, 0)
    expect(right).toBe(n * 0.75)
  })
})
