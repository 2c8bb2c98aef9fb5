import { drawRows } from '../../stats/draw-rows.js'
import { mmdTest } from '../../stats/mmd.js'
import type { RandomSource } from '../../stats/random.js'
import type { DomainArea } from '../domain-area.js'
import { FEWEST_VALUES } from '../policy.js'
import type { Sides } from '../predicate.js'
import { pText, shortNumber } from '../wording.js'
import {
  type CentroidEvidence,
  centroidEvidence,
  type NormEvidence,
  normEvidence,
} from './centroids.js'
import { classifyVectors } from './classifier.js'
import { momentsOf, standardised } from './moments.js'
import { drawVectors, joined, type VectorSample, type Vectors } from './sample.js'

/** What a column of vectors such as embeddings says, as plain JSON. */
export interface VectorEvidence {
  /** Rows that were compared. */
  readonly rows: Sides
  readonly dimensions: Sides
  /** Rows with a component that is no finite number. */
  readonly missing: Sides
  /** The area under the ROC curve of a classifier on rows that it has not seen; null with too little data to say. */
  readonly distance: { readonly name: 'vector-domain-auc'; readonly value: number | null }
  /** The area's 95% interval. */
  readonly interval: { readonly low: number; readonly high: number } | null
  /** The area's standard errors above one half. */
  readonly statistic: number | null
  /** One-sided: that vectors of the samples can be told apart. Null with too little data to say. */
  readonly pValue: number | null
  /** The unbiased squared maximum mean discrepancy of some of the rows, tested by permutation. */
  readonly mmd: { readonly statistic: number; readonly pValue: number } | null
  readonly centroids: CentroidEvidence | null
  readonly norms: NormEvidence | null
  /** What was measured, a clause a thing. */
  readonly reasons: readonly string[]
}

export interface VectorOptions {
  readonly random: RandomSource
  /** At most so many rows of each sample. */
  readonly maxRows: number
}

const MMD_PERMUTATIONS = 199
const MMD_ROWS = 500
/** Pairs of rows times components, about a quarter of a second. */
const MMD_WORK = 2.5e8

/**
 * Compares two samples of vectors. The verdict is of a classifier (`classifyVectors`); maximum mean discrepancy, centroids
 * and lengths are told beside. Rows are taken to be independent. With different dimensions, or fewer than 30 rows in a sample, distance and p-value are null: nothing can be said.
 */
export function measureVectors(
  reference: VectorSample,
  current: VectorSample,
  { random, maxRows }: VectorOptions,
): VectorEvidence {
  const before = drawVectors(reference, maxRows, random)
  const now = drawVectors(current, maxRows, random)
  const basis = {
    rows: { reference: before.rows, current: now.rows },
    dimensions: { reference: reference.dimension, current: current.dimension },
    missing: {
      reference: reference.rows - before.present,
      current: current.rows - now.present,
    },
  }
  const lack = lackOf(basis)
  if (lack !== undefined) return { ...basis, ...NOTHING, reasons: [lack] }
  const all = joined(before, now)
  const scaled = standardised(all, momentsOf(all))
  const area = classifyVectors(scaled, before.rows, random)
  const mmd = discrepancy(scaled, before.rows, random)
  const norms = normEvidence(before, now)
  return {
    ...basis,
    distance: { name: 'vector-domain-auc', value: area?.auc ?? null },
    interval: area ? { low: area.low, high: area.high } : null,
    statistic: area?.statistic ?? null,
    pValue: area?.pValue ?? null,
    mmd,
    centroids: centroidEvidence(before, now),
    norms,
    reasons: clauses({ area, mmd, norms }),
  }
}

const NOTHING = {
  distance: { name: 'vector-domain-auc', value: null },
  interval: null,
  statistic: null,
  pValue: null,
  mmd: null,
  centroids: null,
  norms: null,
} as const

function lackOf({ rows, dimensions }: Pick<VectorEvidence, 'rows' | 'dimensions'>) {
  if (dimensions.reference !== dimensions.current) {
    return `the vectors have ${dimensions.current} components and those of the reference ${dimensions.reference}`
  }
  if (dimensions.reference === 0) return 'the vectors have no components'
  if (Math.min(rows.reference, rows.current) >= FEWEST_VALUES) return undefined
  return `too few vectors to say (${rows.reference} and ${rows.current}, ${FEWEST_VALUES} are needed)`
}

function discrepancy(scaled: Vectors, first: number, random: RandomSource): VectorEvidence['mmd'] {
  const { dimension, rows } = scaled
  const most = Math.floor(Math.min(MMD_ROWS, Math.sqrt(MMD_WORK / (2 * dimension))))
  const reference = drawRows(first, most, random)
  const current = drawRows(rows - first, most, random).map((row) => row + first)
  const values = new Float64Array((reference.length + current.length) * dimension)
  const chosen = [...reference, ...current]
  chosen.forEach((row, i) => {
    values.set(scaled.values.subarray(row * dimension, (row + 1) * dimension), i * dimension)
  })
  const test = mmdTest({
    values,
    columns: dimension,
    first: reference.length,
    permutations: MMD_PERMUTATIONS,
    random,
  })
  return test ? { statistic: test.statistic, pValue: test.pValue } : null
}

/** Below this, a clause speaks of the change. */
const SPEAKS = 0.005

function clauses(found: {
  readonly area: DomainArea | undefined
  readonly mmd: VectorEvidence['mmd']
  readonly norms: NormEvidence | null
}): string[] {
  const { area, mmd, norms } = found
  const list = [
    area
      ? `a classifier tells vectors of the two samples apart with an area under the ROC curve of ${shortNumber(area.auc)} (0.5 is chance, p ${pText(area.pValue)})`
      : 'no classifier could be fitted to the vectors',
  ]
  if (mmd && mmd.pValue <= SPEAKS) {
    list.push(`their maximum mean discrepancy is more than chance (p ${pText(mmd.pValue)})`)
  }
  if (norms && norms.pValue <= SPEAKS) {
    const { reference, current } = norms.mean
    list.push(
      `they are ${shortNumber(current)} long on average instead of ${shortNumber(reference)}`,
    )
  }
  return list
}
