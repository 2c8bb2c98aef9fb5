import { describe, expect, it } from '@jest/globals'
import { multivariateProblems } from '../../../../../src/domain/drift/multivariate/problems.js'

const columns = ['age', 'city'].map((name) => ({ name, kind: 'numeric' as const }))

describe('columns named for the tests of all columns', () => {
  it('are a mistake where they are not compared, each once', () => {
    const { settings: problems } = multivariateProblems(['age', 'agee', 'agee', 'a\nb'], columns)
    expect(problems).toEqual([
      {
        code: 'MW-DRIFT-101',
        where: 'drift.multivariate.columns',
        what: 'column "agee" is not among the columns that are compared',
        fix: 'Name some of "age", "city", and none that drift.columns ignores.',
      },
      expect.objectContaining({ what: expect.stringContaining('"a\\nb"') }),
    ])
  })

  it('are none where they are compared, or none are named', () => {
    const none = { settings: [], data: [] }
    expect(multivariateProblems(['city'], columns)).toEqual(none)
    expect(multivariateProblems(undefined, columns)).toEqual(none)
  })

  it('are no mistake where the current data lost them', () => {
    const findings = [{ kind: 'column-absent', column: 'gone' }] as const
    expect(multivariateProblems(['age', 'gone'], columns, findings)).toEqual({
      settings: [],
      data: ['MW-DRIFT-101: column "gone" cannot be compared in the current data'],
    })
  })

  it('are answered with a few names where there are very many', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({
      name: `c${i}`,
      kind: 'categorical' as const,
    }))
    expect(multivariateProblems(['x'], many).settings[0]!.fix).toContain('"c9" and 490 more')
  })
})
