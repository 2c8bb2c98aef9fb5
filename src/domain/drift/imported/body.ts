import { mismatchedColumn } from '../judge.js'
import { labelOf } from '../label.js'
import type { DriftPolicy } from '../policy.js'
import type { ColumnStatus, DriftColumn, DriftPredicateBody } from '../predicate.js'
import { pText, shortNumber } from '../wording.js'
import type { ImportedColumn, ImportedResult, ImportedSource } from './imported-result.js'

/** What is decided of columns that are judged: the decision with its reason and shares. */
export type DataSetVerdict = Pick<
  DriftPredicateBody,
  'decision' | 'reason' | 'driftedShare' | 'inconclusiveShare'
>

export type ImportedBody = DriftPredicateBody & { readonly source: ImportedSource }

/**
 * Another monitor's results as our own would look, as far as they go: each column as that monitor judged it, and the
 * decision by our own rule. What it does not say is null; counts of rows and shares of missing cells, which it does not
 * say either, are 0. Columns that the policy ignores are left out.
 */
export function importedBody(
  result: ImportedResult,
  policy: DriftPolicy,
  decide: (policy: DriftPolicy, columns: readonly DriftColumn[]) => DataSetVerdict,
): ImportedBody {
  const columns = result.columns
    .filter(({ name }) => !policy.columns.ignore.includes(name))
    .map((column) => columnOf(column, result.source, policy))
  return {
    ...decide(policy, columns),
    rows: { reference: 0, current: 0 },
    alpha: policy.alpha,
    correction: policy.correction,
    minShare: policy['min-share'],
    columns,
    findings: [],
    source: result.source,
  }
}

function columnOf(
  column: ImportedColumn,
  source: ImportedSource,
  policy: DriftPolicy,
): DriftColumn {
  const { name, kind, statistic, pValue } = column
  const status = statusOf(column)
  const plan = {
    name,
    kind,
    critical: policy.columns.critical.includes(name),
    testName: column.test ?? '',
    type: kind === 'numeric' ? ('number' as const) : ('string' as const),
    present: true,
    mismatch: undefined,
    textual: undefined,
  }
  // A column that nothing was measured of, with what the monitor says put in.
  return {
    ...mismatchedColumn(plan, reasonOf(column, source)),
    status,
    drifted: status === 'drifted',
    test: column.test === null ? null : labelOf(column.test),
    statistic,
    pValue,
  }
}

function statusOf({ drifted }: ImportedColumn): ColumnStatus {
  if (drifted === null) return 'inconclusive'
  return drifted ? 'drifted' : 'stable'
}

function reasonOf(column: ImportedColumn, { monitor, version }: ImportedSource): string {
  const who = version === null ? monitor : `${monitor} ${version}`
  const numbers = numbersOf(column)
  const shown = numbers === '' ? '' : `: ${numbers}`
  if (column.drifted === null) return `${who} does not say how it is judged${shown}`
  return column.stated ? `as judged by ${who}${shown}` : `by the rule of ${who}${shown}`
}

function numbersOf({ test, statistic, pValue, limit }: ImportedColumn): string {
  const name = test === null ? '' : `${labelOf(test)} `
  const bound = limit === null ? '' : `, limit ${shortNumber(limit)}`
  if (pValue !== null) return `${name}p ${pText(pValue)}${bound}`
  return statistic === null ? name.trim() : `${name}${shortNumber(statistic)}${bound}`
}
