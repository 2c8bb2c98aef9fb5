import { describe, expect, it } from '@jest/globals'
import { procedure as groupSequential } from '../../../../src/cli/stats/group-sequential.js'
import { procedures } from '../../../../src/cli/stats/index.js'
import { procedure as kayenta } from '../../../../src/cli/stats/kayenta-judge.js'
import { UserError } from '../../../../src/errors.js'

const even = (canary: number, stable: number) => ({
  canary: { n: 500, events: canary },
  stable: { n: 500, events: stable },
})

describe('modelway stats group-sequential', () => {
  it('says at which of the planned looks the bound is reached', () => {
    const intervals = [even(9, 9), even(40, 10), even(40, 10)]
    const answer = groupSequential.run(groupSequential.input.parse({ intervals, looks: [1, 3, 6] }))
    expect(answer.z).toHaveLength(2)
    expect(answer.z[0]).toBeCloseTo(0, 12)
    expect(answer.crossedAt).toBe(1)
    expect(answer.spent[1]).toBeLessThan(0.05)
  })

  it('refuses looks that go back, and a look that adds nothing', () => {
    const intervals = [even(9, 9), even(0, 0)]
    expect(groupSequential.input.safeParse({ intervals, looks: [2, 1] }).success).toBe(false)
    const input = groupSequential.input.parse({ intervals, looks: [1, 2] })
    expect(() => groupSequential.run(input)).toThrow(UserError)
  })

  it('is found by its name, as the others are', () => {
    expect(Object.keys(procedures)).toEqual(
      expect.arrayContaining(['e-process', 'sample-ratio', 'group-sequential', 'kayenta-judge']),
    )
  })
})

describe('modelway stats kayenta-judge', () => {
  it('answers as Kayenta does, with null for missing values', () => {
    const metric = { groups: ['g'], nanStrategy: 'remove', control: [1, 2.2, 1.1, 2.5, 3] }
    const metrics = [
      { ...metric, name: 'same', experiment: [3, 2.5, 1.1, 2.2, 1, null] },
      { ...metric, name: 'high', experiment: [20, 22, 21, 25, 30, 27] },
    ]
    const answer = kayenta.run(kayenta.input.parse({ metrics }))
    expect(answer).toMatchObject({ score: 50, classification: 'Fail', reason: null })
    expect(answer.metrics.map((one) => one.class)).toEqual(['Pass', 'High'])
    expect(answer.metrics[0]?.ratio).toBe(1)
  })
})
