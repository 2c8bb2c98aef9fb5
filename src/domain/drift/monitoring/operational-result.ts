import type { Decision } from '../../decision.js'
import { worst } from '../../decision.js'
import type { Histogram } from '../predicate.js'
import type { OperationalReading, TimeRange } from './operational-query.js'

/** `no-data` is its own answer: nothing was measured, which is neither well nor ill. */
export type OperationalStatus = 'pass' | 'warn' | 'fail' | 'inconclusive' | 'no-data'

/** What was read of one range. */
export interface OperationalWindow {
  readonly from: string
  readonly to: string
  /** Values, or observations of a histogram, that count. */
  readonly values: number
  /** Values that are no number, or infinite. */
  readonly unusable: number
  /** As how many independent values they count; null where that is not known. */
  readonly independent: number | null
}

/** One rule of one operational number, judged. All numbers are finite. */
export interface OperationalResult {
  readonly name: string
  readonly rule: 'at-most' | 'at-least' | 'compare-with'
  /** What `value` is: `mean`, `last`, `max`, `min`, or the distance by its name. */
  readonly of: string
  readonly query: string
  readonly level: 'fail' | 'warn'
  readonly status: OperationalStatus
  /** In words. */
  readonly reason: string
  /** Limits are held against the estimate itself, since values in a row are not independent. */
  readonly evidence: 'estimate' | 'test'
  readonly value: number | null
  readonly limit: number
  /** Of the mean, at 95 %, with the correlation in time counted. */
  readonly interval: { readonly low: number; readonly high: number } | null
  readonly pValue: number | null
  readonly adjustedPValue: number | null
  readonly window: OperationalWindow
  readonly before: OperationalWindow | null
  readonly histogram: Histogram | null
}

/** What a judge adds to what every result has. */
export type Finding = Pick<OperationalResult, 'rule' | 'of' | 'limit' | 'status' | 'reason'> &
  Partial<OperationalResult>

export function resultOf(
  { name, query, now, before }: OperationalReading,
  finding: Finding,
): OperationalResult {
  return {
    name,
    query: query.query,
    level: query.level,
    evidence: 'estimate',
    value: null,
    interval: null,
    pValue: null,
    adjustedPValue: null,
    window: windowOf(now),
    before: before === undefined ? null : windowOf(before),
    histogram: null,
    ...finding,
  }
}

export function windowOf(
  { from, to }: TimeRange,
  counted: Partial<Pick<OperationalWindow, 'values' | 'unusable' | 'independent'>> = {},
): OperationalWindow {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    values: counted.values ?? 0,
    unusable: counted.unusable ?? 0,
    independent: counted.independent ?? null,
  }
}

/**
 * What all results together mean: a breach what its level says; a number that could not be judged, or that nobody
 * measured, is `inconclusive` where its breach would fail, else `warn`. None: `pass`.
 */
export function operationalDecision(results: readonly OperationalResult[]): Decision {
  return worst(
    results.map(({ status, level }) => {
      if (status === 'pass' || status === 'warn' || status === 'fail') return status
      return level === 'fail' ? 'inconclusive' : 'warn'
    }),
  )
}
