import type { ColumnComparison } from '../decide.js'
import { measureCells } from '../measure.js'
import type { ColumnPlan } from '../plan.js'
import type { DriftPolicy } from '../policy.js'
import type { Sides } from '../predicate.js'
import { orFailure } from '../unmeasured.js'
import type { VectorSample } from '../vectors/sample.js'
import { VECTOR_TEST, vectorEvidence } from './vector-column.js'

/** Vectors of both samples, under the name that the user gave them. */
export interface NamedVectors {
  readonly name: string
  readonly reference: VectorSample
  readonly current: VectorSample
}

/** Compares vectors as one column. Vectors of another dimension are another thing. */
export function compareVectors(
  policy: DriftPolicy,
  { name, reference, current }: NamedVectors,
): ColumnComparison {
  const rows = { reference: reference.rows, current: current.rows }
  const missing = { reference: reference.missing, current: current.missing }
  const plan: ColumnPlan = {
    name,
    kind: 'vector',
    critical: policy.columns.critical.includes(name),
    testName: VECTOR_TEST,
    type: 'number',
    present: true,
    mismatch: mismatchOf(reference, current),
    textual: undefined,
  }
  if (plan.mismatch !== undefined) return { plan, measured: undefined }
  const found = orFailure(() => ({
    ...measureCells(policy, plan, { rows, missing, infinities: NONE }),
    ...vectorEvidence(policy, reference, current),
  }))
  if ('failure' in found) return { plan: { ...plan, ...found }, measured: undefined }
  return { plan, measured: found.value }
}

const NONE: Sides = { reference: 0, current: 0 }

function mismatchOf(reference: VectorSample, current: VectorSample): string | undefined {
  const before = reference.dimension
  const now = current.dimension
  if (before === 0 || now === 0 || before === now) return undefined
  return `vectors had ${before} components in the reference, and have ${now} in the current data`
}
