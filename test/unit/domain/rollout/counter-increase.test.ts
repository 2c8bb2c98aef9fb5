import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { counterIncrease } from '../../../../src/domain/rollout/counter-increase.js'

const all = (samples: (readonly [number, number])[], before?: number) =>
  counterIncrease(samples, { before, from: 0, to: 1000 })

describe('the increase of a counter', () => {
  it('is what came since the last value before the stretch', () => {
    expect(
      all(
        [
          [10, 105],
          [20, 112],
        ],
        100,
      ),
    ).toBe(12)
  })

  it('counts from zero where the series was born in the stretch', () => {
    expect(all([[10, 3]])).toBe(3)
  })

  it('goes on from zero where the process began anew', () => {
    expect(
      all(
        [
          [10, 110],
          [20, 4],
          [30, 9],
        ],
        100,
      ),
    ).toBe(19)
  })

  it('is nothing without a value', () => {
    expect(all([], 7)).toBe(0)
    expect(all([])).toBe(0)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1])('is unknown where a value is %d', (value) => {
    expect(all([[10, value]], 1)).toBeUndefined()
    expect(all([[10, 5]], value)).toBeUndefined()
  })

  it('adds up over stretches that follow each other, wherever they are cut', () => {
    const steps = fc.array(fc.record({ add: fc.nat(50), reset: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    })
    fc.assert(
      fc.property(
        steps,
        fc.array(fc.integer({ min: 1, max: 300 }), { maxLength: 5 }),
        (moves, cuts) => {
          let value = 0
          let truth = 0
          const samples = moves.map(({ add, reset }, i) => {
            // A process that begins anew and is caught up with at once cannot be told from one that did not.
            value = reset && add < value ? add : value + add
            truth += add
            return [10 * (i + 1), value] as const
          })
          const ends = [0, ...cuts.sort((a, b) => a - b), 301]
          let sum = 0
          for (const [i, to] of ends.entries()) {
            const from = ends[i - 1]
            if (from === undefined) continue
            const before = samples.filter(([time]) => time <= from).at(-1)?.[1]
            sum += counterIncrease(samples, { before, from, to }) ?? Number.NaN
          }
          expect(sum).toBe(truth)
        },
      ),
    )
  })
})
