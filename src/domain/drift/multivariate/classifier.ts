import { type BinnedFeature, frequencyBins, quantileBins } from '../../stats/binned-feature.js'
import { type CrossFitAuc, crossFitAuc } from '../../stats/cross-fit-auc.js'
import {
  type BoostedTrees,
  type BoostingOptions,
  boostTrees,
} from '../../stats/gradient-boosting.js'
import { createRandom, type RandomSource } from '../../stats/random.js'
import { normalSf } from '../../stats/special/normal.js'
import { labelOf } from '../label.js'
import type { ColumnStatus, Sides } from '../predicate.js'
import { pText, shortNumber } from '../wording.js'
import { type ColumnShare, type CrossFit, columnShares } from './column-shares.js'
import { mostly } from './explain.js'
import { drawSides, type Pooled } from './pooled.js'
import {
  type Explanation,
  FEWEST_ROWS,
  type MultivariateTest,
  type TestLimits,
  undecided,
} from './result.js'

const FOLDS = 5
const BINS = 64
/** A category in fewer rows is one of the rare ones. */
const FEWEST_OF_CATEGORY = 10
const BOOSTING: BoostingOptions = {
  trees: 50,
  depth: 4,
  rate: 0.1,
  subsample: 0.5,
  featuresPerTree: 32,
  leastWeight: 5,
  penalty: 1,
}
const MOST_EXPLAINED = 10
/** One column that alone comes this near to what all can do explains everything. */
const ALONE = 0.9
/** Below this share of all losses, no column is asked whether it would do alone. */
const LONE_SHARE = 0.3
/** Of each sample, when it is asked. */
const LONE_ROWS = 5000
/** Over this, a column that alone explains everything is likely to be a number or a time of the row. */
const TRIVIAL = 0.95
/** Where the threshold is one half itself, samples must still be large enough to find an area of 0.52. */
const LEAST_RESOLUTION = 0.02

/**
 * Can a classifier tell the samples apart (Lopez-Paz & Oquab 2017)? Boosted trees on binned columns, cross-fitted; the statistic is
 * the area under the ROC curve of rows that each model has not seen. Drift where its interval lies above one half and the area is
 * over the threshold; no answer where a difference of the threshold's size could not be told from chance with so few rows.
 */
export function classifierTest(
  pooled: Pooled,
  over: number,
  { alpha, seed }: TestLimits,
): MultivariateTest {
  const { rows } = pooled
  const name = 'domain-classifier'
  const tooFew = tooFewReason(rows, pooled.columns.length)
  if (tooFew !== undefined) return undecided(name, rows, { reason: tooFew, threshold: over })
  const random = createRandom(seed)
  const labels = new Uint8Array(rows.reference + rows.current).fill(1, rows.reference)
  const features = pooled.columns.map(featureOf)
  const level = 1 - alpha
  const found = crossFit({ features, labels, level, random })
  if (found === undefined) {
    return undecided(name, rows, { reason: 'the classifier could not be judged', threshold: over })
  }
  const { area } = found
  const shares = area.low > 0.5 ? columnShares(found, labels, random) : []
  const alone = loneColumn({ pooled, shares, features, labels, seed }, area)
  const explains = explain(pooled, shares)
  const { status, reason } = judge(area, over)
  const cause = alone === undefined ? mostly(explains) : loneText(pooled, alone, area)
  return {
    name,
    status,
    reason: status === 'drifted' && cause !== '' ? `${reason}; ${cause}` : reason,
    statistic: area.auc,
    pValue: pValueOf(area),
    interval: { level, low: area.low, high: area.high },
    threshold: over,
    rows,
    explains,
  }
}

function tooFewReason({ reference, current }: Sides, columns: number): string | undefined {
  if (columns === 0) return 'no column can be used'
  if (Math.min(reference, current) >= FEWEST_ROWS) return undefined
  return `${reference} and ${current} rows are too few: ${FEWEST_ROWS} of each are needed`
}

/** One-sided: a classifier that is worse than chance has learned nothing. */
function pValueOf({ auc, standardError }: CrossFitAuc): number {
  if (standardError > 0) return normalSf((auc - 0.5) / standardError)
  return auc > 0.5 ? 0 : 1
}

function judge(area: CrossFitAuc, over: number): { status: ColumnStatus; reason: string } {
  const { auc, low, high } = area
  const found = `a classifier tells the samples apart with an area of ${shortNumber(auc)} under the ROC curve`
  const interval = `(${shortNumber(low)} to ${shortNumber(high)})`
  const p = pText(pValueOf(area))
  if (low > 0.5 && auc > over) {
    return {
      status: 'drifted',
      reason: `${found} ${interval}, p ${p}, over ${shortNumber(over)}`,
    }
  }
  if (auc - low > Math.max(over - 0.5, LEAST_RESOLUTION)) {
    return {
      status: 'inconclusive',
      reason: `too few rows to tell an area of ${shortNumber(over)} from chance: ${shortNumber(auc)} ${interval}`,
    }
  }
  if (low > 0.5) {
    return {
      status: 'stable',
      reason: `${found} ${interval}: certain, but not over ${shortNumber(over)}`,
    }
  }
  return {
    status: 'stable',
    reason: `no classifier was found that tells the samples apart: area ${shortNumber(auc)} ${interval}`,
  }
}

function featureOf(column: Pooled['columns'][number]): BinnedFeature {
  if (column.kind === 'numeric') return quantileBins(column.values, BINS)
  return frequencyBins(column.codes, { most: BINS, fewest: FEWEST_OF_CATEGORY })
}

interface FitInput {
  readonly features: readonly BinnedFeature[]
  readonly labels: Uint8Array
  readonly level: number
  readonly random: RandomSource
}

function crossFit({ features, labels, level, random }: FitInput): CrossFit | undefined {
  const models: BoostedTrees[] = []
  const area = crossFitAuc({
    labels,
    folds: FOLDS,
    level,
    random,
    learn: (rows) => {
      const model = boostTrees({ features, labels, rows, options: BOOSTING, random })
      models.push(model)
      return (scored) => model.score(scored)
    },
  })
  return area && { area, models }
}

interface LoneInput {
  readonly pooled: Pooled
  readonly shares: readonly ColumnShare[]
  readonly features: readonly BinnedFeature[]
  readonly labels: Uint8Array
  readonly seed: number
}

/** The column that tells the samples apart nearly as well without the others, if there is one. */
function loneColumn(input: LoneInput, area: CrossFitAuc): number | undefined {
  const { feature: first, share } = input.shares[0] ?? { feature: -1, share: 0 }
  const feature = input.features[first]
  if (feature === undefined || share < LONE_SHARE || input.features.length < 2) return undefined
  const random = createRandom(input.seed)
  const drawn = drawSides(input.pooled.rows, LONE_ROWS, random.below)
  const rows = Uint32Array.from([...drawn.reference, ...drawn.current])
  const labels = Uint8Array.from(rows, (row) => input.labels[row] ?? 0)
  const alone = { ...feature, bins: Uint8Array.from(rows, (row) => feature.bins[row] ?? 0) }
  const found = crossFit({ features: [alone], labels, level: 0.95, random })
  return (found?.area.auc ?? 0.5) - 0.5 >= ALONE * (area.auc - 0.5) ? first : undefined
}

function loneText(pooled: Pooled, feature: number, { auc }: CrossFitAuc): string {
  const text = `column ${JSON.stringify(labelOf(pooled.columns[feature]?.name ?? ''))} alone explains it`
  if (auc < TRIVIAL) return text
  return `${text}: if it is an identifier or a time, name the other columns in drift.multivariate.columns`
}

function explain(pooled: Pooled, shares: readonly ColumnShare[]): Explanation[] {
  return shares.slice(0, MOST_EXPLAINED).map(({ feature, share }) => ({
    columns: [labelOf(pooled.columns[feature]?.name ?? '')],
    share,
    reference: null,
    current: null,
    difference: null,
  }))
}
