import { mismatchedColumn } from './judge.js'
import { labelOf } from './label.js'
import type { ColumnPlan } from './plan.js'
import type { DriftColumn, DriftFinding } from './predicate.js'

/** Whether there was no memory for the numbers of a column, of which the machine is at fault; V8 has no class or code for it. */
export function isOutOfMemory(error: unknown): boolean {
  const text = /^Array buffer allocation failed|^Invalid typed array length|out of memory$/i
  return error instanceof RangeError && text.test(error.message)
}

/** What `measure` gives, or in words why it failed: one bad column never ends the report. */
export function orFailure<T>(
  measure: () => T,
): { readonly value: T } | { readonly failure: string } {
  try {
    return { value: measure() }
  } catch (error) {
    if (isOutOfMemory(error)) throw error
    const said = labelOf(error instanceof Error ? error.message : String(error))
    return { failure: `it could not be measured, by a fault of Modelway: ${said}` }
  }
}

/** A column of which nothing is known: that is no drift, and not its absence. */
export function unmeasured(
  plan: ColumnPlan,
  failure: string,
): { readonly column: DriftColumn; readonly findings: readonly DriftFinding[] } {
  return {
    column: { ...mismatchedColumn(plan, failure), status: 'inconclusive', drifted: false },
    findings: [{ kind: 'not-compared', column: plan.name, detail: failure }],
  }
}
