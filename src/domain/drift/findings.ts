import { nullsDrifted } from './judge-cells.js'
import type { ColumnMeasurement } from './measure.js'
import type { DriftPolicy } from './policy.js'
import type { DriftColumn, DriftFinding } from './predicate.js'
import { percent } from './wording.js'

const MOST_NAMED = 3

/** What stands out in a column that was compared, beside its verdict. */
export function findingsOf(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  column: DriftColumn,
): DriftFinding[] {
  // Of an identifier every value is new.
  const values = measured.looksLikeIdentifier ? [] : categoryFindings(column)
  return [
    ...nullFindings(policy, measured, column),
    ...unusableFindings(measured),
    ...values,
    ...infinityFindings(column),
  ]
}

/** Cells that are no numbers in a column of numbers. Which they are is not said: they may be anything. */
function unusableFindings({ plan, rows }: ColumnMeasurement): DriftFinding[] {
  const { reference, current } = plan.unusable ?? { reference: 0, current: 0 }
  if (reference + current === 0) return []
  const share = (cells: number, of: number) => `${cells} (${percentOfMany(cells, of)})`
  const detail = `cells that are no numbers, counted as missing: ${share(reference, rows.reference)} in the reference, ${share(current, rows.current)} in the current data; the others are compared as numbers`
  return [{ kind: 'unusable', column: plan.name, detail }]
}

function nullFindings(
  policy: DriftPolicy,
  measured: ColumnMeasurement,
  { name, nulls, nullTest }: DriftColumn,
): DriftFinding[] {
  if (!nullsDrifted(policy, measured, nullTest?.adjustedPValue)) return []
  const detail = `missing cells went from ${percent(nulls.reference)} to ${percent(nulls.current)}`
  return [{ kind: 'null-rate', column: name, detail }]
}

const LEAST_SHOWN = 0.001

/** One of a million is not none. */
function percentOfMany(cells: number, of: number): string {
  const share = cells / Math.max(1, of)
  return cells > 0 && share < LEAST_SHOWN ? `under ${percent(LEAST_SHOWN)}` : percent(share)
}

function categoryFindings(column: DriftColumn): DriftFinding[] {
  const findings: DriftFinding[] = []
  const { newCategories, newCategoryCount, vanishedCategories, vanishedCategoryCount } = column
  if (newCategoryCount > 0) {
    const detail = `not in the reference: ${named(newCategories, newCategoryCount)}`
    findings.push({ kind: 'new-categories', column: column.name, detail })
  }
  if (vanishedCategoryCount > 0) {
    const detail = `gone from the current data: ${named(vanishedCategories, vanishedCategoryCount)}`
    findings.push({ kind: 'vanished-categories', column: column.name, detail })
  }
  return findings
}

function infinityFindings({ name, infinities }: DriftColumn): DriftFinding[] {
  const { reference, current } = infinities
  if (reference + current === 0) return []
  const detail = `infinite cells, not compared: ${reference} in the reference, ${current} in the current data`
  return [{ kind: 'infinities', column: name, detail }]
}

function named(categories: readonly string[], count: number): string {
  if (categories.length === 0) {
    return `${count} ${count === 1 ? 'value' : 'values'}, not shown: they look like identifiers`
  }
  const shown = categories.slice(0, MOST_NAMED).map((category) => JSON.stringify(category))
  const rest = count - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
