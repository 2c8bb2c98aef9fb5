import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/metric.js'
import { UserError } from '../../../../src/errors.js'

const run = (given: unknown) => procedure.run(procedure.input.parse(given))

function codeOf(given: unknown): string | undefined {
  try {
    run(given)
  } catch (error) {
    if (error instanceof UserError) return error.problems[0]?.code
    throw error
  }
  return undefined
}

describe('stats metric', () => {
  it('answers with a value', () => {
    expect(run({ name: 'accuracy', labels: ['a', 'b'], predictions: ['a', 'a'] })).toEqual({
      value: 0.5,
    })
    expect(run({ name: 'recall', labels: [0, 1, 1], predictions: [0, 1, 0], positive: 0 })).toEqual(
      { value: 1 },
    )
  })

  it('answers null with a reason where there is none', () => {
    expect(run({ name: 'auc', labels: [1, 1], scores: [0.1, 0.2] })).toEqual({
      value: null,
      reason: 'every example is positive',
    })
  })

  it('leaves examples without a group out', () => {
    const given = {
      name: 'demographic-parity-difference',
      labels: [1, 0, 1],
      predictions: [1, 0, 0],
    }
    expect(run({ ...given, groups: ['a', 'b', null] })).toEqual({ value: 1 })
  })

  it.each([
    [{ name: 'acuracy', labels: [1] }, 'MW-STATS-301'],
    [{ name: 'column:x', labels: [1] }, 'MW-STATS-301'],
    [{ name: 'auc', labels: [1, 0], scores: [0.5] }, 'MW-STATS-302'],
    [{ name: 'mae', labels: ['1'], predictions: [1] }, 'MW-STATS-303'],
  ])('refuses %j with %s', (given, code) => {
    expect(codeOf(given)).toBe(code)
  })
})

describe('stats metric of several classes, sets, queries and samples', () => {
  const labels = ['b', 'a', 'c']
  const classScores = [
    [0.7, 0.2, 0.1],
    [0.3, 0.6, 0.1],
    [0.1, 0.1, 0.8],
  ]

  it('takes the columns of class scores in the order of classes', () => {
    const given = { name: 'top-k-accuracy', k: 1, labels, classScores }
    expect(run({ ...given, classes: ['b', 'a', 'c'] })).toEqual({ value: 1 })
    expect(run(given)).toEqual({ value: 1 / 3 })
  })

  it('takes lists of classes for sets, in any order', () => {
    const given = { labels: [['x', 'y'], [], ['x']], predictions: [['y', 'x', 'y'], [], ['y']] }
    expect(run({ name: 'accuracy', ...given })).toEqual({ value: 2 / 3 })
    expect(run({ name: 'f1', average: 'samples', ...given })).toEqual({ value: 1 / 3 })
    expect(run({ name: 'f1', ...given }).reason).toContain('needs an average')
  })

  it('averages over queries, with the weight of their rows', () => {
    const given = { queries: ['q', 'q', 'r'], labels: [0, 1, 1], scores: [2, 1, 1] }
    expect(run({ name: 'mrr', ...given })).toEqual({ value: 0.75 })
    expect(run({ name: 'mrr', ...given, weights: [3, 3, 1] })).toEqual({ value: 0.625 })
    expect(run({ name: 'mrr', ...given, k: 0.5 }).reason).toContain('whole number')
  })

  it('averages over examples of several samples, without labels where none are compared', () => {
    const ids = [1, 1, 2]
    expect(run({ name: 'win-rate', ids, scores: ['win', 'tie', 'loss'] })).toEqual({ value: 0.375 })
    expect(run({ name: 'mean-score', ids, scores: [1, 3, 5] })).toEqual({ value: 3.5 })
    expect(run({ name: 'pass-at-k', k: 2, ids, scores: [0, 1, 1] })).toEqual({
      value: null,
      reason:
        '1 of 2 examples have no value: each needs at least k samples, each with a score of 0 or 1',
    })
  })

  it.each([
    [{ name: 'accuracy', predictions: [1] }, 'MW-STATS-310'],
    [{ name: 'exact-match', ids: [1], predictions: ['a'] }, 'MW-STATS-310'],
    [{ name: 'ndcg', labels: [1], scores: [1] }, 'MW-STATS-308'],
    [{ name: 'mean-score', scores: [1] }, 'MW-STATS-308'],
    [{ name: 'ndcg', queries: ['a'], labels: ['high'], scores: [1] }, 'MW-STATS-303'],
    [{ name: 'ndcg', queries: ['a'], labels: [1, 2], scores: [1, 2] }, 'MW-STATS-302'],
    [{ name: 'mean-score', ids: ['a', 'a'], scores: [1, 2], weights: [1, 2] }, 'MW-STATS-309'],
    [{ name: 'mean-score', ids: ['a'], scores: ['win'] }, 'MW-STATS-304'],
    [{ name: 'auc', labels: [0, 1], scores: ['win', 'loss'] }, 'MW-STATS-304'],
    [{ name: 'accuracy', labels: [['a'], 'b'], predictions: [['a'], ['b']] }, 'MW-STATS-305'],
    [{ name: 'accuracy', labels: ['a', 'b'], predictions: [['a'], ['b']] }, 'MW-STATS-305'],
    [{ name: 'auc', labels, classScores: [[0.5, 0.5], [1], [1]] }, 'MW-STATS-306'],
    [{ name: 'auc', labels, classScores, classes: ['a', 'a', 'b', 'c'] }, 'MW-STATS-307'],
    [{ name: 'auc', labels, classScores, classes: ['a', 'b'] }, 'MW-STATS-307'],
    [{ name: 'auc', labels, classScores, classes: ['a', 'b', 'b'] }, 'MW-STATS-307'],
  ])('refuses %j with %s', (given, code) => {
    expect(codeOf(given)).toBe(code)
  })
})
