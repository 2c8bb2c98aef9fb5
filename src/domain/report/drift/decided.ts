import { percent } from '../../drift/wording.js'
import { formatNumber } from '../words.js'
import { monitorWords } from './headline.js'
import { baseOf } from './order.js'
import type { DriftReport } from './shown.js'
import { windowWords } from './windows.js'

export type DecidedRow = readonly [what: string, which: string, digest: string]

/** How it was decided, from the statement alone. */
export function ruleRows(drift: DriftReport): readonly DecidedRow[] {
  const rows = drift.source === undefined ? ownRule(drift) : importedRule(drift.source)
  if (drift.minShare === undefined) return rows
  const share = `any critical column does, or ${percent(drift.minShare)} of all`
  return [...rows, ['The data set drifts when', share, '']]
}

function importedRule(source: NonNullable<DriftReport['source']>): readonly DecidedRow[] {
  const rule = `${monitorWords(source)} says so, or its documented rule does where it says only numbers`
  return [['A column drifts when', rule, '']]
}

function ownRule(drift: DriftReport): readonly DecidedRow[] {
  const rows: DecidedRow[] = [
    [
      'A column drifts when',
      'its change is certain (p), large (over its limit) and more than chance makes in samples of these sizes; or the same holds for its missing, infinite or new values',
      '',
    ],
    ['Certain is', `${correctedWords(drift)} below ${formatNumber(drift.alpha)}`, ''],
  ]
  if (drift.columns.length > 0) rows.push(['Limits', limitWords(drift), ''])
  const worst = Math.max(0, ...drift.columns.map(({ rankError }) => rankError ?? 0))
  if (drift.columns.length > 0) rows.push(['Values', sketchWords(worst), ''])
  if (drift.engine !== undefined) rows.push(['Computed by', drift.engine, ''])
  return rows
}

function correctedWords({ correction }: DriftReport): string {
  return correction === 'none' ? 'a p-value' : `a p-value corrected by ${correction}`
}

function limitWords({ columns }: DriftReport): string {
  const limits = new Map<string, Set<number>>()
  for (const { distance } of columns) {
    if (distance === null) continue
    const seen = limits.get(distance.name) ?? new Set()
    limits.set(distance.name, seen.add(distance.threshold))
  }
  if (limits.size === 0) return 'none was needed'
  return [...limits].map(([name, values]) => `${name} ${rangeWords(values)}`).join(', ')
}

/** Learned limits differ from column to column. */
function rangeWords(values: ReadonlySet<number>): string {
  const all = [...values].sort((a, b) => a - b)
  const [low = 0] = all
  const high = all.at(-1) ?? low
  return low === high
    ? formatNumber(low)
    : `${formatNumber(low)} to ${formatNumber(high)} by column`
}

function sketchWords(rankError: number): string {
  return rankError === 0
    ? 'all were compared'
    : `summarised by a sketch: ranks may be off by ${formatNumber(Number((100 * rankError).toPrecision(2)))}% of the values`
}

/** What was judged, by digest where there is one. */
export function identityRows(drift: DriftReport): readonly DecidedRow[] {
  const rows: DecidedRow[] = []
  if (drift.source !== undefined)
    rows.push(['Results of', `${monitorWords(drift.source)} (${drift.source.kind})`, ''])
  if (drift.window != null) rows.push(['Window', windowWords(drift.window), ''])
  for (const { path, sha256 } of drift.reference?.files ?? [])
    rows.push(['Reference', path, sha256])
  return rows
}

/** Why a distance has the axis that it has. */
export function baseWords(distance: string): string {
  return baseOf(distance) === 0 ? '' : ' (0.5 is no difference)'
}
