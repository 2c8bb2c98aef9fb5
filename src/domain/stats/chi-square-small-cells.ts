import { type ChiSquareResult, chiSquareTwoSample } from './chi-square.js'
import { exactTableLaw } from './chi-square-exact.js'
import { type CellCounts, total } from './shares.js'
import { upperGamma } from './special/gamma.js'

export interface SmallCellChiSquare extends ChiSquareResult {
  /** `chi-square` where the expected counts allow it; else `exact` for few possible tables, else `gamma`. */
  readonly method: 'chi-square' | 'exact' | 'gamma'
}

/** Cochran's rule (1954, Biometrics 10:417-451): no expected count under 1, and at most one in five under 5. */
const LEAST_EXPECTED = 1
const USUAL_EXPECTED = 5
const MOST_SHARE_BELOW = 0.2

/**
 * The two-sample chi-square test with a p-value that also holds where categories are rare. The statistic is always that of
 * `chiSquareTwoSample`. Where expected counts satisfy Cochran's rule so is the p-value. Else the law of the statistic given both
 * margins is used: exact where there are few tables with these margins, otherwise a gamma law with the statistic's exact
 * conditional mean and variance (Haldane 1940, Biometrika 31:346-355; in Dawson's form, 1954, Biometrika 41:280-281).
 * Either sample empty: undefined.
 */
export function smallCellChiSquare(counts: CellCounts): SmallCellChiSquare | undefined {
  const usual = chiSquareTwoSample(counts)
  if (usual === undefined) return undefined
  const table = tableOf(counts)
  if (usual.degreesOfFreedom === 0 || !hasSmallCells(table)) {
    return { ...usual, method: 'chi-square' }
  }
  const exact = exactTableLaw({ columns: table.columns, draws: table.smaller, size: table.size })
  if (exact !== undefined) {
    return { ...usual, pValue: exact(usual.statistic), method: 'exact' }
  }
  return { ...usual, pValue: gammaPValue(table, usual.statistic), method: 'gamma' }
}

interface Table {
  /** How often each category that occurs does so in both samples together. */
  readonly columns: Float64Array
  readonly size: number
  /** The size of the smaller sample. */
  readonly smaller: number
}

function tableOf({ reference, current }: CellCounts): Table {
  const columns = reference.map((count, cell) => count + (current[cell] ?? 0))
  const [n, m] = [total(reference), total(current)]
  return { columns: columns.filter((count) => count > 0), size: n + m, smaller: Math.min(n, m) }
}

/** Every column has two expected counts; the larger sample's count to the rule's share as well. */
function hasSmallCells({ columns, size, smaller }: Table): boolean {
  const share = smaller / size
  let below = 0
  for (const count of columns) {
    const expected = [count * share, count * (1 - share)]
    for (const one of expected) {
      if (one < LEAST_EXPECTED) return true
      if (one < USUAL_EXPECTED) below++
    }
  }
  return below > MOST_SHARE_BELOW * 2 * columns.length
}

function gammaPValue(table: Table, statistic: number): number {
  const { size, columns } = table
  const mean = ((columns.length - 1) * size) / (size - 1)
  const variance = conditionalVariance(table)
  // Where every category occurs once, all tables have the same statistic.
  if (!(variance > mean * 1e-9)) return 1
  return upperGamma((mean * mean) / variance, (statistic * mean) / variance)
}

/** The variance of the statistic given both margins. */
function conditionalVariance({ columns, size, smaller }: Table): number {
  const k = columns.length
  let inverses = 0
  for (const count of columns) inverses += size / count
  const rowInverses = size / smaller + size / (size - smaller)
  const rowRest = (rowInverses - 4) / (size - 2)
  const columnRest = (inverses - k * k) / (size - 2)
  const rows = (size - 2) / (size - 1) - rowRest
  const cells = ((k - 1) * (size - k)) / (size - 1) - columnRest
  return (
    ((2 * size) / (size - 3)) * rows * cells + ((size * size) / (size - 1)) * rowRest * columnRest
  )
}
