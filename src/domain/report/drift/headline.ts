import type { Decision } from '../../decision.js'
import { countOf } from '../words.js'
import type { DriftReport } from './shown.js'
import { windowWords } from './windows.js'

const DECISIONS: Readonly<Record<Decision, string>> = {
  pass: 'No drift',
  warn: 'Something to look at',
  fail: 'Drift',
  inconclusive: 'Drift cannot be said or ruled out',
}

/** What came out, in a clause before its reason. No data is neither drift nor its absence. */
export function verdictWords(drift: DriftReport): string {
  if (drift.state === 'no-data') return 'There is no data to judge, which is not "no drift"'
  if (drift.state === 'late') return 'The data is late: nothing was judged yet'
  return drift.decision === 'fail' ? failedWords(drift) : DECISIONS[drift.decision]
}

/** Something else than the distributions may have failed it. */
function failedWords({ columns, multivariate, performance }: DriftReport): string {
  const moved = columns.some(({ drifted }) => drifted) || multivariate?.status === 'drifted'
  if (moved) return DECISIONS.fail
  return performance?.status === 'drifted'
    ? 'Performance became worse'
    : 'No drift, but the data or what serves it is not well'
}

/** Why, as a sentence without its dot. */
export function reasonWords({ reason }: DriftReport): string {
  return reason.charAt(0).toUpperCase() + reason.slice(1)
}

/** What was compared with what. */
export function comparedWords({ rows, window, source, state }: DriftReport): string {
  if (source !== undefined) return `As measured by ${monitorWords(source)}.`
  if (state === 'no-data' || state === 'late')
    return window == null ? '' : `The window is ${windowWords(window)}.`
  const at = window == null ? '' : ` of ${windowWords(window)}`
  return `${countOf(rows.current, 'current row')}${at} against ${countOf(rows.reference, 'row')} of the reference.`
}

/** `Evidently 0.7.11`. */
export function monitorWords({ monitor, version }: NonNullable<DriftReport['source']>): string {
  return version === null ? monitor : `${monitor} ${version}`
}
