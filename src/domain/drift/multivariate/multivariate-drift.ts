import type { Table } from '../../table/column.js'
import type { ColumnStatus } from '../predicate.js'
import { classifierTest } from './classifier.js'
import { correlationTest } from './correlations.js'
import { discrepancyTest } from './discrepancy.js'
import { type MultivariateColumn, type Pooled, pool } from './pooled.js'
import { reconstructionTest } from './reconstruction.js'
import type {
  MultivariateResult,
  MultivariateTest,
  MultivariateTestName,
  TestLimits,
} from './result.js'

/** The keys of `drift.multivariate` that these tests read. */
export interface MultivariateSettings {
  readonly tests: readonly MultivariateTestName[]
  readonly columns?: readonly string[] | undefined
  readonly 'auc-over': number
  readonly 'correlation-over': number
  readonly 'reconstruction-over': number
}

export interface MultivariateInput {
  readonly settings: MultivariateSettings
  readonly reference: Table
  readonly current: Table
  /** The columns that are compared, with what they are compared as. */
  readonly columns: readonly MultivariateColumn[]
  /** The chance of a false alarm by any of the tests. */
  readonly alpha: number
  readonly seed: number
}

const NAMES: Readonly<Record<MultivariateTestName, string>> = {
  'domain-classifier': 'the domain classifier',
  mmd: 'the maximum mean discrepancy',
  pca: 'the reconstruction by principal components',
  correlation: 'the correlations',
}

/**
 * All columns of two samples taken together, by the tests named: each may raise a false alarm with a chance of alpha over the number
 * of tests (Bonferroni). The data has drifted where one test says so; where none does, one that cannot say leaves it open.
 * Depends on the seed, not on the order of the tests.
 */
export function multivariateDrift(input: MultivariateInput): MultivariateResult {
  const { settings, reference, current, alpha, seed } = input
  const named = settings.columns
  const pooled = pool({
    reference,
    current,
    columns: input.columns.filter(({ name }) => named === undefined || named.includes(name)),
    named: named ?? [],
  })
  const names = [...new Set(settings.tests)]
  const tests = names.map((name) =>
    runTest(name, { pooled, settings, limits: { alpha: alpha / names.length, seed } }),
  )
  return {
    ...summarise(tests),
    columns: pooled.columns.length,
    leftOut: pooled.leftOut,
    tests,
  }
}

interface Run {
  readonly pooled: Pooled
  readonly settings: MultivariateSettings
  readonly limits: TestLimits
}

function runTest(name: MultivariateTestName, { pooled, settings, limits }: Run): MultivariateTest {
  if (name === 'mmd') return discrepancyTest(pooled, limits)
  if (name === 'pca') return reconstructionTest(pooled, settings['reconstruction-over'], limits)
  if (name === 'correlation') return correlationTest(pooled, settings['correlation-over'], limits)
  return classifierTest(pooled, settings['auc-over'], limits)
}

function summarise(
  tests: readonly MultivariateTest[],
): Pick<MultivariateResult, 'status' | 'reason'> {
  for (const status of ['drifted', 'inconclusive'] as const) {
    const found = tests.filter((test) => test.status === status)
    if (found.length > 0) return { status, reason: reasonOf(status, found) }
  }
  return { status: 'stable', reason: 'no test of all columns together found drift' }
}

function reasonOf(status: ColumnStatus, tests: readonly MultivariateTest[]): string {
  const list = tests.map(({ name }) => NAMES[name]).join(', ')
  const what =
    status === 'drifted' ? 'all columns together have drifted by' : 'too little to say for'
  return `${what} ${list}`
}
