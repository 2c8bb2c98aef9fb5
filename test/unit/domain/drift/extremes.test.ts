import { describe, expect, it } from '@jest/globals'
import { decideDrift } from '../../../../src/domain/drift/decide.js'
import { normalQuantile } from '../../../../src/domain/stats/special/normal.js'
import { DEFAULT_DRIFT_POLICY, numbers, repeat, table } from './tables.js'

const ROWS = 4000
const normal = (shift: number) =>
  Array.from({ length: ROWS }, (_, i) => normalQuantile((i + 0.5) / ROWS) + shift)
const withSentinel = (values: readonly number[], sentinel = 99_999) => [
  ...values.slice(1),
  sentinel,
]
const judged = (reference: readonly number[], current: readonly number[]) => {
  const body = decideDrift(
    DEFAULT_DRIFT_POLICY,
    table(numbers('x', reference)),
    table(numbers('x', current)),
  )
  return { decision: body.decision, column: body.columns[0] }
}

describe('a few extreme values of the reference do not hide that all others moved', () => {
  it('what is small in standard deviations of these alone is open, and the reason says why', () => {
    const { decision, column } = judged(withSentinel(normal(0)), normal(5))
    expect(decision).not.toBe('pass')
    expect(column?.status).toBe('inconclusive')
    expect(column?.reason).toMatch(/few extreme values/)
  })

  it('with the same extremes and no change of the others nothing is open', () => {
    expect(judged(withSentinel(normal(0)), withSentinel(normal(0.001))).column?.status).toBe(
      'stable',
    )
  })

  it('a certain but small change of the others stays one', () => {
    expect(judged(withSentinel(normal(0)), normal(0.07)).column?.status).toBe('stable')
  })

  it('a column without extremes is judged as ever, and one of two lumps too', () => {
    expect(judged(normal(0), normal(5)).column?.status).toBe('drifted')
    const lumps = (at: number) => repeat(ROWS / 2, 0.5 + at, 100.5 + at)
    expect(judged(lumps(0), lumps(0.01)).column?.status).toBe('stable')
  })
})
