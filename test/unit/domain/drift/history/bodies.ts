import { decideDataSet } from '../../../../../src/domain/drift/decide.js'
import type { WindowResult } from '../../../../../src/domain/drift/history/entry.js'
import { mismatchedColumn } from '../../../../../src/domain/drift/judge.js'
import type {
  ColumnStatus,
  DriftColumn,
  DriftPredicateBody,
} from '../../../../../src/domain/drift/predicate.js'
import { DEFAULT_DRIFT_POLICY } from '../tables.js'

export const POLICY = DEFAULT_DRIFT_POLICY

/** The start of a day since 1970, in ISO 8601. */
export function day(index: number): string {
  return new Date(index * 86_400_000).toISOString()
}

export function window(index: number, body: DriftPredicateBody): WindowResult {
  return { name: `${day(index)}/${day(index + 1)}`, body }
}

/** A column of a status, with a distance where one is given. */
export function columnOf(name: string, status: ColumnStatus, distance?: number): DriftColumn {
  const plan = {
    name,
    kind: 'numeric',
    critical: false,
    testName: 'ks',
    type: 'number',
    present: true,
    mismatch: undefined,
    textual: undefined,
  } as const
  return {
    ...mismatchedColumn(plan, 'made up'),
    status,
    drifted: status === 'drifted',
    distance:
      distance === undefined
        ? null
        : { name: 'wasserstein', value: distance, threshold: 0.1, noise: null, detectable: null },
    adjustedPValue: 0.01,
  }
}

/** A result with these columns. */
export function bodyOf(
  statuses: Readonly<Record<string, ColumnStatus>>,
  { critical = [] as readonly string[], columns = [] as readonly DriftColumn[] } = {},
): DriftPredicateBody {
  const made = Object.entries(statuses).map(([name, status]) => ({
    ...columnOf(name, status),
    critical: critical.includes(name),
  }))
  const all = [...made, ...columns]
  return {
    ...decideDataSet(POLICY, all),
    rows: { reference: 100, current: 50 },
    alpha: 0.05,
    correction: 'benjamini-hochberg',
    minShare: 0.3,
    columns: all,
    findings: [],
  }
}
