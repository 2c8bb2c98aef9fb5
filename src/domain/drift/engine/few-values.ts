import type { Sides } from '../predicate.js'
import { certainArea } from './area.js'
import {
  type Cell,
  countCells,
  inUnits,
  orderedCells,
  pointCell,
  type Units,
  unitsFor,
} from './cells.js'
import type { CountedNumbers, SideMoments } from './counted-comparand.js'
import {
  checkSizes,
  type NumberCounter,
  type NumberSummary,
  type ValueCount,
} from './number-counter.js'

/** Up to so many values a column is fetched as it is. */
const FEW_VALUES = 20_000
/** Up to so many different values, by estimate, a column is counted value by value. */
const FEW_DISTINCT = 2_000

/** Every value of a column with few different ones, as cells; undefined for others. */
export async function countFewValues(
  counter: NumberCounter,
  { reference, current }: NumberSummary,
  most?: number,
): Promise<readonly ValueCount[] | undefined> {
  const isFew =
    most !== undefined ||
    reference.count + current.count <= FEW_VALUES ||
    reference.distinct + current.distinct <= FEW_DISTINCT
  if (!isFew) return undefined
  const found = await counter.values(undefined, most ?? FEW_VALUES)
  if (found === undefined) return undefined
  checkSizes(found, { reference: reference.count, current: current.count })
  return found
}

/** The column from its values. */
export function numbersOfValues(
  values: readonly ValueCount[],
  { reference, current }: NumberSummary,
): CountedNumbers {
  const [side] = reference.count > 0 ? [reference] : [current]
  const units = unitsFor(
    Math.min(reference.min, current.min),
    Math.max(reference.max, current.max),
    side.min / 2 + side.max / 2,
  )
  const cells = orderedCells(values.map(({ value, counts }) => pointCell(value, counts, units)))
  const sizes = countCells(cells)
  return {
    cells,
    area: certainArea(cells, sizes, units).area,
    scale: units.scale,
    reference: momentsOfPoints(cells, 'reference', units),
    current: momentsOfPoints(cells, 'current', units),
  }
}

function momentsOfPoints(
  cells: readonly Cell[],
  side: keyof Sides,
  units: Units,
): SideMoments | undefined {
  const own = cells.filter(({ counts }) => counts[side] > 0)
  const [first] = own
  const last = own.at(-1)
  if (first === undefined || last === undefined) return undefined
  const count = own.reduce((sum, { counts }) => sum + counts[side], 0)
  const mean = own.reduce((sum, { sums }) => sum + sums[side], 0) / count
  let squares = 0
  for (const { counts, min } of own) squares += counts[side] * (inUnits(min, units) - mean) ** 2
  const distinct = own.every(({ counts }) => counts[side] === 1) ? count : 0
  return { min: first.min, max: last.max, mean, squares, distinct }
}
