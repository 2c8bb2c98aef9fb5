import { changeOf } from '../infinite-cells.js'
import { type ColumnMeasurement, measureColumn } from '../measure.js'
import { planColumn } from '../plan.js'
import { type DriftPolicy, FEWEST_VALUES } from '../policy.js'
import type { ColumnSample } from '../samples.js'
import { type Chance, chanceOf } from './learned.js'
import { mergeSamples, withoutWindow } from './windows.js'

/** A measure of one window against all others. */
export interface Observed extends Chance {
  readonly value: number
}

/** What the windows of the reference say about one of a column's measures; null where a window has too few values. */
export interface MeasureHistory {
  /** What the measure must be over to count at all, whatever is learned. */
  readonly least: number
  readonly windows: readonly (Observed | null)[]
}

/** How each window of one column compares with all others of the reference; plain data, for threads. */
export interface ColumnHistory {
  readonly name: string
  readonly distance: MeasureHistory & { readonly name: string }
  readonly nulls: MeasureHistory
  readonly infinities: MeasureHistory
  readonly fresh: MeasureHistory
}

/**
 * Compares each window of one column of the reference with all its other windows, as current data would be compared with
 * the reference: K comparisons, each linear in the rows. Undefined where there is no window.
 */
export function columnHistory(
  policy: DriftPolicy,
  windows: readonly ColumnSample[],
): ColumnHistory | undefined {
  const all = mergeSamples(windows)
  if (all === undefined) return undefined
  const usual = { ...policy, learned: undefined }
  const plan = planColumn(usual, all, all)
  const measured = windows.map((window) =>
    measureColumn(usual, plan, { reference: withoutWindow(all, window), current: window }),
  )
  const limits = measured[0]?.limits
  const history = (least: number, of: (one: ColumnMeasurement) => Observed | null) => ({
    least,
    windows: measured.map(of),
  })
  return {
    name: all.name,
    distance: {
      name: measured[0]?.distance.name ?? '',
      ...history(0, (one) => distanceOf(one, policy.alpha)),
    },
    nulls: history(limits?.nulls ?? 0, ({ nulls, chance }) => ({
      value: changeOf(nulls),
      ...chance.nulls,
    })),
    infinities: history(limits?.infinities ?? 0, ({ infinityChange, chance }) => ({
      value: infinityChange,
      ...chance.infinities,
    })),
    fresh: history(limits?.fresh ?? 0, ({ newShare, chance }) => ({
      value: newShare,
      ...chance.fresh,
    })),
  }
}

function distanceOf(
  { distance, values, resolution }: ColumnMeasurement,
  alpha: number,
): Observed | null {
  const few = Math.min(values.reference, values.current)
  if (few < FEWEST_VALUES || distance.value === undefined) return null
  return { value: distance.value, ...chanceOf(resolution, alpha) }
}
