import type { Learn } from '../../stats/cross-fit-auc.js'
import { type DenseDesign, selectRows } from '../../stats/design.js'
import { decisionScores, fitLogistic } from '../../stats/logistic.js'
import type { RandomSource } from '../../stats/random.js'
import { type DomainArea, domainArea } from '../domain-area.js'
import { normsOf } from './centroids.js'
import { momentsOf, standardised } from './moments.js'
import { principalComponents } from './projection.js'
import type { Vectors } from './sample.js'

/** With more components than this the classifier sees the first principal ones. */
const MOST_FEATURES = 64
const FIT = { penalty: 1, maxIterations: 25, tolerance: 1e-3 } as const

/**
 * How well a logistic regression tells the first `first` of standardised vectors from the rest: on their components and length, or, of
 * more than 64, on the first 64 principal ones and the length. Undefined with too few rows.
 */
export function classifyVectors(
  scaled: Vectors,
  first: number,
  random: RandomSource,
): DomainArea | undefined {
  const labels = new Uint8Array(scaled.rows).fill(1, first)
  const design = featuresOf(
    scaled,
    scaled.dimension > MOST_FEATURES ? principalComponents(scaled, MOST_FEATURES, random) : scaled,
  )
  const learn: Learn = (train) => {
    const own = Uint8Array.from(train, (row) => labels[row] ?? 0)
    const fit = fitLogistic(selectRows(design, train), own, FIT)
    return (rows) => decisionScores(fit, selectRows(design, rows))
  }
  return domainArea({ labels, random, learn })
}

/** The features and the length, which tells a spread that no component tells; all standardised. */
function featuresOf(scaled: Vectors, found: Vectors): DenseDesign {
  const norms = normsOf(scaled)
  const columns = found.dimension + 1
  const values = new Float64Array(scaled.rows * columns)
  for (let i = 0; i < scaled.rows; i++) {
    const start = i * found.dimension
    values.set(found.values.subarray(start, start + found.dimension), i * columns)
    values[i * columns + found.dimension] = norms[i] ?? 0
  }
  const features = { rows: scaled.rows, dimension: columns, values }
  return { rows: scaled.rows, columns, values: standardised(features, momentsOf(features)).values }
}
