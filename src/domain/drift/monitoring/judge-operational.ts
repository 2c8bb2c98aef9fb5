import { adjustPValues, type Correction } from '../../stats/multiplicity.js'
import { createRandom } from '../../stats/random.js'
import { pText } from '../wording.js'
import { compareHistograms } from './compare-histograms.js'
import { compareSeries } from './compare-series.js'
import { judgeLimit } from './judge-limit.js'
import type { OperationalReading, ValuesReading } from './operational-query.js'
import { type Finding, type OperationalResult, resultOf } from './operational-result.js'

export interface OperationalPolicy {
  readonly alpha: number
  readonly correction: Correction
  /** What the permutations start from. */
  readonly seed: number
}

/**
 * Judges what was read: limits by the estimate, comparisons by effect and significance together, with their p-values
 * corrected for how many there are. A query without any data gives `no-data` for each of its rules.
 */
export function judgeOperational(
  readings: readonly OperationalReading[],
  policy: OperationalPolicy,
): OperationalResult[] {
  const results = readings.flatMap((reading) =>
    findings(reading, policy).map((finding) => resultOf(reading, finding)),
  )
  const adjusted = adjustPValues(
    results.map(({ pValue }) => pValue ?? Number.NaN),
    policy.correction,
  )
  return results.map((result, i) => corrected(result, adjusted[i], policy.alpha))
}

function findings(reading: OperationalReading, { seed }: OperationalPolicy): Finding[] {
  switch (reading.kind) {
    case 'failed':
      return failed(reading)
    case 'histogram':
      return [compareHistograms(reading)]
    case 'values':
      return [
        ...limits(reading),
        // Every query has the same generator: a query more does not change what the others say.
        ...(reading.before === undefined ? [] : [compareSeries(reading, createRandom(seed))]),
      ]
  }
}

function limits(reading: ValuesReading): Finding[] {
  return (['at-most', 'at-least'] as const).flatMap((rule) => {
    const limit = reading.query[rule]
    return limit === undefined ? [] : [judgeLimit(reading, rule, limit)]
  })
}

function failed({ query, failure }: Extract<OperationalReading, { kind: 'failed' }>): Finding[] {
  const reason = `could not be read: ${failure}`
  const open = (rule: Finding['rule'], of: string, limit: number): Finding => ({
    rule,
    of,
    limit,
    reason,
    status: 'inconclusive',
  })
  if (query.kind === 'histogram') return [open('compare-with', 'jensen-shannon', query.over)]
  const most = query['at-most']
  const least = query['at-least']
  return [
    ...(most === undefined ? [] : [open('at-most', query.of, most)]),
    ...(least === undefined ? [] : [open('at-least', query.of, least)]),
    ...(query['compare-with'] === undefined
      ? []
      : [open('compare-with', 'wasserstein-normalised', query.over)]),
  ]
}

/** Only now is it known whether a comparison is certain. A change that is large, and may be chance, is an open question. */
function corrected(
  result: OperationalResult,
  adjustedPValue: number | undefined,
  alpha: number,
): OperationalResult {
  if (result.pValue === null || adjustedPValue === undefined) return result
  const words = `${result.reason} (corrected p ${pText(adjustedPValue)})`
  if (result.status === 'pass') return { ...result, adjustedPValue, reason: words }
  if (adjustedPValue < alpha) {
    return { ...result, adjustedPValue, status: result.level, reason: words }
  }
  return {
    ...result,
    adjustedPValue,
    status: 'inconclusive',
    reason: `${result.reason}, but may be chance (corrected p ${pText(adjustedPValue)})`,
  }
}
