import type { ClassTotals } from './class-totals.js'
import { defined, type Outcome, undefinedBecause } from './data.js'

/** A rate of the positive class in each group, or why it cannot be given. */
export type GroupRates =
  | { readonly rates: readonly number[]; readonly reason?: undefined }
  | { readonly rates?: undefined; readonly reason: string }

interface Rate {
  readonly top: number
  readonly bottom: number
}

function ratesBy(
  totals: ClassTotals,
  missing: string,
  rate: (group: number, cell: number) => Rate,
): GroupRates {
  if (totals.positive === undefined) return { reason: 'no positive class is named' }
  const rates: number[] = []
  for (let group = 0; group < totals.groups; group++) {
    if ((totals.size[group] ?? 0) === 0) continue
    const { top, bottom } = rate(group, group * totals.classes + totals.positive)
    if (bottom <= 0) return { reason: `group "${totals.groupNames[group] ?? ''}" has ${missing}` }
    rates.push(top / bottom)
  }
  return rates.length > 1 ? { rates } : { reason: 'there are fewer than two groups' }
}

/** Share of each group that is predicted positive; groups without examples are left out. */
export function selectionRates(totals: ClassTotals): GroupRates {
  return ratesBy(totals, 'no examples', (group, cell) => ({
    top: totals.predicted[cell] ?? 0,
    bottom: totals.size[group] ?? 0,
  }))
}

/** Share of each group's positive examples that is predicted positive. */
export function truePositiveRates(totals: ClassTotals): GroupRates {
  return ratesBy(totals, 'no positive example', (_, cell) => ({
    top: totals.hit[cell] ?? 0,
    bottom: totals.actual[cell] ?? 0,
  }))
}

/** Share of each group's negative examples that is predicted positive. */
export function falsePositiveRates(totals: ClassTotals): GroupRates {
  return ratesBy(totals, 'no negative example', (group, cell) => ({
    top: (totals.predicted[cell] ?? 0) - (totals.hit[cell] ?? 0),
    bottom: (totals.size[group] ?? 0) - (totals.actual[cell] ?? 0),
  }))
}

/** Largest rate minus smallest. */
export function gapOf(rates: GroupRates): Outcome {
  if (rates.rates === undefined) return undefinedBecause(rates.reason)
  return defined(Math.max(...rates.rates) - Math.min(...rates.rates))
}

/** Smallest rate over largest. No value when all are 0. */
export function ratioOf(rates: GroupRates): Outcome {
  if (rates.rates === undefined) return undefinedBecause(rates.reason)
  const largest = Math.max(...rates.rates)
  if (largest === 0) return undefinedBecause('no example is predicted positive')
  return defined(Math.min(...rates.rates) / largest)
}
