import type { DriftSection } from '../../config/drift.js'
import type { ColumnComparison } from '../../domain/drift/decide.js'
import type { DriftFinding } from '../../domain/drift/predicate.js'
import type { NestedInFile } from '../../tabular/data-set/data-set-options.js'

/** Columns that either sample leaves out since they are lists, maps or structs. */
export interface NestedSides {
  readonly reference: readonly NestedInFile[]
  readonly current: readonly NestedInFile[]
}

/** What is said of columns that cannot be compared since they are nested in the reference or in both; vectors are compared. */
export function nestedFindings(
  settings: DriftSection,
  { reference, current }: NestedSides,
  compared: readonly string[],
): readonly DriftFinding[] {
  const vectors = Object.values(settings.columns.vectors).flat()
  const quiet = new Set([...vectors, ...settings.columns.ignore, ...compared])
  const before = new Set(reference.map(({ name }) => name))
  const others = current.filter(({ name }) => !before.has(name))
  const finding = (side: string) => (one: NestedInFile) => ({
    kind: 'not-compared' as const,
    column: one.name,
    detail: `nested in ${side}: ${placeOf(one)}; only flat columns are compared`,
  })
  return [
    ...reference.map(finding('the reference')),
    ...others.map(finding('the current data')),
  ].filter(({ column }) => !quiet.has(column))
}

/** A column that is nested in the current data is there, but no longer what it was. */
export function withNested(
  comparisons: readonly ColumnComparison[],
  current: readonly NestedInFile[],
): readonly ColumnComparison[] {
  const nested = new Map(current.map((one) => [one.name, one]))
  return comparisons.map((one) => {
    const found = nested.get(one.plan.name)
    if (found === undefined || one.plan.present) return one
    const mismatch = `is nested in the current data: ${placeOf(found)}`
    return { ...one, plan: { ...one.plan, present: true, mismatch } }
  })
}

function placeOf({ file, row }: NestedInFile): string {
  if (row === undefined) return `a list, map or struct, or a type that is not read, in ${file}`
  return `lists or objects in ${file}, the first in row ${row}`
}
