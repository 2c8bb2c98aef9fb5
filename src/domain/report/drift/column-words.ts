import type { ColumnStatus } from '../../drift/predicate.js'
import { percent } from '../../drift/wording.js'
import { formatNumber, formatPValue } from '../words.js'
import { excess } from './order.js'
import type { DriftReport, ShownColumn } from './shown.js'

/** Three digits of a distance, at most four of a limit. */
export function distanceNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(3)))
}

/** `1.4%`, or `1.4% → 3%` where it changed; nothing where the column could not be compared. */
export function missingWords(column: ShownColumn): string {
  if (!hasCells(column)) return ''
  const { nulls } = column
  const before = percent(nulls.reference)
  const after = percent(nulls.current)
  return before === after ? after : `${before} → ${after}`
}

/** Whether its cells were counted: not where it could not be compared, or another monitor measured it. */
export function hasCells({ test, nulls, values }: ShownColumn): boolean {
  if (test === null) return false
  if (values === undefined) return true
  return values.reference + values.current + nulls.reference + nulls.current > 0
}

/** The corrected p-value, or nothing. */
export function certaintyWords({ adjustedPValue }: ShownColumn): string {
  return adjustedPValue === null ? '' : formatPValue(adjustedPValue)
}

/** What numbers alone would leave puzzling in a stable column; mostly nothing. */
export function briefRemark(column: ShownColumn, alpha: number): string {
  if ((excess(column) ?? 0) > 1) return 'large, but may be chance'
  return isCertain(column, alpha) ? 'certain, but small' : ''
}

function isCertain({ adjustedPValue }: ShownColumn, alpha: number): boolean {
  return adjustedPValue !== null && adjustedPValue < alpha
}

/** What a column's status means for its reader, in a sentence or two. */
export function meaning(column: ShownColumn, { alpha, source }: Judging): string {
  if (source !== undefined) return MONITORED[column.status]
  switch (column.status) {
    case 'drifted':
      return driftMeaning(column)
    case 'unconfirmed':
      return 'It drifted now, but not in enough windows in a row to count yet.'
    case 'inconclusive':
      return openMeaning(column)
    case 'stable':
      return stableMeaning(column, alpha)
  }
}

export type Judging = Pick<DriftReport, 'alpha' | 'source'>

const MONITORED: Readonly<Record<ColumnStatus, string>> = {
  drifted: 'The monitor that measured it calls this drift.',
  unconfirmed:
    'The monitor that measured it calls this drift, but not in enough windows in a row yet.',
  inconclusive: 'The monitor that measured it does not say. This is not the same as no drift.',
  stable: 'The monitor that measured it calls this no drift.',
}

function driftMeaning(column: ShownColumn): string {
  const times = excess(column)
  if (times === undefined) return 'Whatever reads this column cannot go on as before.'
  if (times <= 1)
    return 'The distribution of its values is within the limit; something else changed.'
  return `The values have moved to ${timesWords(times)} the limit, more than chance explains in samples of these sizes.`
}

function openMeaning(column: ShownColumn): string {
  const { distance } = column
  const unsaid = 'This is not the same as no drift.'
  if (distance === null || distance.value === null)
    return `There is too little to compare. ${unsaid}`
  if ((excess(column) ?? 0) > 1)
    return `The distance is over the limit, but in samples of these sizes chance makes such distances too. More rows would settle it. ${unsaid}`
  return `A change as large as the limit would often not show in samples of these sizes. More rows would settle it. ${unsaid}`
}

function stableMeaning(column: ShownColumn, alpha: number): string {
  const { distance } = column
  if ((excess(column) ?? 0) > 1)
    return 'The distance is over the limit only by what chance adds to it in samples of these sizes.'
  if (isCertain(column, alpha))
    return 'It has changed for certain, but by less than the limit calls drift.'
  if (distance?.detectable != null && distance.detectable <= distance.threshold)
    return 'No change; one as large as the limit would have shown.'
  return 'No change as large as the limit.'
}

/** `5.2 times`; of very many no more than that they are. */
export function timesWords(times: number): string {
  return times > 1000 ? 'more than 1,000 times' : `${distanceNumber(times)} times`
}
