import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createBinomialEProcess } from '../../../../src/domain/stats/binomial-e-process.js'
import { createRateEProcess } from '../../../../src/domain/stats/rate-e-process.js'
import { createRateRatioSequence } from '../../../../src/domain/stats/rate-ratio-interval.js'
import { createSampleRatio } from '../../../../src/domain/stats/sample-ratio.js'
import { createSignEProcess } from '../../../../src/domain/stats/sign-e-process.js'
import {
  createMeanNormalMixture,
  createRateNormalMixture,
} from '../../../../src/domain/stats/stratified-normal-mixture.js'

const arm = fc
  .record({ n: fc.nat(500), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ n, share }) => ({ n, events: Math.floor(n * share) }))
const interval = fc.record({ canary: arm, stable: arm })
const sample = fc.record({
  n: fc.nat(500),
  mean: fc.double({ min: -5, max: 5, noNaN: true }),
  variance: fc.double({ min: 0, max: 9, noNaN: true }),
})
const means = fc.record({ canary: sample, stable: sample })
const pairs = fc.record({ canaryOnly: fc.nat(30), stableOnly: fc.nat(30) })
const counts = fc.tuple(fc.nat(900), fc.nat(900)).map(([one, other]) => [one, other])

interface Process<Item> {
  update(item: Item): unknown
  readonly state: unknown
}

/** Through JSON after every look, to the last bit as if it had never stopped. */
function goesOn<Item, P extends Process<Item>>(
  items: fc.Arbitrary<Item>,
  make: (state?: P['state']) => P,
  read: (process: P) => unknown,
): void {
  fc.assert(
    fc.property(fc.array(items, { maxLength: 12 }), (all) => {
      const whole = make()
      let kept: P['state'] | undefined
      for (const item of all) {
        whole.update(item)
        const later = make(kept)
        later.update(item)
        kept = JSON.parse(JSON.stringify(later.state))
        expect(read(later)).toEqual(read(whole))
      }
    }),
    { numRuns: 40 },
  )
}

describe('a process that goes on from its state', () => {
  it('is the rate e-process that never stopped, plain or stopping', () => {
    for (const stopAt of [undefined, 20]) {
      goesOn(
        interval,
        (state?: readonly number[]) =>
          createRateEProcess({ ratio: 1, direction: 'increase', stopAt, state }),
        (process) => process.logEValue(),
      )
    }
  })

  it('is the binomial e-process that never stopped', () => {
    goesOn(
      arm,
      (state?: readonly number[]) =>
        createBinomialEProcess({ rate: 0.1, direction: 'above', state }),
      (process) => process.logEValue(),
    )
  })

  it('is the sign e-process that never stopped', () => {
    goesOn(
      pairs,
      (state?: { canaryOnly: number; stableOnly: number }) => createSignEProcess({ state }),
      (process) => process.logEValue(),
    )
  })

  it('is the normal mixture that never stopped, of rates and of means', () => {
    type State = { sum: number; variance: number; rho: number; weight: number }
    goesOn(
      interval,
      (state?: State) => createRateNormalMixture({ ratio: 1, direction: 'increase', state }),
      (process) => [process.logEValue(), process.interval(0.05)],
    )
    goesOn(
      means,
      (state?: State) => createMeanNormalMixture({ difference: 0, direction: 'increase', state }),
      (process) => [process.logEValue(), process.interval(0.05)],
    )
  })

  it('is the sample ratio of a step and the interval of the ratio that never stopped', () => {
    goesOn(
      counts,
      (state?: readonly number[]) => createSampleRatio({ weights: [5, 95], state }),
      (process) => process.state,
    )
    goesOn(interval, createRateRatioSequence, (sequence) => sequence.interval(0.05))
  })

  it.each([
    () => createRateEProcess({ ratio: 1, direction: 'increase', state: [0] }),
    () => createBinomialEProcess({ rate: 0.1, direction: 'above', state: [Number.NaN] }),
    () => createSignEProcess({ state: { canaryOnly: -1, stableOnly: 0 } }),
    () =>
      createRateNormalMixture({
        ratio: 1,
        direction: 'increase',
        state: { sum: 0, variance: -1, rho: 1, weight: 1 },
      }),
    () => createSampleRatio({ weights: [1, 1] }).update([1]),
  ])('refuses a state that is not its own', (make) => {
    expect(make).toThrow(RangeError)
  })
})
