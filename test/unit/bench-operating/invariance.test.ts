import { describe, expect, it } from '@jest/globals'
import canonicalize from 'canonicalize'
import { classLaw, clusterLaw, regressionLaw, scoreLaw } from '../../../bench/operating/laws.js'
import { drawClusters, drawRows } from '../../../bench/operating/population.js'
import type { GateRule } from '../../../src/domain/gate/policy.js'
import { createRandom } from '../../../src/domain/stats/random.js'
import { shuffled, type Tables, tablesOf, verdictOn, withColumn } from './operating-tables.js'

const than = { 'no-worse-than': 'baseline', margin: 0.02 } as const

const RULES: readonly GateRule[] = [
  { metric: 'accuracy', ...than, slices: { by: ['group'] } },
  { metric: 'auc', ...than },
  { metric: 'f1', 'better-than': 'baseline' },
  { metric: 'log-loss', 'equivalent-to': 'baseline', margin: 0.1 },
  { metric: 'average-precision', 'better-than': 'baseline' },
  { metric: 'expected-calibration-error', 'at-most': 0.1 },
  { metric: 'demographic-parity-difference', group: 'group', 'at-most': 0.1 },
  { metric: 'recall', 'at-least': 0.5 },
]

const groups = () =>
  drawRows(scoreLaw({ prevalence: 0.3, groups: [0.6, 0.4] }), 400, createRandom(1))
const steps = () =>
  drawRows(scoreLaw({ prevalence: 0.3, groups: [0.6, 0.4], steps: 20 }), 400, createRandom(1))

function shuffledTables({ candidate, baseline }: Tables, seed: number): Tables {
  const random = createRandom(seed)
  return { candidate: shuffled(candidate, random), baseline: shuffled(baseline, random) }
}

const text = (value: unknown) => canonicalize(value)

/** The same with every number to 12 digits: sums in another order differ in their last bits. */
const rounded = (value: unknown) =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? one.toPrecision(12) : one))

describe('what a verdict does not depend on', () => {
  it('is the same, byte for byte, from the same files and seed', () => {
    const verdict = () => verdictOn({ tables: tablesOf(groups()), rules: RULES })
    expect(text(verdict())).toBe(text(verdict()))
  })

  it('draws other resamples with another seed', () => {
    const verdict = (seed: number) => verdictOn({ tables: tablesOf(groups()), rules: RULES, seed })
    expect(text(verdict(7))).not.toBe(text(verdict(8)))
  })

  it('is the same, up to the rounding of sums, for rows in another order in each file', () => {
    const tables = tablesOf(groups())
    const verdict = (one: Tables) => rounded(verdictOn({ tables: one, rules: RULES }))
    const usual = verdict(tables)
    expect(verdict(shuffledTables(tables, 1))).toBe(usual)
    expect(verdict(shuffledTables(tables, 2))).toBe(usual)
  })

  it('is the same for clustered and for weighted rows in another order', () => {
    const clustered = tablesOf(drawClusters(clusterLaw(), 40, createRandom(2)))
    const weighted = tablesOf(
      drawRows(scoreLaw({ prevalence: 0.3, weighted: true }), 300, createRandom(2)),
    )
    const rules = ['accuracy', 'f1', 'log-loss'].map((metric): GateRule => ({ metric, ...than }))
    for (const [tables, columns] of [
      [clustered, { cluster: 'cluster' }],
      [weighted, { weight: 'weight' }],
    ] as const) {
      const verdict = (one: Tables) => rounded(verdictOn({ tables: one, rules, columns }))
      expect(verdict(shuffledTables(tables, 3))).toBe(verdict(tables))
    }
  })

  it('is the same for renamed classes, also where their alphabetical order turns', () => {
    const verdict = (names: readonly string[], positive: string) =>
      verdictOn({ tables: tablesOf(groups(), names), rules: RULES, positive })
    const usual = text(verdict(['0', '1'], '1'))
    expect(text(verdict(['no', 'yes'], 'yes'))).toBe(usual)
    expect(text(verdict(['well', 'ill'], 'ill'))).toBe(usual)
  })

  it('decides the same for several renamed classes, with the same values and tests', () => {
    const examples = drawRows(classLaw(), 400, createRandom(4))
    const rules: GateRule[] = [
      { metric: 'accuracy', ...than },
      { metric: 'f1', average: 'macro', ...than },
      { metric: 'cohen-kappa', ...than },
    ]
    const checks = (names: readonly string[]) =>
      verdictOn({ tables: tablesOf(examples, names), rules }).checks
    const usual = checks(['a', 'b', 'c'])
    checks(['z', 'm', 'k']).forEach((check, i) => {
      expect(check.status).toBe(usual[i]?.status)
      expect(check.candidate).toBeCloseTo(usual[i]?.candidate ?? 0, 12)
      // Cells are resampled in the order of the classes: other draws, the same law.
      expect(check.interval?.low).toBeCloseTo(usual[i]?.interval?.low ?? 0, 2)
      expect(check.interval?.high).toBeCloseTo(usual[i]?.interval?.high ?? 0, 2)
    })
  })

  it('judges the area under the curve the same after any monotone change of the scores', () => {
    const rules: GateRule[] = [
      { metric: 'auc', ...than },
      { metric: 'auc', 'no-worse-than': 'baseline', 'relative-margin': 0.05 },
      { metric: 'auc', 'at-least': 0.7 },
    ]
    for (const examples of [groups(), steps()]) {
      const tables = tablesOf(examples)
      const usual = text(verdictOn({ tables, rules }))
      for (const change of [
        (score: number) => 1000 * score - 3,
        (score: number) => Math.log(score),
        (score: number) => score ** 3,
      ]) {
        const changed = {
          candidate: withColumn(tables.candidate, 'score', change),
          baseline: withColumn(tables.baseline, 'score', change),
        }
        expect(text(verdictOn({ tables: changed, rules }))).toBe(usual)
      }
    }
  })

  it.each([1000, 1024, 1e-3])(
    'decides the same on a target that is %d times as large, with margins as large',
    (scale) => {
      const tables = tablesOf(drawRows(regressionLaw({ tails: 'normal' }), 300, createRandom(5)))
      const scaledTable = (table: Tables['candidate']) =>
        withColumn(
          withColumn(table, 'label', (x) => x * scale),
          'prediction',
          (x) => x * scale,
        )
      const changed = {
        candidate: scaledTable(tables.candidate),
        baseline: scaledTable(tables.baseline),
      }
      const rules = (by: number): GateRule[] => [
        { metric: 'mae', 'no-worse-than': 'baseline', margin: 0.5 * by },
        { metric: 'mae', 'no-worse-than': 'baseline', margin: 0.05 * by },
        { metric: 'mae', 'no-worse-than': 'baseline', 'relative-margin': 0.3 },
        { metric: 'mse', 'no-worse-than': 'baseline', margin: 0.5 * by ** 2 },
        { metric: 'rmse', 'no-worse-than': 'baseline', margin: 0.5 * by },
        { metric: 'r2', 'no-worse-than': 'baseline', margin: 0.05 },
        { metric: 'mae', 'at-most': 1.9 * by },
      ]
      const statuses = (one: Tables, by: number) =>
        verdictOn({ tables: one, rules: rules(by), task: 'regression' }).checks.map(
          ({ status, direction }) => ({ status, direction }),
        )
      expect(statuses(changed, scale)).toEqual(statuses(tables, 1))
    },
  )
})
