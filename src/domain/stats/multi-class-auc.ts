import { type AucAverage, type ClassRows, classRows, type Influences } from './class-rows.js'
import { compareAreas, type DelongPaired, type DelongSingle, intervalOfArea } from './delong.js'
import { oneVersusOne } from './one-versus-one.js'
import { oneVersusRest } from './one-versus-rest.js'

export interface MultiClassInput {
  /** The class of each row: a code that is an index into `scores`. */
  readonly labels: ArrayLike<number>
  readonly method: 'one-vs-rest' | 'one-vs-one'
  /**
   * `macro`: classes, or pairs of classes, count alike. `weighted`: by their share of the rows, which is an estimate too.
   */
  readonly average?: AucAverage | undefined
  readonly level: number
}

/** For each class, every row's score of that class. */
export type ClassScores = readonly Float64Array[]

/** The mean of some influences in each class. */
function classMeans(rows: ClassRows, influences: Float64Array): Float64Array {
  const sums = new Float64Array(rows.counts.length)
  for (let i = 0; i < influences.length; i++) {
    const label = rows.labels[i] ?? 0
    sums[label] = (sums[label] ?? 0) + (influences[i] ?? 0)
  }
  return sums.map((sum, c) => sum / (rows.counts[c] ?? 1))
}

/**
 * Covariance of two areas from their influences, for rows drawn at random: what varies inside each class, with DeLong's
 * m / (m - 1), and what comes from the shares of the classes.
 */
function influenceCovariance(rows: ClassRows, one: Float64Array, other: Float64Array): number {
  const means = classMeans(rows, one)
  const otherMeans = one === other ? means : classMeans(rows, other)
  const inside = new Float64Array(means.length)
  for (let i = 0; i < one.length; i++) {
    const label = rows.labels[i] ?? 0
    const a = (one[i] ?? 0) - (means[label] ?? 0)
    const b = (other[i] ?? 0) - (otherMeans[label] ?? 0)
    inside[label] = (inside[label] ?? 0) + a * b
  }
  let total = 0
  for (const [c, count] of rows.counts.entries()) {
    const between = count * (means[c] ?? 0) * (otherMeans[c] ?? 0)
    total += ((inside[c] ?? 0) * count) / (count - 1) + between
  }
  return total
}

function influencesOf(
  input: MultiClassInput,
  rows: ClassRows,
  scores: ClassScores,
): Influences | undefined {
  const average = input.average ?? 'macro'
  return input.method === 'one-vs-one'
    ? oneVersusOne(rows, scores, average)
    : oneVersusRest(rows, scores, average)
}

/**
 * Area under the ROC curve for several classes: each class against the rest (mean of the areas), or each pair of classes
 * (Hand & Till 2001, Machine Learning 45:171-186), as scikit-learn's roc_auc_score. The variance is that of the summed
 * structural components of DeLong, DeLong & Clarke-Pearson (1988): every row's influence on the mean over all areas it
 * takes part in, for rows drawn at random. For two classes with complementary scores it is DeLong's. Fewer than two rows
 * of a class, a NaN score, a label that is no index into the scores, or lists of different lengths -> undefined.
 */
export function multiClassAuc(
  input: MultiClassInput & { readonly scores: ClassScores },
): DelongSingle | undefined {
  const rows = classRows(input.labels, input.scores)
  const found = rows && influencesOf(input, rows, input.scores)
  if (rows === undefined || found === undefined) return undefined
  return intervalOfArea(
    found.auc,
    influenceCovariance(rows, found.influences, found.influences),
    input.level,
  )
}

/** Compares two models by `multiClassAuc` on the same rows; the result fits `delongRatio`. */
export function multiClassAucPaired(
  input: MultiClassInput & {
    readonly scores: ClassScores
    readonly baselineScores: ClassScores
  },
): DelongPaired | undefined {
  const { scores, baselineScores } = input
  const rows = classRows(input.labels, scores)
  const otherRows = classRows(input.labels, baselineScores)
  if (rows === undefined || otherRows === undefined || scores.length !== baselineScores.length) {
    return undefined
  }
  const one = influencesOf(input, rows, scores)
  const other = influencesOf(input, rows, baselineScores)
  if (one === undefined || other === undefined) return undefined
  const change = one.influences.map((value, i) => value - (other.influences[i] ?? 0))
  return compareAreas(
    {
      auc: one.auc,
      baselineAuc: other.auc,
      candidateVariance: influenceCovariance(rows, one.influences, one.influences),
      baselineVariance: influenceCovariance(rows, other.influences, other.influences),
      covariance: influenceCovariance(rows, one.influences, other.influences),
      variance: influenceCovariance(rows, change, change),
    },
    input.level,
  )
}

/** Compares two models by `multiClassAuc` on different rows; the result fits `delongRatio`. */
export function multiClassAucUnpaired(
  input: MultiClassInput & {
    readonly scores: ClassScores
    readonly baselineLabels: ArrayLike<number>
    readonly baselineScores: ClassScores
  },
): DelongPaired | undefined {
  const one = multiClassAuc(input)
  const other = multiClassAuc({
    ...input,
    labels: input.baselineLabels,
    scores: input.baselineScores,
  })
  if (one === undefined || other === undefined) return undefined
  const candidateVariance = one.standardError ** 2
  const baselineVariance = other.standardError ** 2
  return compareAreas(
    {
      auc: one.auc,
      baselineAuc: other.auc,
      candidateVariance,
      baselineVariance,
      covariance: 0,
      variance: candidateVariance + baselineVariance,
    },
    input.level,
  )
}
