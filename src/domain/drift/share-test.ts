import { smallCellChiSquare } from '../stats/chi-square-small-cells.js'
import { FEWEST_VALUES } from './policy.js'
import type { Sides } from './predicate.js'

/** Chi-square test of a share of the cells; undefined where there are none of them or rows are few. */
export function sharePValue(cells: Sides, rows: Sides): number | undefined {
  if (cells.reference + cells.current === 0) return undefined
  if (Math.min(rows.reference, rows.current) < FEWEST_VALUES) return undefined
  return smallCellChiSquare({
    reference: Float64Array.of(cells.reference, rows.reference - cells.reference),
    current: Float64Array.of(cells.current, rows.current - cells.current),
  })?.pValue
}
