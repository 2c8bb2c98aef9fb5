import { ksTwoSample } from '../../stats/ks.js'
import { sortFinite } from '../../stats/sort.js'
import type { Sides } from '../predicate.js'
import { momentsOf } from './moments.js'
import type { Vectors } from './sample.js'

/** How far the samples' means are apart. */
export interface CentroidEvidence {
  /** 1 less the cosine of the angle between them; null where one is zero, and says little where both are near it. */
  readonly cosine: number | null
  /** Over the root of the reference's total variance; null where it has none. */
  readonly euclidean: number | null
}

/** How the vectors' lengths changed. */
export interface NormEvidence {
  readonly mean: Sides
  /** Kolmogorov-Smirnov. */
  readonly statistic: number
  readonly pValue: number
}

export function centroidEvidence(reference: Vectors, current: Vectors): CentroidEvidence {
  const before = momentsOf(reference)
  const { means } = momentsOf(current)
  let product = 0
  let gap = 0
  before.means.forEach((mean, j) => {
    product += mean * (means[j] ?? 0)
    gap += (mean - (means[j] ?? 0)) ** 2
  })
  const cosine = 1 - product / Math.sqrt(squares(before.means) * squares(means))
  const euclidean = Math.sqrt(gap / squares(before.deviations))
  return {
    cosine: Number.isFinite(cosine) ? Math.max(0, cosine) : null,
    euclidean: Number.isFinite(euclidean) ? euclidean : null,
  }
}

function squares(vector: Float64Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  return sum
}

/** Null where a sample has no rows, or a length is beyond what a double can hold. */
export function normEvidence(reference: Vectors, current: Vectors): NormEvidence | null {
  const before = sortFinite(normsOf(reference)).sorted
  const now = sortFinite(normsOf(current)).sorted
  if (before.length < reference.rows || now.length < current.rows) return null
  const test = ksTwoSample(before, now)
  if (test === undefined) return null
  return {
    mean: { reference: meanOf(before), current: meanOf(now) },
    statistic: test.statistic,
    pValue: test.pValue,
  }
}

/** Each row's Euclidean length. */
export function normsOf({ rows, dimension, values }: Vectors): Float64Array {
  const norms = new Float64Array(rows)
  for (let i = 0; i < rows; i++) {
    norms[i] = Math.sqrt(squares(values.subarray(i * dimension, (i + 1) * dimension)))
  }
  return norms
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value / values.length
  return sum
}
