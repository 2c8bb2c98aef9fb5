import { labelOf } from '../label.js'
import type { DriftProblem } from '../problems.js'
import type { MultivariateColumn } from './pooled.js'

/** Columns named for the tests of all columns that are not among those compared: mistakes in the drift section. */
export function multivariateProblems(
  named: readonly string[] | undefined,
  columns: readonly MultivariateColumn[],
): readonly DriftProblem[] {
  const known = new Set(columns.map(({ name }) => name))
  return [...new Set(named)]
    .filter((name) => !known.has(name))
    .map((name) => ({
      code: 'MW-DRIFT-101',
      where: 'drift.multivariate.columns',
      what: `column ${JSON.stringify(labelOf(name))} is not among the columns that are compared`,
      fix: `Name some of ${listOf([...known])}, and none that drift.columns ignores.`,
    }))
}

const MOST_NAMED = 10

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => JSON.stringify(labelOf(name)))
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
