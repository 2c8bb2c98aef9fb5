import { labelOf } from '../label.js'
import type { DriftFinding } from '../predicate.js'
import type { DriftProblem } from '../problems.js'
import type { MultivariateColumn } from './pooled.js'

/**
 * Columns named for the tests of all columns that are not among those compared: mistakes in the drift section, except where the
 * current data lacks them or has them as something else, which a finding says.
 */
export function multivariateProblems(
  named: readonly string[] | undefined,
  columns: readonly MultivariateColumn[],
  findings: readonly Pick<DriftFinding, 'kind' | 'column'>[] = [],
): { readonly settings: readonly DriftProblem[]; readonly data: readonly string[] } {
  const known = new Set(columns.map(({ name }) => name))
  const absent = [...new Set(named)].filter((name) => !known.has(name))
  const lost = new Set(findings.filter(({ kind }) => LOST.has(kind)).map(({ column }) => column))
  return {
    settings: absent.filter((name) => !lost.has(name)).map((name) => notCompared(name, known)),
    data: absent
      .filter((name) => lost.has(name))
      .map((name) => `MW-DRIFT-101: column ${quoted(name)} cannot be compared in the current data`),
  }
}

const LOST = new Set<DriftFinding['kind']>(['column-absent', 'type-changed'])

function notCompared(name: string, known: ReadonlySet<string>): DriftProblem {
  return {
    code: 'MW-DRIFT-101',
    where: 'drift.multivariate.columns',
    what: `column ${quoted(name)} is not among the columns that are compared`,
    fix: `Name some of ${listOf([...known])}, and none that drift.columns ignores.`,
  }
}

function quoted(name: string): string {
  return JSON.stringify(labelOf(name))
}

const MOST_NAMED = 10

function listOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => quoted(name))
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}
