import { smallCellChiSquare } from '../stats/chi-square-small-cells.js'
import { FEWEST_VALUES } from './policy.js'
import type { Sides } from './predicate.js'

/** Chi-square test of a share of the cells; undefined where there are none of them or rows are few. */
export function sharePValue(cells: Sides, rows: Sides): number | undefined {
  return cellsPValue([cells], rows)
}

/** The same of several kinds of cells, of which none is two; all other cells are one kind. */
export function cellsPValue(kinds: readonly Sides[], rows: Sides): number | undefined {
  if (kinds.every(({ reference, current }) => reference + current === 0)) return undefined
  if (Math.min(rows.reference, rows.current) < FEWEST_VALUES) return undefined
  const counts = (side: keyof Sides) => {
    const own = kinds.map((cells) => cells[side])
    return Float64Array.from([...own, own.reduce((left, count) => left - count, rows[side])])
  }
  return smallCellChiSquare({ reference: counts('reference'), current: counts('current') })?.pValue
}

/** Cells of one kind as shares of all; of no row 0. */
export function sharesOf(cells: Sides, rows: Sides): Sides {
  return {
    reference: share(cells.reference, rows.reference),
    current: share(cells.current, rows.current),
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}
