import type { AucAverage, ClassRows, Influences } from './class-rows.js'
import { tieEnd } from './placements.js'
import { sortOrder } from './sort-order.js'

/** How one class's scores separate its rows from those of each other class. */
interface Walk {
  readonly rows: ClassRows
  readonly code: number
  readonly order: Uint32Array
  readonly scores: Float64Array
  /** The weight of the pair that this class makes with each other one. */
  readonly weights: readonly number[]
}

/** What a run of equal scores holds of class j, and of the others in weighted shares. */
function tiesOf({ rows, code, order }: Walk, shareOf: readonly number[], run: Run): Ties {
  let tied = 0
  let share = 0
  for (let i = run.start; i < run.end; i++) {
    const label = rows.labels[order[i] ?? 0] ?? 0
    if (label === code) tied++
    else share += shareOf[label] ?? 0
  }
  return { tied, share }
}

interface Run {
  readonly start: number
  readonly end: number
}

interface Ties {
  readonly tied: number
  readonly share: number
}

/**
 * One walk over the sorted scores of class j: adds to every row its weighted component, of which the mean is not yet taken
 * away, and returns the area A(j|k) for each k.
 */
function walk(input: Walk, influences: Float64Array): number[] {
  const { rows, code, order, scores, weights } = input
  const { labels, counts } = rows
  const size = counts[code] ?? 0
  const shareOf = weights.map((weight, k) => weight / (counts[k] ?? 1))
  const twiceWins = counts.map(() => 0)
  let before = 0
  // Twice the weighted shares of the other classes' rows with lower scores.
  let twiceBelow = 0
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(order, scores, start)
    const ties = tiesOf(input, shareOf, { start, end })
    const twiceAbove = 2 * (size - before) - ties.tied
    const ofOwn = (twiceBelow + ties.share) / (2 * size)
    for (let i = start; i < end; i++) {
      const row = order[i] ?? 0
      const label = labels[row] ?? 0
      if (label !== code) twiceWins[label] = (twiceWins[label] ?? 0) + twiceAbove
      const ofOther = (twiceAbove / (2 * size)) * (shareOf[label] ?? 0)
      influences[row] = (influences[row] ?? 0) + (label === code ? ofOwn : ofOther)
    }
    twiceBelow += 2 * ties.share
    before += ties.tied
    start = end
  }
  return twiceWins.map((wins, k) => (k === code ? 0 : wins / (2 * size * (counts[k] ?? 1))))
}

/** Half the weight of each pair of classes: a pair is seen from both sides. */
function pairWeights(rows: ClassRows, average: AucAverage): number[][] {
  const { counts } = rows
  const k = counts.length
  const n = rows.labels.length
  return counts.map((one, j) =>
    counts.map((other, l) => {
      if (j === l) return 0
      return average === 'macro' ? 1 / (k * (k - 1)) : (one + other) / (2 * (k - 1) * n)
    }),
  )
}

/** What all pairs of a class add to the area: the mean, in that class, of the components that the walks gave its rows. */
function sumOfPairs(areas: readonly number[][], weights: readonly number[][], c: number): number {
  let sum = 0
  for (let k = 0; k < areas.length; k++) {
    sum += (weights[c]?.[k] ?? 0) * ((areas[c]?.[k] ?? 0) + (areas[k]?.[c] ?? 0))
  }
  return sum
}

/**
 * Mean over the pairs of classes of Hand & Till's (2001) area, (A(j|k) + A(k|j)) / 2, with every row's influence on it.
 */
export function oneVersusOne(
  rows: ClassRows,
  scores: readonly Float64Array[],
  average: AucAverage,
): Influences {
  const n = rows.labels.length
  const k = rows.counts.length
  const influences = new Float64Array(n)
  const weights = pairWeights(rows, average)
  const areas = scores.map((list, code) =>
    walk(
      { rows, code, order: sortOrder(list), scores: list, weights: weights[code] ?? [] },
      influences,
    ),
  )
  const sums = rows.counts.map((_, c) => sumOfPairs(areas, weights, c))
  const auc = sums.reduce((total, sum) => total + sum, 0) / 2
  const even = weights.map((row, j) => row.map((_, l) => (j === l ? 0 : 1 / (2 * (k - 1)))))
  const shifts = sums.map((sum, c) => {
    const mean = sum / (rows.counts[c] ?? 1)
    // With shares as weights, another row of the class would move the pairs' weights, too.
    return average === 'macro' ? mean : mean - (sumOfPairs(areas, even, c) - auc) / n
  })
  for (let i = 0; i < n; i++) {
    influences[i] = (influences[i] ?? 0) - (shifts[rows.labels[i] ?? 0] ?? 0)
  }
  return { auc, influences }
}
