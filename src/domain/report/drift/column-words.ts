import { percent } from '../../drift/wording.js'
import { formatNumber, formatPValue } from '../words.js'
import { excess } from './order.js'
import type { ShownColumn } from './shown.js'

/** Three digits of a distance, at most four of a limit. */
export function distanceNumber(value: number): string {
  return formatNumber(Number(value.toPrecision(3)))
}

/** `1.4%`, or `1.4% → 3%` where it changed; nothing where the column could not be compared. */
export function missingWords({ test, nulls }: ShownColumn): string {
  if (test === null) return ''
  const before = percent(nulls.reference)
  const after = percent(nulls.current)
  return before === after ? after : `${before} → ${after}`
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
export function meaning(column: ShownColumn, alpha: number): string {
  switch (column.status) {
    case 'drifted':
      return driftMeaning(column)
    case 'unconfirmed':
      return 'It is over its limit now, but was not in enough windows in a row to count as drifted yet.'
    case 'inconclusive':
      return openMeaning(column)
    case 'stable':
      return stableMeaning(column, alpha)
  }
}

function driftMeaning(column: ShownColumn): string {
  const times = excess(column)
  if (column.test === null && column.distance === null)
    return 'Whatever reads this column cannot go on as before.'
  if (times === undefined) return 'Its values were not compared; what is said above is enough.'
  if (times <= 1)
    return 'The values that can be compared are distributed within the limit; the change is the one named above.'
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
