import { decideDataSet } from '../decide.js'
import { labelOf } from '../label.js'
import type { DriftPolicy } from '../policy.js'
import type {
  AgainstReference,
  ColumnStatus,
  DriftColumn,
  DriftFinding,
  DriftPredicateBody,
} from '../predicate.js'

/** What the reference is called beside others. */
const PRIMARY = 'reference'

export type Against = 'all' | 'any'

/** The same current data, judged against several references. */
export interface SeveralReferences {
  /** Against `drift.reference`: it says which columns there are. */
  readonly primary: DriftPredicateBody
  readonly others: readonly { readonly name: string; readonly body: DriftPredicateBody }[]
  readonly against: Against
}

/**
 * The policy by which each of so many references is compared. Drift against `any` of them has as many chances to be a
 * false alarm, so that each is held to its part of alpha (Bonferroni); drift against `all` needs every one of them to be
 * significant at alpha itself (the intersection-union test; Berger 1982, Technometrics 24:295-300).
 */
export function policyForReferences<P extends DriftPolicy & { readonly against: Against }>(
  policy: P,
  references: number,
): P {
  if (policy.against === 'all' || references <= 1) return policy
  return { ...policy, alpha: policy.alpha / references }
}

/**
 * One result of several. Against `all`, a column drifted when it did against every reference: stable against one of
 * them settles that it did not, whatever the others say, and otherwise one that is inconclusive leaves it open. Against
 * `any`, one reference is enough to have drifted, and stable takes all of them. A reference without the column has no
 * say in it. The numbers of a column are those of the first reference by which it is what it is; those of all are
 * under `against`.
 */
export function combineReferences(
  policy: DriftPolicy,
  { primary, others, against }: SeveralReferences,
): DriftPredicateBody {
  if (others.length === 0) return primary
  const references = [{ name: PRIMARY, body: primary }, ...others].map(({ name, body }) => ({
    name: labelOf(name),
    byName: new Map(body.columns.map((column) => [column.name, column])),
  }))
  const columns = primary.columns.map(({ name }) =>
    combineColumn(
      references.map((one) => ({ reference: one.name, column: one.byName.get(name) })),
      against,
    ),
  )
  const findings = others.flatMap(({ name, body }) => findingsAgainst(labelOf(name), body, primary))
  return {
    ...primary,
    ...decideDataSet(policy, columns),
    columns,
    findings: [...primary.findings, ...findings],
  }
}

/** What a column came to against one reference; undefined where that does not have it. */
interface One {
  readonly reference: string
  readonly column: DriftColumn | undefined
}

interface Present extends One {
  readonly column: DriftColumn
}

function combineColumn(ones: readonly One[], against: Against): DriftColumn {
  const present = ones.filter((one): one is Present => one.column !== undefined)
  const status = combined(
    present.map(({ column }) => column.status),
    against,
  )
  const shown = present.find(({ column }) => column.status === status) ?? present[0]
  if (shown === undefined) throw new TypeError('the primary reference has the column')
  return {
    ...shown.column,
    status,
    drifted: status === 'drifted',
    reason: reasonOf(shown, ones, against),
    against: ones.map(summaryOf),
  }
}

/** The statuses that settle it, the first of them that there is. */
const ORDER: Readonly<Record<Against, readonly ColumnStatus[]>> = {
  all: ['stable', 'inconclusive', 'unconfirmed', 'drifted'],
  any: ['drifted', 'unconfirmed', 'inconclusive', 'stable'],
}

function combined(statuses: readonly ColumnStatus[], against: Against): ColumnStatus {
  return ORDER[against].find((status) => statuses.includes(status)) ?? 'inconclusive'
}

function summaryOf({ reference, column }: One): AgainstReference {
  if (column === undefined) {
    return { reference, status: 'absent', distance: null, adjustedPValue: null }
  }
  const { status, distance, adjustedPValue } = column
  return { reference, status, distance: distance?.value ?? null, adjustedPValue }
}

/** Says by which reference it is so, and which of the others say something else. */
function reasonOf({ reference, column }: Present, ones: readonly One[], against: Against): string {
  const names = (status: ColumnStatus) =>
    ones.flatMap((one) =>
      one.reference !== reference && one.column?.status === status ? [one.reference] : [],
    )
  const drifted = names('drifted')
  const clauses: string[] = []
  if (column.status === 'drifted') {
    if (against === 'any') clauses.push(...said('not against', names('stable')))
    clauses.push(...said('not judged against', names('inconclusive')))
  } else clauses.push(...said('drifted against', drifted))
  const rest = clauses.length > 0 ? `; ${clauses.join('; ')}` : ''
  return `against ${reference}: ${column.reason}${rest}`
}

function said(words: string, names: readonly string[]): readonly string[] {
  return names.length === 0 ? [] : [`${words} ${names.join(', ')}`]
}

/** What another reference shows and the first does not. */
function findingsAgainst(
  name: string,
  { findings }: DriftPredicateBody,
  primary: DriftPredicateBody,
): DriftFinding[] {
  const known = new Set(primary.findings.map(keyOf))
  return findings
    .filter((finding) => !known.has(keyOf(finding)))
    .map((finding) => ({ ...finding, detail: `${finding.detail} (against ${name})` }))
}

function keyOf({ kind, column, detail }: DriftFinding): string {
  return JSON.stringify([kind, column, detail])
}
