import type { ColumnComparison } from '../../../domain/drift/decide.js'
import type { EngineColumn } from '../../../domain/drift/engine/dialect.js'
import { planColumn } from '../../../domain/drift/plan.js'
import type { DriftPolicy } from '../../../domain/drift/policy.js'
import type { ColumnSample } from '../../../domain/drift/samples.js'

/**
 * A column of which values come back, and of so small a share of what is sent, is none of identifiers that only grew with the rows: it
 * has become something else.
 */
const FEW_CATEGORIES = 0.1

/**
 * Of a column of which one sample has more categories than are sent: whether it has become something else, as codes that are
 * free text now. A column with as many before may be of identifiers, of which nothing can be said; undefined.
 */
export function grownOrOther(
  policy: DriftPolicy,
  before: ColumnSample | undefined,
  { now, most }: { readonly now: ColumnSample | undefined; readonly most: number },
): ColumnComparison | undefined {
  const many = `over ${most} different texts`
  if (before === undefined) {
    return now?.kind === 'numeric'
      ? changed(policy, now, `was ${many} in the reference, is numbers in the current data`)
      : undefined
  }
  if (before.missing === before.rows) return undefined
  if (before.kind === 'numeric') {
    return changed(policy, before, `was numbers in the reference, is ${many} in the current data`)
  }
  const { length } = before.categories
  if (length > FEW_CATEGORIES * most || length > (before.rows - before.missing) / 2)
    return undefined
  return changed(
    policy,
    before,
    `had ${length} different values in the reference, has ${many} in the current data`,
  )
}

function changed(policy: DriftPolicy, sample: ColumnSample, mismatch: string): ColumnComparison {
  return {
    plan: { ...planColumn(policy, sample, sample), mismatch, textual: undefined },
    measured: undefined,
  }
}

/** Columns that are lists, maps or bytes in one table alone are no longer what they were; those of the reference may be gone. */
export function comparedWithOther(
  policy: DriftPolicy,
  reference: readonly EngineColumn[],
  current: readonly EngineColumn[],
): readonly ColumnComparison[] {
  const now = new Map(current.map((column) => [column.name, column]))
  return reference.flatMap((before) => {
    const after = now.get(before.name)
    if (after === undefined) {
      if (before.type !== 'other') return []
      return [{ plan: planColumn(policy, nothingOf(before), undefined), measured: undefined }]
    }
    if ((before.type === 'other') === (after.type === 'other')) return []
    const types = [before, after].map(({ engineType }) => engineType.slice(0, 100))
    const mismatch = `was of type ${types[0]} in the reference, is ${types[1]} in the current data`
    return [changed(policy, nothingOf(before), mismatch)]
  })
}

/** Of a column's values nothing was asked. */
function nothingOf({ name }: EngineColumn): ColumnSample {
  const values = { categories: [], counts: new Float64Array(0) }
  return { kind: 'categorical', name, type: 'string', rows: 0, missing: 0, ...values }
}
