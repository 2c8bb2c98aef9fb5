import { chiSquare } from './chi-square.js'
import type { CategoryPair, DriftTest, NumericPair, TestOutcome } from './drift-test.js'
import { hellinger } from './hellinger.js'
import { jensenShannon } from './jensen-shannon.js'
import { ks } from './ks.js'
import { psi } from './psi.js'
import { totalVariation } from './total-variation.js'
import { wasserstein } from './wasserstein.js'
import { wassersteinNormalised } from './wasserstein-normalised.js'

/** Every test that a configuration may name. A new one is one file and one line here. */
const TESTS: readonly DriftTest[] = [
  ks,
  chiSquare,
  wasserstein,
  wassersteinNormalised,
  psi,
  jensenShannon,
  hellinger,
  totalVariation,
]

const BY_NAME: ReadonlyMap<string, DriftTest> = new Map(TESTS.map((test) => [test.name, test]))

export type ColumnKind = 'numeric' | 'categorical'

export function findTest(name: string): DriftTest | undefined {
  return BY_NAME.get(name)
}

/** The names of all tests, or of those that can compare a kind of column. */
export function testNames(kind?: ColumnKind): readonly string[] {
  const fitting = kind === undefined ? TESTS : TESTS.filter((test) => test[kind] !== undefined)
  return fitting.map((test) => test.name)
}

/** Runs a test; undefined when it cannot compare that kind, a sample is empty, or the numbers overflow. */
export function runTest(
  test: DriftTest,
  pair: NumericPair | CategoryPair,
): TestOutcome | undefined {
  const outcome = pair.kind === 'numeric' ? test.numeric?.(pair) : test.categorical?.(pair)
  return outcome !== undefined && Number.isFinite(outcome.statistic) ? outcome : undefined
}
