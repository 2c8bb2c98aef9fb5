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
