import { NO_CHANGES } from '../categories.js'
import type { ColumnComparison } from '../decide.js'
import { NO_CHANCE, shareChance } from '../learning/learned.js'
import type { ColumnPlan } from '../plan.js'
import { type DriftPolicy, shareLimits } from '../policy.js'
import type { Sides } from '../predicate.js'
import { sharePValue } from '../share-test.js'
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
  const chance = { nulls: shareChance(missing, rows), infinities: NO_CHANCE, fresh: NO_CHANCE }
  return {
    plan,
    measured: {
      plan,
      ...vectorEvidence(policy, reference, current),
      psi: undefined,
      js: undefined,
      rows,
      values: map(rows, missing, (all, lacking) => all - lacking),
      nulls: map(missing, rows, (lacking, all) => (all === 0 ? 0 : lacking / all)),
      infiniteShares: NONE,
      nullPValue: sharePValue(missing, rows),
      infinityPValue: undefined,
      infinities: NONE,
      changes: NO_CHANGES,
      newShare: 0,
      newPValue: undefined,
      chance,
      limits: shareLimits(policy, name, chance),
      rankError: 0,
      looksLikeIdentifier: false,
      looksIdentical: false,
    },
  }
}

const NONE: Sides = { reference: 0, current: 0 }

function map(left: Sides, right: Sides, of: (left: number, right: number) => number): Sides {
  return {
    reference: of(left.reference, right.reference),
    current: of(left.current, right.current),
  }
}

function mismatchOf(reference: VectorSample, current: VectorSample): string | undefined {
  const before = reference.dimension
  const now = current.dimension
  if (before === 0 || now === 0 || before === now) return undefined
  return `vectors had ${before} components in the reference, and have ${now} in the current data`
}
