import type { AucAverage, ClassRows, Influences } from './class-rows.js'
import { placements } from './placements.js'

/** Adds one class's part of every row's influence; returns the class's area. */
function addClass(
  influences: Float64Array,
  rows: ClassRows,
  part: { readonly code: number; readonly scores: Float64Array; readonly weight: number },
): number | undefined {
  const isOfClass = new Uint8Array(rows.labels.length)
  for (let i = 0; i < isOfClass.length; i++) isOfClass[i] = rows.labels[i] === part.code ? 1 : 0
  const found = placements(isOfClass, part.scores)
  if (found === undefined) return undefined
  const { shares, auc, positives, negatives } = found
  for (let i = 0; i < shares.length; i++) {
    const deviation = (shares[i] ?? 0) - auc
    const size = isOfClass[i] === 1 ? positives : negatives
    influences[i] = (influences[i] ?? 0) + (part.weight * deviation) / size
  }
  return auc
}

/** Mean over the classes of the area of each against the rest, with every row's influence on it. */
export function oneVersusRest(
  rows: ClassRows,
  scores: readonly Float64Array[],
  average: AucAverage,
): Influences | undefined {
  const n = rows.labels.length
  const influences = new Float64Array(n)
  const areas: number[] = []
  let auc = 0
  for (const [code, list] of scores.entries()) {
    const weight = average === 'macro' ? 1 / scores.length : (rows.counts[code] ?? 0) / n
    const area = addClass(influences, rows, { code, scores: list, weight })
    if (area === undefined) return undefined
    areas.push(area)
    auc += weight * area
  }
  if (average === 'weighted') {
    // Another row of a class would move the classes' weights, too.
    for (let i = 0; i < n; i++) {
      influences[i] = (influences[i] ?? 0) + ((areas[rows.labels[i] ?? 0] ?? 0) - auc) / n
    }
  }
  return { auc, influences }
}
