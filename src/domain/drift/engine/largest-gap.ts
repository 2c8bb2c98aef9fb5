import type { Sides } from '../predicate.js'
import { type Cell, eachCell, isPoint } from './cells.js'

export interface LargestGap {
  /** The largest difference of the distribution functions at the ends of cells: the statistic of Kolmogorov and Smirnov from below. */
  readonly statistic: number
  /** The same times n m, a whole number. */
  readonly steps: number
  /** The cells, by index, inside of which it may be larger; none where it is exact. */
  readonly open: readonly number[]
  /** No larger than this it is, in steps. */
  readonly most: number
}

interface Known {
  steps: number
  statistic: number
  at: number
}

/**
 * The Kolmogorov-Smirnov statistic as a certain interval: within a cell the difference is at most that of one function at its
 * end and the other at its start. Counted in whole steps as `ksTwoSample` does, so that the answer is the same number.
 */
export function largestGap(cells: readonly Cell[], sizes: Sides): LargestGap {
  const best = atEnds(cells, sizes)
  const inside: { index: number; upper: number; isKnown: boolean }[] = []
  eachCell(cells, (cell, before, index) => {
    if (isPoint(cell)) return
    const upper = cell.inside?.steps ?? mostInside(cell, before, sizes)
    // Of equal differences the first counts: they may be different doubles.
    if (upper === 0 || upper < best.steps) return
    if (upper === best.steps && index >= best.at) return
    inside.push({ index, upper, isKnown: cell.inside !== undefined })
  })
  const { steps, statistic } = best
  const surely = inside.filter(({ isKnown }) => isKnown)
  const floor = Math.max(steps, ...surely.map(({ upper }) => upper))
  const winner = surely.find(({ upper }) => upper === floor)
  const open = inside
    .filter((one) => one === winner || (!one.isKnown && one.upper >= floor))
    .map(({ index }) => index)
  return { steps, statistic, open, most: Math.max(steps, ...inside.map(({ upper }) => upper)) }
}

function atEnds(cells: readonly Cell[], sizes: Sides): Known {
  const { reference: n, current: m } = sizes
  const best = { steps: 0, statistic: 0, at: cells.length }
  eachCell(cells, ({ counts }, before, index) => {
    const i = before.reference + counts.reference
    const j = before.current + counts.current
    const here = Math.abs(i * m - j * n)
    if (here <= best.steps) return
    best.steps = here
    best.statistic = Math.abs(i / n - j / m)
    best.at = index
  })
  return best
}

/** Where only one of the functions rises, their difference is largest at an end. */
function mostInside({ counts }: Cell, before: Sides, sizes: Sides): number {
  if (counts.reference === 0 || counts.current === 0) return 0
  const { reference: n, current: m } = sizes
  const above = (before.reference + counts.reference) * m - before.current * n
  const below = (before.current + counts.current) * n - before.reference * m
  return Math.max(above, below)
}
