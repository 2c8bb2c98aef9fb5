import type { CrossFitAuc } from '../../stats/cross-fit-auc.js'
import { delongSingle } from '../../stats/delong.js'
import type { BoostedTrees } from '../../stats/gradient-boosting.js'
import type { RandomSource } from '../../stats/random.js'
import { sortOrder } from '../../stats/sort-order.js'

/** Only these columns' shares are looked at: the rest won too little in the trees to matter. */
const MOST_PERMUTED = 15
/** As many rows of a fold are scored anew for a column's share. */
const ROWS_PERMUTED = 1000

/** A classifier's area with the models that it is of. */
export interface CrossFit {
  readonly area: CrossFitAuc
  /** One a fold, in the folds' order. */
  readonly models: readonly BoostedTrees[]
}

/** How much of the classifier's area is a column's. */
export interface ColumnShare {
  /** The column's place. */
  readonly feature: number
  readonly share: number
}

/**
 * Permutation importance (Breiman 2001): how much of the area is lost when a column's values are dealt anew to rows that the model
 * has not seen, as a share of all columns' losses. Largest first; columns without a loss are not in it.
 */
export function columnShares(
  { area, models }: CrossFit,
  labels: Uint8Array,
  random: RandomSource,
): ColumnShare[] {
  const gains = sumOfGains(models)
  const ranked = sortOrder(gains.map((gain) => -gain)).filter((index) => (gains[index] ?? 0) > 0)
  const tested = ranked.subarray(0, MOST_PERMUTED)
  const losses = new Float64Array(tested.length)
  models.forEach((model, fold) => {
    const rows = someOfFold(area.folds, fold, random)
    const own = Uint8Array.from(rows, (row) => labels[row] ?? 0)
    const whole = aucOf(own, model.score(rows))
    tested.forEach((feature, i) => {
      const from = shuffled(rows, random)
      losses[i] = (losses[i] ?? 0) + whole - aucOf(own, model.score(rows, { feature, from }))
    })
  })
  const total = losses.reduce((sum, loss) => sum + Math.max(0, loss), 0)
  return [...tested]
    .map((feature, i) => ({ feature, share: Math.max(0, losses[i] ?? 0) / total }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share || a.feature - b.feature)
}

function sumOfGains(models: readonly BoostedTrees[]): Float64Array {
  const gains = new Float64Array(models[0]?.gains.length ?? 0)
  for (const model of models) {
    for (let i = 0; i < gains.length; i++) gains[i] = (gains[i] ?? 0) + (model.gains[i] ?? 0)
  }
  return gains
}

function someOfFold(folds: Uint8Array, fold: number, random: RandomSource): Uint32Array {
  const rows: number[] = []
  for (let i = 0; i < folds.length; i++) if (folds[i] === fold) rows.push(i)
  return shuffled(Uint32Array.from(rows), random).subarray(0, ROWS_PERMUTED)
}

function shuffled(rows: Uint32Array, random: RandomSource): Uint32Array {
  const result = rows.slice()
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const kept = result[last] ?? 0
    result[last] = result[other] ?? 0
    result[other] = kept
  }
  return result
}

/** One half where a class is hardly there: then nothing is lost or won. */
function aucOf(labels: Uint8Array, scores: Float64Array): number {
  return delongSingle(labels, scores, 0.95)?.auc ?? 0.5
}
