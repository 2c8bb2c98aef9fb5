import type { HealthLevel, SchemaFacts } from './policy.js'
import { type HealthCheck, healthCheck } from './result.js'

/** One check for each column that came, went or changed its type; one that holds where none did. */
export function schemaChecks(facts: SchemaFacts, status: HealthLevel): readonly HealthCheck[] {
  const check = (name: string, words: Pick<HealthCheck, 'observed' | 'expected' | 'detail'>) =>
    healthCheck({ id: `schema.${name}`, column: name, status, failedRows: 0, ...words })
  const checks = [
    ...facts.gone.map((name) =>
      check(name, {
        observed: 'absent',
        expected: 'present',
        detail: 'the column is not in the current data',
      }),
    ),
    ...facts.added.map((name) =>
      check(name, {
        observed: 'present',
        expected: 'absent',
        detail: 'the column is not in the reference',
      }),
    ),
    ...facts.changed.map(({ column, reference, current }) =>
      check(column, {
        observed: current,
        expected: reference,
        detail: `the type went from ${reference} to ${current}`,
      }),
    ),
  ]
  if (checks.length > 0) return checks
  const detail = 'the columns and their types are those of the reference'
  const same = { observed: 'same', expected: 'same', failedRows: 0, detail }
  return [healthCheck({ id: 'schema', column: null, status: 'pass', ...same })]
}
