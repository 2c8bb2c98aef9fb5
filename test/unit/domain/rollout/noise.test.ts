import { describe, expect, it } from '@jest/globals'
import { arm, interval, POLICY, rowsAt } from './intervals.js'

const at50 = (t: number, canary: number, stable: number) =>
  interval(t, { weight: 50, stable: arm(500, stable), canary: arm(500, canary) })

const look = (events: readonly (readonly [number, number])[]) =>
  rowsAt(
    POLICY,
    events.map(([canary, stable], t) => at50(t, canary, stable)),
  )[0]

describe('evidence for a rollback', () => {
  it('rests on requests where the intervals agree', () => {
    const row = look(Array.from({ length: 8 }, () => [12, 5] as const))
    expect(row).toMatchObject({ method: 'conditional-binomial-mixture', status: 'rollback' })
  })

  it('must hold by intervals too where they do not agree: one bad minute is not a bad canary', () => {
    const calm = Array.from({ length: 7 }, () => [5, 5] as const)
    const row = look([...calm, [40, 5]])
    expect(row).toMatchObject({
      method: 'conditional-binomial-mixture+interval-mixture',
      status: 'continue',
    })
    expect(row?.eValue).toBeLessThan(20)
  })

  it('is still found where noisy intervals agree on the direction', () => {
    const noisy = Array.from({ length: 30 }, (_, t) => [t % 2 === 0 ? 60 : 20, 10] as const)
    const row = look(noisy)
    expect(row).toMatchObject({
      method: 'conditional-binomial-mixture+interval-mixture',
      status: 'rollback',
    })
  })

  it('says nothing of noise before six intervals with events', () => {
    const row = look([
      [5, 5],
      [5, 5],
      [5, 5],
      [5, 5],
      [60, 5],
    ])
    expect(row).toMatchObject({ method: 'conditional-binomial-mixture', status: 'rollback' })
  })
})

describe('evidence for a promotion', () => {
  it('rests on requests where the intervals agree', () => {
    const row = look(Array.from({ length: 30 }, () => [10, 10] as const))
    expect(row).toMatchObject({ method: 'conditional-binomial-mixture', status: 'promote' })
  })

  it('must hold by intervals too: a few good minutes do not make up for all that are worse', () => {
    const worse = Array.from({ length: 14 }, () => [14, 10] as const)
    const row = look([...worse, [0, 120], [0, 120]])
    expect(row?.method).toBe('conditional-binomial-mixture+interval-mixture')
    expect(row?.status).toBe('continue')
  })
})
