import { bcaInterval } from '../stats/bootstrap.js'
import { normalCdf, normalQuantile } from '../stats/special/normal.js'
import {
  type BoundaryTest,
  type Finding,
  limitsOf,
  type Question,
  standardised,
} from './evidence.js'
import { type Degenerate, degenerateEvidence } from './measure-degenerate.js'

/** Resamples in which the metric has no value may be left out up to this share. */
const MOST_UNDEFINED = 0.05

export interface Bootstrap {
  readonly values: Degenerate
  readonly estimate: number
  readonly replicates: Float64Array
  readonly acceleration: number | undefined
}

/**
 * A BCa interval, and tests by its inversion: the one-sided p-value at a boundary is the level at which the interval's
 * end would fall on it (Efron & Tibshirani 1993, section 15.5; DiCiccio & Efron 1996). Where every resample lies on one side,
 * the p-value is the normal tail in bootstrap standard errors, at most 1 / (resamples + 1).
 */
export function bootstrapEvidence(question: Question, bootstrap: Bootstrap): Finding {
  const { estimate, acceleration } = bootstrap
  const replicates = bootstrap.replicates.filter(Number.isFinite).sort()
  const lost = bootstrap.replicates.length - replicates.length
  if (lost > MOST_UNDEFINED * bootstrap.replicates.length) {
    const share = Math.round((100 * lost) / bootstrap.replicates.length)
    return { reason: `it has no value in ${share}% of bootstrap resamples: too little data` }
  }
  if (isConstant(replicates, estimate)) return degenerateEvidence(question, bootstrap.values)
  const { level } = question
  const found = bcaInterval({ estimate, replicates, jackknife: undefined, acceleration, level })
  const [least, most] = limitsOf(question)
  return {
    evidence: {
      interval: {
        of: question.of,
        level,
        low: Math.max(least, found.low),
        high: Math.min(most, found.high),
        method: `bootstrap-${found.method}`,
      },
      testAt: inversionTest({ estimate, replicates, acceleration }),
    },
  }
}

/** Resamples that all equal the estimate, but for rounding. */
function isConstant(sorted: Float64Array, estimate: number): boolean {
  const spread = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0)
  return spread <= 1e-12 * Math.max(1, Math.abs(estimate))
}

interface Inversion {
  readonly estimate: number
  readonly replicates: Float64Array
  readonly acceleration: number | undefined
}

function inversionTest(inversion: Inversion): (boundary: number) => BoundaryTest {
  const { estimate, replicates } = inversion
  const bias = normalQuantile(shareBelow(replicates, estimate))
  const corrected = inversion.acceleration !== undefined && Number.isFinite(bias)
  const z0 = corrected ? bias : 0
  const a = corrected ? (inversion.acceleration ?? 0) : 0
  const standardError = deviationOf(replicates)
  return (boundary) => {
    const statistic = standardised(estimate - boundary, standardError)
    const share = shareBelow(replicates, boundary)
    const above =
      share > 0 && share < 1
        ? bcaLevel(normalQuantile(share) - z0, z0, a)
        : tailBeyond(share, statistic, replicates.length)
    const pValue = Math.min(1, 2 * Math.min(above, 1 - above))
    return { name: 'bootstrap', statistic, pValue, below: 1 - above, above }
  }
}

/** The one-sided level whose BCa end has this deviation among the resamples. */
function bcaLevel(deviation: number, z0: number, a: number): number {
  const scale = 1 + a * deviation
  // Beyond the pole the interval's end can never get there: no evidence on that side.
  if (scale <= 0) return deviation < 0 ? 0 : 1
  return normalCdf(deviation / scale - z0)
}

/** One-sided p-value of "above" where no resample lies on the boundary's far side. */
function tailBeyond(share: number, statistic: number, resamples: number): number {
  const p = Math.min(1 / (resamples + 1), normalCdf(-Math.abs(statistic)))
  return share === 0 ? p : 1 - p
}

/** The share of the sorted values below a number, ties by half. */
function shareBelow(sorted: Float64Array, value: number): number {
  const below = countWhere(sorted, (one) => one < value)
  const upTo = countWhere(sorted, (one) => one <= value)
  return (below + upTo) / (2 * sorted.length)
}

/** How many leading values of a sorted array hold. */
function countWhere(sorted: Float64Array, holds: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(sorted[middle] ?? 0)) low = middle + 1
    else high = middle
  }
  return low
}

function deviationOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / (values.length - 1))
}
