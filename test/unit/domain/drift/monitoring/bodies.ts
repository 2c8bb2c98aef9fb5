import { mismatchedColumn } from '../../../../../src/domain/drift/judge.js'
import type { OtherParts } from '../../../../../src/domain/drift/monitoring/other-families.js'
import type { DriftColumn, DriftPredicateBody } from '../../../../../src/domain/drift/predicate.js'

/** A result without columns. */
export function emptyBody(more: Partial<DriftPredicateBody> = {}): DriftPredicateBody {
  return {
    decision: 'pass',
    reason: '',
    rows: { reference: 100, current: 50 },
    driftedShare: 0,
    inconclusiveShare: 0,
    alpha: 0.05,
    correction: 'benjamini-hochberg',
    minShare: 0.3,
    columns: [],
    findings: [],
    ...more,
  }
}

/** A numeric column that drifted. */
export function measuredColumn(more: Partial<DriftColumn>): DriftColumn {
  const plan = {
    name: 'a',
    kind: 'numeric' as const,
    critical: false,
    testName: 'ks',
    type: 'number' as const,
    present: true,
    mismatch: undefined,
    textual: undefined,
  }
  const blank = mismatchedColumn(plan, 'far')
  const distance = {
    ...blank.distance,
    name: 'wasserstein-normalised',
    value: 0.25,
    threshold: 0.1,
  }
  return {
    ...blank,
    test: 'ks',
    adjustedPValue: 0.001,
    distance: distance as DriftColumn['distance'],
    values: { reference: 100, current: 50 },
    nulls: { reference: 0.01, current: 0.02 },
    ...more,
  }
}

/** Every part beside the columns, cut down to what metrics read. */
export function otherParts() {
  const result = (name: string, rule: string, status: string, value: number | null) => ({
    name,
    rule,
    status,
    value,
    limit: 1,
  })
  const parts: unknown = {
    performance: {
      status: 'drifted',
      labelCoverage: { reference: 1, current: null },
      metrics: [
        {
          name: 'f1',
          average: 'macro',
          realised: { reference: { value: 0.9 }, current: null },
          estimated: { current: { value: 0.8 } },
        },
      ],
    },
    health: {
      checks: [
        { id: 'volume', status: 'pass' },
        { id: 'freshness.at', status: 'fail' },
      ],
    },
    multivariate: { tests: [{ name: 'mmd', status: 'stable', statistic: 0.2 }] },
    operational: [
      result('latency', 'at-most', 'fail', 2),
      result('idle', 'at-least', 'no-data', null),
    ],
  }
  return parts as { [K in keyof OtherParts]-?: NonNullable<OtherParts[K]> }
}
