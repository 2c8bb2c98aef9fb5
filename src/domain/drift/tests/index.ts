import { andersonDarlingTest } from './anderson-darling.js'
import { chiSquare } from './chi-square.js'
import { cramerVonMisesTest } from './cramer-von-mises.js'
import { cramersVDistance } from './cramers-v.js'
import type { CategoryPair, DriftTest, NumericPair, TestOutcome } from './drift-test.js'
import { energy } from './energy.js'
import { eppsSingletonTest } from './epps-singleton.js'
import { fisher } from './fisher.js'
import { gTest } from './g-test.js'
import { hellinger } from './hellinger.js'
import { jensenShannon } from './jensen-shannon.js'
import { ks } from './ks.js'
import { kullbackLeibler } from './kullback-leibler.js'
import { lInfinity } from './l-infinity.js'
import { mannWhitneyTest } from './mann-whitney.js'
import { psi } from './psi.js'
import { tTest } from './t-test.js'
import { totalVariation } from './total-variation.js'
import { wasserstein } from './wasserstein.js'
import { wassersteinNormalised } from './wasserstein-normalised.js'
import { zTest } from './z-test.js'

/** Every test that a configuration may name. A new one is one file and one line here. */
const TESTS: readonly DriftTest[] = [
  ks,
  andersonDarlingTest,
  cramerVonMisesTest,
  mannWhitneyTest,
  tTest,
  eppsSingletonTest,
  chiSquare,
  gTest,
  fisher,
  zTest,
  wasserstein,
  wassersteinNormalised,
  energy,
  psi,
  jensenShannon,
  kullbackLeibler,
  hellinger,
  totalVariation,
  lInfinity,
  cramersVDistance,
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
