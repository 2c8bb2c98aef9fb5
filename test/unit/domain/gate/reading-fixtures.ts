import type { GateExamples } from '../../../../src/domain/gate/examples.js'
import type { ExamplesRequest } from '../../../../src/domain/gate/examples-request.js'
import { columnNeeds } from '../../../../src/domain/gate/needs.js'
import type { GateRule } from '../../../../src/domain/gate/policy.js'
import { readExamples } from '../../../../src/domain/gate/read-examples.js'
import type { Problem } from '../../../../src/domain/problem.js'
import type { Table } from '../../../../src/domain/table/column.js'

export interface Reading
  extends Partial<Omit<ExamplesRequest, 'candidate' | 'baseline' | 'columns'>> {
  readonly candidate: Table
  readonly baseline?: Table
  readonly rules: readonly (string | GateRule)[]
  readonly columns?: Partial<ExamplesRequest['columns']>
}

/** Reads tables for rules that compare with the baseline, or for floors where there is none. */
export function reading({ candidate, baseline, rules, columns, ...rest }: Reading) {
  const compare =
    baseline === undefined ? { 'at-least': 0 } : { 'no-worse-than': 'baseline' as const }
  const needs = columnNeeds(
    rules.map((rule) => (typeof rule === 'string' ? { metric: rule, ...compare } : rule)),
  )
  return readExamples({
    task: 'classification',
    candidate: { file: 'predictions.csv', table: candidate },
    baseline: baseline && { file: 'baseline.csv', table: baseline },
    columns: { id: 'id', label: 'label', prediction: 'prediction', score: 'score', ...columns },
    needs,
    baselineNeeds: needs,
    minOverlap: 0.95,
    ...rest,
  })
}

export function read(given: Reading): GateExamples {
  const answer = reading(given)
  if (answer.value === undefined) throw new Error(JSON.stringify(answer.problems))
  return answer.value
}

export function problems(given: Reading): readonly Problem[] {
  return reading(given).problems ?? []
}

/** The only problem, as the user reads it. */
export function problem(given: Reading): string {
  const found = problems(given).map(
    ({ code, where, what, fix }) => `${code}: ${where}: ${what} ${fix}`,
  )
  if (found.length !== 1) throw new Error(`${found.length} problems: ${found.join('\n')}`)
  return found[0] ?? ''
}
