import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import {
  addStratum,
  groupSequentialBounds,
  type Spending,
  spentAlpha,
  stratifiedZ,
} from '../../../../src/domain/stats/group-sequential.js'
import { createRandom } from '../../../../src/domain/stats/random.js'
import { atMost, binomial } from './canary-simulation.js'

const evenly = (k: number) =>
  Array.from({ length: k }, (_, i) => ({ time: (i + 1) / k, information: i + 1 }))

interface Reference {
  readonly cases: readonly {
    readonly alpha: number
    readonly spending: Spending
    readonly times: readonly number[]
    readonly information: readonly number[]
    readonly bounds: readonly number[]
  }[]
}

const url = new URL('../../../reference/rollout/group-sequential.json', import.meta.url)

/** scipy's multivariate normal cdf: test/reference/rollout/group-sequential.py. */
const reference: Reference = JSON.parse(readFileSync(url, 'utf8'))

describe('group-sequential bounds', () => {
  // Equal looks at one-sided .025; the reference below, which is another program's, has the same first digits.
  it.each([
    ['obrien-fleming', [3.7103, 2.5114, 1.993]],
    ['obrien-fleming', [4.8769, 3.3569, 2.6803, 2.2898, 2.031]],
    ['pocock', [2.438, 2.4268, 2.4101, 2.3966, 2.3859]],
  ] as const)('are these for equal looks: %s %j', (spending, expected) => {
    const bounds = groupSequentialBounds({ alpha: 0.025, spending, looks: evenly(expected.length) })
    for (const [i, bound] of bounds.entries()) expect(bound).toBeCloseTo(expected[i] ?? 0, 3)
  })

  it.each(reference.cases)(
    'agree with a normal integral of all looks: $spending $times',
    (given) => {
      const looks = given.times.map((time, i) => ({ time, information: given.information[i] ?? 0 }))
      const bounds = groupSequentialBounds({ ...given, looks })
      for (const [i, bound] of bounds.entries()) expect(bound).toBeCloseTo(given.bounds[i] ?? 0, 3)
    },
  )

  it('spend alpha over uneven looks, to the last bit at the end', () => {
    expect(spentAlpha(0.05, 'pocock', 1)).toBeCloseTo(0.05, 12)
    expect(spentAlpha(0.05, 'obrien-fleming', 1)).toBeCloseTo(0.05, 12)
    const looks = [
      { time: 0.05, information: 2 },
      { time: 0.5, information: 9 },
      { time: 1, information: 40 },
    ]
    const bounds = groupSequentialBounds({ alpha: 0.05, spending: 'obrien-fleming', looks })
    const random = createRandom(3)
    const normal = () =>
      Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    const runs = 20000
    let crossed = 0
    for (let run = 0; run < runs; run++) {
      let score = 0
      let before = 0
      const crosses = looks.map(({ information }, i) => {
        score += Math.sqrt(information - before) * normal()
        before = information
        return score / Math.sqrt(information) >= (bounds[i] ?? 0)
      })
      if (crosses.includes(true)) crossed += 1
    }
    expect(Math.abs(crossed / runs - 0.05)).toBeLessThan(atMost(0.05, runs) - 0.05)
  })

  it('need looks that go forward', () => {
    const looks = [
      { time: 0.5, information: 2 },
      { time: 1, information: 2 },
    ]
    expect(() => groupSequentialBounds({ alpha: 0.05, spending: 'pocock', looks })).toThrow(
      RangeError,
    )
    expect(() => groupSequentialBounds({ alpha: 0, spending: 'pocock', looks: evenly(2) })).toThrow(
      RangeError,
    )
    expect(groupSequentialBounds({ alpha: 0.05, spending: 'pocock', looks: [] })).toEqual([])
  })
})

describe('the stratified z', () => {
  it('rolls back a good canary at most at alpha under a shared trend', () => {
    const looks = evenly(4)
    const bounds = groupSequentialBounds({ alpha: 0.05, spending: 'obrien-fleming', looks })
    const random = createRandom(5)
    const runs = 400
    let crossed = 0
    for (let run = 0; run < runs; run++) {
      let sums = { score: 0, variance: 0, skew: 0 }
      let out = false
      for (let t = 0; t < 40; t++) {
        const n = [50, 100, 250, 500][Math.floor(t / 10)] ?? 500
        const rate = 0.005 + (0.01 * t) / 39
        const canary = { n, events: binomial(n, rate, random) }
        const stable = { n: 1000 - n, events: binomial(1000 - n, rate, random) }
        sums = addStratum({ canary, stable }, sums)
        if (t % 10 === 9 && stratifiedZ(sums) >= (bounds[(t - 9) / 10] ?? 0)) out = true
      }
      if (out) crossed += 1
    }
    expect(crossed / runs).toBeLessThanOrEqual(atMost(0.05))
  })

  it('is 0 without events and ignores an empty arm', () => {
    const none = addStratum({ canary: { n: 5, events: 0 }, stable: { n: 5, events: 0 } })
    expect(stratifiedZ(none)).toBe(0)
    const before = { score: 1, variance: 2, skew: 0 }
    expect(addStratum({ canary: { n: 0, events: 0 }, stable: { n: 5, events: 1 } }, before)).toBe(
      before,
    )
  })
})
