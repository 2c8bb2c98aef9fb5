import { multivariateDrift } from '../../src/domain/drift/multivariate/multivariate-drift.js'
import type { MultivariateTestName } from '../../src/domain/drift/multivariate/result.js'
import type { RandomSource } from '../../src/domain/stats/random.js'
import type { Column, Table } from '../../src/domain/table/column.js'
import { type Cell, type Part, percent, type Row, standardErrorOf } from './cell.js'
import { heavy, namedRandom, normal } from './random-numbers.js'

const TESTS: readonly MultivariateTestName[] = ['domain-classifier', 'mmd', 'pca', 'correlation']

/** Any difference that is certain counts as drift: what is measured is how often tests are certain. */
const SETTINGS = { 'auc-over': 0.5, 'correlation-over': 0, 'reconstruction-over': 0 }

interface Law {
  readonly mean: number
  readonly spread: number
  readonly correlation: number
}

/** The reference: the first two columns go together. */
const STANDARD: Law = { mean: 0, spread: 1, correlation: 0.5 }

const CHANGES: Readonly<Record<string, Law>> = {
  none: STANDARD,
  'mean +0.3 sd': { ...STANDARD, mean: 0.3 },
  'spread x1.3': { ...STANDARD, spread: 1.3 },
  'correlation 0.5 to 0.2': { ...STANDARD, correlation: 0.2 },
}

const SIZES: readonly (readonly [number, number])[] = [
  [100, 100],
  [500, 200],
  [1000, 1000],
  [5000, 5000],
]

/** Eight numbers, one of them with heavy tails, one skewed and rounded, one with holes; and two columns of categories. */
function draw(rows: number, law: Law, random: RandomSource): Table {
  const first = column('first', rows, () => normal(random))
  const rest = Math.sqrt(1 - law.correlation ** 2)
  const columns: Column[] = [
    first,
    column('second', rows, (i) => law.correlation * (first.values[i] ?? 0) + rest * normal(random)),
    column('changed', rows, () => law.mean + law.spread * normal(random)),
    column('plain', rows, () => normal(random)),
    column('follows', rows, (i) => (first.values[i] ?? 0) + normal(random)),
    column('heavy', rows, () => heavy(random)),
    column('counts', rows, () => Math.round(3 * Math.exp(normal(random)))),
    column('holes', rows, () => (random.next() < 0.1 ? Number.NaN : normal(random))),
    categories('few', rows, () => random.below(3)),
    categories('many', rows, (i) =>
      Math.abs(Math.round(4 * (first.values[i] ?? 0) + 8 * normal(random))),
    ),
  ]
  return { rows, columns }
}

function column(name: string, rows: number, at: (row: number) => number) {
  const values = Float64Array.from({ length: rows }, (_, i) => at(i))
  return { kind: 'numeric', type: 'number', name, values, missing: 0 } as const
}

function categories(name: string, rows: number, at: (row: number) => number): Column {
  const codes = Int32Array.from({ length: rows }, (_, i) => Math.min(59, at(i)))
  const labels = Array.from({ length: 60 }, (_, i) => `v${i}`)
  return { kind: 'categorical', type: 'string', name, codes, categories: labels, missing: 0 }
}

function simulate(name: string, run: { law: Law; size: readonly [number, number] }) {
  return (runs: number, seed: number): Row[] => {
    const random = namedRandom(seed, name)
    const found = new Map<MultivariateTestName, number>(TESTS.map((test) => [test, 0]))
    for (let i = 0; i < runs; i++) {
      const reference = draw(run.size[0], STANDARD, random)
      const current = draw(run.size[1], run.law, random)
      const columns = reference.columns.map((own) => ({ name: own.name, kind: own.kind }))
      for (const test of TESTS) {
        const settings = { ...SETTINGS, tests: [test] }
        const input = { settings, reference, current, columns, alpha: 0.05, seed: i }
        if (multivariateDrift(input).status === 'drifted')
          found.set(test, (found.get(test) ?? 0) + 1)
      }
    }
    const shares = [...found].map(([test, count]) => [test, percent(count / runs)] as const)
    const noise = percent(standardErrorOf(0.05, runs))
    return [{ situation: name, runs, ...Object.fromEntries(shares), 'standard error at 5%': noise }]
  }
}

function cells(): readonly Cell[] {
  return Object.entries(CHANGES).flatMap(([change, law]) =>
    SIZES.map((size) => {
      const name = `${change}, ${size[0]} + ${size[1]} rows`
      const most = Math.round(200_000 / (size[0] + size[1] + 300))
      const runs = Math.max(40, change === 'none' ? most : Math.round(most / 4))
      return { name, runs, simulate: simulate(name, { law, size }) }
    }),
  )
}

export const driftMultivariate: Part = {
  title: 'Drift of all columns together',
  text: 'How often each test finds drift at alpha 0.05 among ten columns, of which one, or the correlation of one pair, has changed: false alarms where nothing has. The thresholds of size are taken away; with them, fewer are found.',
  cells,
}
