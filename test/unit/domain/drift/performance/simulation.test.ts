import { describe, expect, it } from '@jest/globals'
import { performanceDrift } from '../../../../../src/domain/drift/performance/index.js'
import {
  bettingLosses,
  binaryLosses,
  type LossProcess,
} from '../../../../../src/domain/drift/performance/loss-processes.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { settings, type World, world } from './samples.js'

interface Watch {
  readonly process: (bound: number) => LossProcess
  readonly draw: (uniform: number) => number
  readonly bound: number
}

/** How often 50 looks at 40 losses each raise an alarm at 5%. */
function alarms({ process, draw, bound }: Watch): number {
  let count = 0
  const runs = 150
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run + 1)
    const watched = process(bound)
    let alarm = false
    for (let window = 0; window < 50; window++) {
      watched.update(Float64Array.from({ length: 40 }, () => draw(random.next())))
      alarm ||= watched.logEValue() >= Math.log(1 / 0.05)
    }
    if (alarm) count++
  }
  return count / runs
}

const errors = (share: number) => (uniform: number) => (uniform < share ? 1 : 0)
const heavy = (mean: number) => (uniform: number) => (mean / 2) * (1 - uniform) ** -0.5

describe('evidence on the mean loss holds its level over 50 looks', () => {
  it.each([
    ['errors, at the bound itself', { process: binaryLosses, draw: errors(0.1), bound: 0.1 }],
    ['errors as bets', { process: bettingLosses, draw: errors(0.1), bound: 0.1 }],
    [
      'losses without an end and without a variance',
      { process: bettingLosses, draw: heavy(1), bound: 1 },
    ],
    ['squared shares', { process: bettingLosses, draw: (u: number) => u * u, bound: 1 / 3 }],
  ])('%s', (_, watch) => {
    expect(alarms(watch)).toBeLessThanOrEqual(0.05)
  })

  it.each([
    ['errors', { process: binaryLosses, draw: errors(0.14), bound: 0.1 }],
    ['squared shares', { process: bettingLosses, draw: (u: number) => u * u, bound: 0.3 }],
  ])('and finds a mean that rose: %s', (_, watch) => {
    expect(alarms(watch)).toBeGreaterThan(0.8)
  })

  it('losses too large for a product of doubles stay finite', () => {
    const watched = bettingLosses(1e-300)
    watched.update(new Float64Array(64).fill(1e300))
    expect(watched.logEValue()).toBeGreaterThan(100)
    expect(Number.isFinite(watched.logEValue())).toBe(true)
  })
})

/** Those whose intervals need no resampling: the seconds of these tests. */
const METRICS = ['accuracy', 'auc', 'brier']

/** Runs with a new reference and new current rows each time. */
function runs(count: number, now: Partial<World>, both: Partial<World> = {}) {
  return Array.from({ length: count }, (_, run) =>
    performanceDrift({
      settings: settings({ metrics: METRICS }),
      reference: world({ rows: 800, seed: 2 * run + 1, ...both }),
      current: [{ label: 'now', table: world({ rows: 500, seed: 2 * run + 2, ...both, ...now }) }],
      alpha: 0.05,
      random: createRandom(run),
    }),
  )
}

describe('where only the inputs changed', () => {
  it.each([
    ['calibrated scores', {}],
    ['scores that the reference calibrates', { distort: (p: number) => p ** 2 }],
  ])(
    'the estimate’s interval holds what labels show, and no concept drift is claimed: %s',
    (_, both) => {
      const found = runs(40, { shift: 0.6 }, both)
      for (const [at, name] of METRICS.entries()) {
        const held = found.filter(({ metrics }) => {
          const { realised, estimated } = metrics[at] ?? {}
          const value = realised?.current?.value ?? Number.NaN
          return value >= (estimated?.current?.low ?? 1) && value <= (estimated?.current?.high ?? 0)
        })
        // 95% are meant: fewer than 34 of 40 is then less likely than 1 in 200.
        expect(`${name} ${held.length >= 34}`).toBe(`${name} true`)
      }
      expect(found.filter(({ concept }) => concept.status === 'drifted').length).toBeLessThan(7)
    },
  )
})

describe('where nothing changed', () => {
  it('performance that became worse is hardly ever claimed', () => {
    const found = runs(40, {})
    expect(found.filter(({ status }) => status === 'drifted').length).toBeLessThan(5)
  })
})

describe('where the relation changed', () => {
  it('it is found', () => {
    const found = runs(10, { truth: (input) => 0.6 * input - 1 })
    expect(found.filter(({ concept }) => concept.status === 'drifted').length).toBeGreaterThan(7)
    expect(found.filter(({ status }) => status === 'drifted').length).toBeGreaterThan(7)
  })
})
