import { miettinenNurminenTest } from '../../stats/miettinen-nurminen.js'
import { findColumn } from '../../table/column.js'
import { percent, shortNumber } from '../wording.js'
import type { HealthRequest, OutliersRule } from './policy.js'
import { type Beyond, countBeyond, type NumericSummary } from './reference.js'
import { type HealthCheck, healthCheck } from './result.js'
import { judgeShares, type ShareCase } from './share.js'

/** Fewer values in either sample say nothing about a share of outliers. */
export const FEWEST_VALUES = 30

/** Outliers of both samples, and the values that they are among. */
export interface ExcessCounts {
  readonly reference: number
  readonly referenceTotal: number
  readonly current: number
  readonly currentTotal: number
}

/**
 * Whether the share of outliers exceeds the reference's by more than `most`, as Miettinen & Nurminen's score test of
 * the difference of two proportions has it (1985).
 */
export function excessCase(counts: ExcessCounts, most: number): ShareCase {
  const { reference, referenceTotal, current, currentTotal } = counts
  if (referenceTotal < FEWEST_VALUES || currentTotal < FEWEST_VALUES) {
    return { over: false, pValue: Number.NaN }
  }
  const over = current / currentTotal - reference / referenceTotal > most
  const test = miettinenNurminenTest(
    {
      candidateSuccesses: current,
      candidateTotal: currentTotal,
      baselineSuccesses: reference,
      baselineTotal: referenceTotal,
    },
    Math.min(most, 1 - Number.EPSILON),
  )
  return { over, pValue: test?.above ?? Number.NaN }
}

interface Measured {
  readonly name: string
  readonly summary: NumericSummary
  readonly found: Beyond
  readonly shares: ShareCase
}

/**
 * One check a column: the share of values that are `over` robust standard deviations or more from the reference's
 * median, against the same share of the reference (Iglewicz & Hoaglin 1993). Infinities are outliers. Columns without
 * a finite value in the reference have none to compare with.
 */
export function outlierChecks(request: HealthRequest, rule: OutliersRule): readonly HealthCheck[] {
  const measured = measure(request, rule)
  const statuses = judgeShares(
    measured.map(({ shares }) => shares),
    { alpha: request.alpha, level: rule.level },
  )
  return measured.map((one, index) => toCheck(one, rule, statuses[index] ?? 'inconclusive'))
}

function measure(
  { columns, reference, current }: HealthRequest,
  rule: OutliersRule,
): readonly Measured[] {
  const measured: Measured[] = []
  for (const name of columns ?? reference?.columns.keys() ?? []) {
    const summary = reference?.columns.get(name)
    const column = findColumn(current, name)
    if (summary?.scale === undefined || column?.kind !== 'numeric') continue
    const found = countBeyond(column.values, summary.scale, rule.over)
    const shares = excessCase(
      {
        reference: summary.beyond,
        referenceTotal: summary.values,
        current: found.beyond,
        currentTotal: found.values,
      },
      rule['max-share'],
    )
    measured.push({ name, summary, found, shares })
  }
  return measured
}

function toCheck(
  { name, summary, found, shares }: Measured,
  rule: OutliersRule,
  status: HealthCheck['status'],
): HealthCheck {
  const tooFew = Number.isNaN(shares.pValue)
  const usual = summary.values === 0 ? 0 : summary.beyond / summary.values
  const worst = found.worst === undefined ? '' : `, the furthest at ${shortNumber(found.worst)}`
  const what = `${found.beyond} of ${found.values} values are ${rule.over} or more robust standard deviations from the reference's median${worst}; in the reference ${summary.beyond} of ${summary.values}`
  const doubt = tooFew
    ? `: under ${FEWEST_VALUES} values say nothing`
    : ': too few values to tell this from chance'
  const judged = tooFew ? 'inconclusive' : status
  return healthCheck({
    id: `outliers.${name}`,
    column: name,
    status: judged,
    observed: found.values === 0 ? 'no value' : found.beyond / found.values,
    expected: `at most ${percent(usual)} + ${percent(rule['max-share'])}`,
    failedRows: found.beyond,
    detail: judged === 'inconclusive' ? `${what}${doubt}` : what,
  })
}
