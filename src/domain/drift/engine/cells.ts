import type { Sides } from '../predicate.js'

/** Neighbouring finite values of a column that an engine has counted together, or one value. */
export interface Cell {
  readonly min: number
  readonly max: number
  /** At least one value in all. */
  readonly counts: Sides
  /** The sums of the values, in units. */
  readonly sums: Sides
  /** What the engine has found out about the values between min and max. */
  readonly inside?: CellInside | undefined
}

export interface CellInside {
  /** The largest |i m - j n| at any value, for i of n values of the reference and j of m current ones up to there. */
  readonly steps: number
  /** The area between the two distribution functions, from min to max. */
  readonly area: number
}

/** Sums are of (value * scale - origin * scale), so that neither large values nor values far from zero lose what tells them apart. */
export interface Units {
  readonly origin: number
  /** A power of two; 1 but for values that are so large or so small that their squares are no doubles. */
  readonly scale: number
}

export function inUnits(value: number, { origin, scale }: Units): number {
  return value * scale - origin * scale
}

const LARGE = 1e100
const MOST_EXPONENT = 1000

/** Units for values between two ends, around an origin in their middle. */
export function unitsFor(min: number, max: number, origin: number): Units {
  const largest = Math.max(Math.abs(min), Math.abs(max))
  if (largest === 0 || (largest < LARGE && largest > 1 / LARGE)) return { origin, scale: 1 }
  const exponent = Math.max(
    -MOST_EXPONENT,
    Math.min(MOST_EXPONENT, -Math.round(Math.log2(largest))),
  )
  return { origin, scale: 2 ** exponent }
}

/** A value that the engine gave with its counts. */
export function pointCell(value: number, counts: Sides, units: Units): Cell {
  const place = value === 0 ? 0 : value
  const unit = inUnits(place, units)
  const sums = { reference: counts.reference * unit, current: counts.current * unit }
  return { min: place, max: place, counts, sums }
}

export function isPoint({ min, max }: Cell): boolean {
  return min === max
}

/** Values in a cell. */
export function sizeOf({ counts }: Cell): number {
  return counts.reference + counts.current
}

/**
 * Cells in ascending order, of which none shares a value with another: those that do are one. An engine whose arithmetic put a
 * value into the wrong bucket so costs certainty, never truth.
 */
export function orderedCells(cells: readonly Cell[]): readonly Cell[] {
  const ordered: Cell[] = []
  for (const cell of cells.toSorted((a, b) => a.min - b.min || a.max - b.max)) {
    const before = ordered.at(-1)
    if (before === undefined || before.max < cell.min) ordered.push(cell)
    else ordered[ordered.length - 1] = joined(before, cell)
  }
  return ordered
}

function joined(one: Cell, other: Cell): Cell {
  return {
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    counts: plus(one.counts, other.counts),
    sums: plus(one.sums, other.sums),
  }
}

function plus(one: Sides, other: Sides): Sides {
  return {
    reference: one.reference + other.reference,
    current: one.current + other.current,
  }
}

/** How many values there are. */
export function countCells(cells: readonly Cell[]): Sides {
  return cells.reduce((sum, { counts }) => plus(sum, counts), { reference: 0, current: 0 })
}

/** Calls back with each cell and how many values come before it. */
export function eachCell(
  cells: readonly Cell[],
  visit: (cell: Cell, before: Sides, index: number) => void,
): void {
  let before: Sides = { reference: 0, current: 0 }
  for (const [index, cell] of cells.entries()) {
    visit(cell, before, index)
    before = plus(before, cell.counts)
  }
}
