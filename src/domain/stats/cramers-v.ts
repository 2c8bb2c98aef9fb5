import { chiSquareTwoSample } from './chi-square.js'
import { type CellCounts, total } from './shares.js'

/**
 * Cramér's V between category and sample, with the bias of small samples taken off (Bergsma 2013, J. Korean Statist. Soc.
 * 42:323-328): 0 is no association, 1 a category that tells the sample. One category: 0. Either sample empty: undefined.
 */
export function cramersV(counts: CellCounts): number | undefined {
  const result = chiSquareTwoSample(counts)
  if (result === undefined) return undefined
  const size = total(counts.reference) + total(counts.current)
  const cells = result.degreesOfFreedom + 1
  const expected = (cells - 1) / (size - 1)
  const association = Math.max(0, result.statistic / size - expected)
  const rows = 2 - 1 / (size - 1)
  const columns = cells - (cells - 1) ** 2 / (size - 1)
  const most = Math.min(rows, columns) - 1
  return association === 0 || !(most > 0) ? 0 : Math.min(1, Math.sqrt(association / most))
}
