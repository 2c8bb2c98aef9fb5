import { describe, expect, it } from '@jest/globals'
import { procedure } from '../../../../src/cli/stats/paired-proportions.js'
import { mcnemar } from '../../../../src/domain/stats/mcnemar.js'
import { tangoInterval } from '../../../../src/domain/stats/tango.js'

const run = (given: unknown) => procedure.run(procedure.input.parse(given))
const fill = (value: number, n: number) => new Array<number>(n).fill(value)
/** 10 candidate only, 4 baseline only, 150 both right, 36 both wrong. */
const candidate = [...fill(1, 10), ...fill(0, 4), ...fill(1, 150), ...fill(0, 36)]
const baseline = [...fill(0, 10), ...fill(1, 4), ...fill(1, 150), ...fill(0, 36)]

describe('modelway stats paired-proportions', () => {
  it('answers the keys it documents from the discordant examples', () => {
    const answer = run({ candidate, baseline, margin: 0.02, level: 0.9 })
    const interval = tangoInterval({ candidateOnly: 10, baselineOnly: 4, n: 200, level: 0.9 })
    const { exactP, midP } = mcnemar(10, 4)
    expect(answer).toEqual({
      difference: 0.03,
      low: interval.low,
      high: interval.high,
      exactP,
      midP,
      nonInferior: true,
    })
    expect(Object.keys(answer)).toEqual(Object.keys(procedure.output))
  })

  it('is not inferior only when the interval clears the margin', () => {
    const { low } = run({ candidate: baseline, baseline: candidate, margin: 0 })
    const at = (margin: number) =>
      run({ candidate: baseline, baseline: candidate, margin }).nonInferior
    expect(at(-low + 1e-9)).toBe(true)
    expect(at(-low)).toBe(false)
    expect(at(0)).toBe(false)
  })

  it('takes true and false', () => {
    const answer = run({ candidate: [true, false, 1], baseline: [false, false, true], margin: 0.1 })
    expect(answer.difference).toBeCloseTo(1 / 3, 15)
  })

  it('refuses lists of different lengths and no examples', () => {
    expect(() => run({ candidate: [1, 0], baseline: [1] })).toThrow('MW-STATS-111: baseline:')
    expect(procedure.input.safeParse({ candidate: [], baseline: [] }).success).toBe(false)
  })
})
