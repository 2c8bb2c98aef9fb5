import type { DriftPolicy } from './policy.js'
import type { DriftFinding } from './predicate.js'
import type { ColumnSample } from './samples.js'

/** A column's name and type, before anything of it is read. */
export interface NamedType {
  readonly name: string
  readonly type: ColumnSample['type']
}

export interface ComparedSchemas<C extends NamedType> {
  /** The columns of the reference that are compared, in its order. */
  readonly compared: readonly C[]
  /** What is new. */
  readonly findings: readonly DriftFinding[]
}

/** Which columns are compared. Of two columns with one name the first counts. */
export function compareSchemas<C extends NamedType>(
  policy: DriftPolicy,
  reference: readonly C[],
  current: readonly NamedType[],
): ComparedSchemas<C> {
  const ignored = new Set(policy.columns.ignore)
  const referenceByName = byName(reference)
  const compared = [...referenceByName.values()].filter(({ name }) => !ignored.has(name))
  const findings: DriftFinding[] = []
  for (const name of byName(current).keys()) {
    if (ignored.has(name) || referenceByName.has(name)) continue
    findings.push({ kind: 'column-new', column: name, detail: 'not in the reference' })
  }
  return { compared, findings }
}

function byName<C extends NamedType>(columns: readonly C[]): Map<string, C> {
  const named = new Map<string, C>()
  for (const column of columns) if (!named.has(column.name)) named.set(column.name, column)
  return named
}
