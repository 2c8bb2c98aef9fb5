import { describe, expect, it } from '@jest/globals'
import { breachWords } from '../../../../src/domain/quality/breach-words.js'

const check = (
  id: string,
  column: string | null,
  expected: string | number,
  observed: number | string,
) => breachWords({ id, column, expected, observed, status: 'fail', failedRows: 1 })

describe('a breach of a data contract', () => {
  it('says the rule, and numbers that can be read', () => {
    expect(check('a.b.min', 'a.b', 0, -3)).toBe('at least 0, observed -3')
    expect(check('x.max', 'x', 0.1 + 0.2, 12.345_678_9)).toBe('at most 0.3, observed 12.3457')
    expect(check('x.nulls', 'x', 0.02, 1 / 3)).toBe('at most 2% missing, observed 33.3%')
    expect(check('x.nulls', 'x', 0, 1e-6)).toBe('at most 0% missing, observed 0.0001%')
    expect(check('rows.min', null, 1_000_000, 999_999)).toBe(
      'at least 1000000 rows, observed 999999',
    )
    expect(check('x.in', 'x', 'a, b', 'for example "d"')).toBe(
      'one of a, b, observed for example "d"',
    )
    expect(check('x.unique', 'x', 'unique', '3 repeated')).toBe('unique, observed 3 repeated')
  })
})
