import type { Sides } from '../predicate.js'
import { type Cell, eachCell, inUnits, isPoint, type Units } from './cells.js'

export interface CertainArea {
  /** The area between the distribution functions (the first Wasserstein distance) where it is certain. */
  readonly area: number
  /** The cells, by index, inside of which the functions may cross: their area is not in it; none where it is exact. */
  readonly open: readonly number[]
}

/**
 * Between two values both functions are flat. Within a cell in which they do not cross, the area is the difference of their integrals, and
 * the integral of a distribution function needs no more than a count and a sum.
 */
export function certainArea(cells: readonly Cell[], sizes: Sides, units: Units): CertainArea {
  let area = 0
  const open: number[] = []
  eachCell(cells, (cell, before, index) => {
    const previous = cells[index - 1]
    const start = before.reference / sizes.reference - before.current / sizes.current
    if (previous !== undefined) area += Math.abs(start) * (cell.min - previous.max)
    if (isPoint(cell)) return
    const inside = cell.inside?.area ?? areaInside(cell, before, { sizes, units })
    if (inside === undefined) open.push(index)
    else area += inside
  })
  return { area, open }
}

interface Measures {
  readonly sizes: Sides
  readonly units: Units
}

/** Undefined where the functions may cross, or a sum is no number. */
function areaInside(cell: Cell, before: Sides, { sizes, units }: Measures): number | undefined {
  const { counts, sums, min, max } = cell
  const { reference: n, current: m } = sizes
  const above = before.reference * m >= (before.current + counts.current) * n
  const below = before.current * n >= (before.reference + counts.reference) * m
  if (!above && !below) return undefined
  const end = inUnits(max, units)
  // What each value adds from itself to the end of the cell.
  const left = (counts.reference * end - sums.reference) / n
  const right = (counts.current * end - sums.current) / m
  const start = before.reference / n - before.current / m
  const area = start * (max - min) + (left - right) / units.scale
  return Number.isFinite(area) ? Math.abs(area) : undefined
}
