import type { MetricData } from '../metrics/data.js'
import type { MeanMetric } from '../metrics/metric.js'
import { meanInterval } from '../stats/mean-interval.js'
import { pairedMeanDifference } from '../stats/paired-mean.js'
import { signFlipTest } from '../stats/sign-flip.js'
import { studentTCdf } from '../stats/special/student-t.js'
import {
  type BoundaryTest,
  type Finding,
  type Question,
  splitTwoSided,
  standardised,
  symmetricTest,
} from './evidence.js'

/** Below this many examples the t test leans on normality: the sign-flip test does not. */
const FEW = 50
/** A kurtosis above this makes tails heavy enough to distrust t. */
const HEAVY = 10
/** Above this many examples the mean is near normal whatever the tails, and sign flips cost seconds. */
const MANY = 5000
/** Fewer equal differences than this do not show that the models agree. */
const FEWEST_EQUAL = 30

/** Student's t for one model's mean loss; paired t, or the sign-flip test, for the difference of two. */
export function meanEvidence(question: Question, metric: MeanMetric): Finding {
  const { pair, of } = question
  const losses = metric.losses(pair.candidate)
  if (of === 'candidate' || pair.baseline === undefined) return single(question, losses)
  return paired(question, differencesOf(losses, metric, pair.baseline))
}

function differencesOf(
  losses: Float64Array,
  metric: MeanMetric,
  baseline: MetricData,
): Float64Array {
  const other = metric.losses(baseline)
  const differences = new Float64Array(losses.length)
  for (let i = 0; i < losses.length; i++) differences[i] = (losses[i] ?? 0) - (other[i] ?? 0)
  // Sorted where signs may be flipped, so that the order of the rows decides nothing.
  return differences.length <= MANY ? differences.sort() : differences
}

function single(question: Question, losses: Float64Array): Finding {
  const n = losses.length
  const found = n < 2 ? undefined : meanInterval(losses, question.level)
  if (found === undefined) return { reason: `${n} examples give no interval` }
  const { mean, standardError, low, high, level, method } = found
  if (standardError === 0 && n < FEWEST_EQUAL) return { reason: tooEqual(n) }
  const [least, most] = question.metric.range
  return {
    evidence: {
      interval: {
        of: 'candidate',
        level,
        low: Math.max(least, low),
        high: Math.min(most, high),
        method,
      },
      testAt: (boundary) => studentTest({ mean, standardError, df: n - 1 }, boundary),
    },
  }
}

function paired(question: Question, differences: Float64Array): Finding {
  const n = differences.length
  const found = n < 2 ? undefined : pairedMeanDifference(differences, question.level)
  if (found === undefined) return { reason: `${n} examples give no interval` }
  const { mean, standardError, low, high, degreesOfFreedom: df } = found
  if (standardError === 0 && n < FEWEST_EQUAL) return { reason: tooEqual(n) }
  const flips = standardError > 0 && n <= MANY && (n < FEW || kurtosis(differences, mean) > HEAVY)
  return {
    evidence: {
      interval: { of: 'difference', level: question.level, low, high, method: 'paired-t' },
      testAt: (boundary) =>
        flips
          ? flipTest(question, differences, boundary)
          : { ...studentTest({ mean, standardError, df }, boundary), name: 'paired-t' },
    },
  }
}

function tooEqual(n: number): string {
  return `all ${n} examples give the same number, and so few do not show how much it varies`
}

function studentTest(
  estimate: { readonly mean: number; readonly standardError: number; readonly df: number },
  boundary: number,
): BoundaryTest {
  const statistic = standardised(estimate.mean - boundary, estimate.standardError)
  return symmetricTest('t', statistic, (x) => studentTCdf(x, estimate.df))
}

function flipTest(question: Question, differences: Float64Array, boundary: number): BoundaryTest {
  const shifted = differences.map((difference) => difference - boundary)
  const { pValue } = signFlipTest(shifted, question.random)
  let sum = 0
  for (const value of shifted) sum += value
  return { name: 'sign-flip', statistic: sum, pValue, ...splitTwoSided(pValue, sum) }
}

/** Fourth central moment over the squared variance: 3 for a normal distribution. */
function kurtosis(values: Float64Array, mean: number): number {
  let second = 0
  let fourth = 0
  for (const value of values) {
    const square = (value - mean) ** 2
    second += square
    fourth += square * square
  }
  return second > 0 ? (values.length * fourth) / (second * second) : 0
}
