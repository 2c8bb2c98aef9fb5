import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/delong.js'
import { UserError } from '../../../../src/errors.js'
import { readReference } from '../../domain/stats/close.js'

const { delong } = readReference<{
  delong: {
    labels: number[]
    scores: number[]
    baselineScores: number[]
    auc: number
    low: number
    pValue: number
  }[]
}>('gate')
const run = (given: unknown) => procedure.run(procedure.input.parse(given))

describe('modelway stats delong', () => {
  it('answers the keys it documents, with the values of the reference', () => {
    const { labels, scores, baselineScores, ...expected } = delong[0]!
    const answer = run({ labels, scores, baselineScores })
    expect(Object.keys(answer).sort()).toEqual(Object.keys(procedure.output).sort())
    expect(answer.auc).toBeCloseTo(expected.auc, 12)
    expect(answer.low).toBeCloseTo(expected.low, 12)
    expect(answer.pValue).toBeCloseTo(expected.pValue, 12)
  })

  it('takes true and false for labels, and writes no infinity', () => {
    const answer = run({
      labels: [true, true, false, false],
      scores: [3, 4, 1, 2],
      baselineScores: [1, 2, 3, 4],
    })
    expect(answer).toMatchObject({ auc: 1, baselineAuc: 0, difference: 1, statistic: null })
  })

  it('refuses lists of different lengths, naming the list', () => {
    const given = { labels: [0, 1, 1, 0], scores: [1, 2, 3, 4], baselineScores: [1, 2, 3] }
    expect(() => run(given)).toThrow(UserError)
    expect(() => run(given)).toThrow(
      'MW-STATS-101: baselineScores: has 3 entries, and labels has 4.',
    )
  })

  it('refuses a single class, counting both', () => {
    const given = { labels: [1, 1, 1], scores: [1, 2, 3], baselineScores: [1, 2, 3] }
    expect(() => run(given)).toThrow(
      'MW-STATS-102: labels: has 3 positive and 0 negative examples.',
    )
  })

  it('refuses other labels, levels and keys', () => {
    const given = { labels: [0, 1], scores: [1, 2], baselineScores: [1, 2] }
    expect(procedure.input.safeParse({ ...given, labels: [0, 2] }).success).toBe(false)
    expect(procedure.input.safeParse({ ...given, level: 1 }).success).toBe(false)
    expect(procedure.input.safeParse({ ...given, extra: 1 }).success).toBe(false)
  })
})
