import { describe, expect, it } from '@jest/globals'
import { multivariateDrift } from '../../../../../src/domain/drift/multivariate/multivariate-drift.js'
import { comparePairs } from '../../../../../src/domain/drift/multivariate/pairs.js'
import type { MultivariateTestName } from '../../../../../src/domain/drift/multivariate/result.js'
import { createRandom } from '../../../../../src/domain/stats/random.js'
import { normalQuantile } from '../../../../../src/domain/stats/special/normal.js'
import { kindsOf, sample } from './samples.js'

/** Any difference that is certain is drift: only the tests' own level holds them back. */
const settings = { 'auc-over': 0.5, 'correlation-over': 0, 'reconstruction-over': 0 }

/** In how many of the runs a test finds drift between two samples of one source. */
function alarms(name: MultivariateTestName, runs: number, rows: [number, number]): number {
  let count = 0
  for (let run = 0; run < runs; run++) {
    const reference = sample({ rows: rows[0], seed: 2 * run + 1000 })
    const { status } = multivariateDrift({
      settings: { ...settings, tests: [name] },
      reference,
      current: sample({ rows: rows[1], seed: 2 * run + 1001 }),
      columns: kindsOf(reference),
      alpha: 0.05,
      seed: run,
    })
    if (status === 'drifted') count++
  }
  return count
}

describe('without drift', () => {
  it.each<[MultivariateTestName, number, [number, number]]>([
    ['domain-classifier', 40, [100, 100]],
    ['mmd', 60, [60, 90]],
    ['pca', 150, [150, 60]],
    ['correlation', 80, [100, 200]],
  ])(
    '%s raises alarms in at most 5%% of %i runs, give or take three standard errors',
    (name, runs, rows) => {
      const most = 0.05 * runs + 3 * Math.sqrt(0.05 * 0.95 * runs)
      expect(alarms(name, runs, rows)).toBeLessThan(most)
    },
  )

  it('a correlation of numbers whose spreads go together raises alarms no more often', () => {
    const runs = 400
    let count = 0
    for (let run = 0; run < runs; run++) {
      const random = createRandom(run)
      const normal = () => normalQuantile(random.next() || 0.5)
      const first = Float64Array.from({ length: 200 }, normal)
      const second = first.map((own) => own * normal())
      const columns = [first, second].map((values, i) => ({
        kind: 'numeric' as const,
        name: `${i}`,
        values,
      }))
      const rows = Uint32Array.from({ length: 100 }, (_, i) => i)
      const pooled = { rows: { reference: 100, current: 100 }, columns, leftOut: [] }
      const sides = { reference: rows, current: rows.map((row) => row + 100) }
      if (comparePairs(pooled, sides, { alpha: 0.05, over: 0 })[0]!.pValue <= 0.05) count++
    }
    // By Bonett and Wright's variance alone, it is every ninth run.
    expect(count / runs).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs))
  })
})
