import { describe, expect, it } from '@jest/globals'
import { createRecent } from '../../../../src/domain/rollout/recent.js'

describe('what was set lately', () => {
  it('is there until it is taken out', () => {
    const recent = createRecent<number>(10)
    recent.set('a', 1)
    expect(recent.get('a')).toBe(1)
    expect(recent.take('a')).toBe(1)
    expect(recent.get('a')).toBeUndefined()
    expect(recent.take('a')).toBeUndefined()
  })

  it('is the newest half at least, and never more than was asked for', () => {
    const recent = createRecent<number>(100)
    for (let i = 0; i < 1000; i++) recent.set(String(i), i)
    const kept = Array.from({ length: 1000 }, (_, i) => recent.get(String(i))).filter(
      (value) => value !== undefined,
    )
    expect(kept.length).toBeLessThanOrEqual(100)
    expect(kept.slice(-49)).toEqual(Array.from({ length: 49 }, (_, i) => 951 + i))
  })
})
