import type { MetricData } from '../metrics/data.js'
import type { MeanMetric, ProportionMetric } from '../metrics/metric.js'
import { isUnitMetric } from '../metrics/unit-metrics.js'
import { perRow } from '../metrics/value.js'
import { clusterSignFlip, MOST_FLIPPED_CLUSTERS } from '../stats/cluster-sign-flip.js'
import { clusteredMean } from '../stats/clustered-mean.js'
import type { RatioEstimate } from '../stats/fieller.js'
import { ratioOfMeans, ratioOfMeansUnpaired } from '../stats/ratio-of-means.js'
import type { Sample } from '../stats/sampling.js'
import { signFlipTest } from '../stats/sign-flip.js'
import { studentTCdf } from '../stats/special/student-t.js'
import { welchDifference } from '../stats/welch.js'
import { effectiveUnits } from './effective-units.js'
import {
  type BoundaryTest,
  cutInterval,
  type Finding,
  type Question,
  splitTwoSided,
  standardised,
  symmetricTest,
} from './evidence.js'
import { degenerateEvidence } from './measure-degenerate.js'
import { binaryEvidence } from './measure-proportion.js'

/** Below this many examples the t test leans on normality: the sign-flip test does not. */
const FEW = 50
/** A kurtosis above this makes tails heavy enough to distrust t. */
const HEAVY = 10
/** Above this many examples the mean is near normal whatever the tails, and sign flips cost seconds. */
const MANY = 5000
/** Fewer equal numbers than this do not show that they do not vary. */
const FEWEST_EQUAL = 30

/**
 * Student's t for one model's mean number; paired t, or the sign-flip test, for the difference of two; Welch's where they are
 * unpaired; Fieller's theorem for their ratio. With weights or clusters the same by linearised variances. Numbers that
 * are all 0 or 1 are shares, and are judged as such.
 */
export function meanEvidence(question: Question, metric: MeanMetric | ProportionMetric): Finding {
  const { pair, of, options } = question
  const numbers = (data: MetricData): Sample => ({
    values: perRow(metric, data, options),
    weights: data.weights,
    clusters: data.clusters,
  })
  const candidate = numbers(pair.candidate)
  const baseline =
    of === 'candidate' || pair.baseline === undefined ? undefined : numbers(pair.baseline)
  if (isPlain(candidate) && areShares(candidate) && (!baseline || areShares(baseline))) {
    return binaryEvidence(question, candidate.values, baseline?.values)
  }
  if (baseline === undefined) return single(question, candidate)
  if (of === 'ratio') return ratio(question, candidate, baseline)
  return question.unpaired === true
    ? unpaired(question, candidate, baseline)
    : paired(question, candidate, baseline)
}

function isPlain({ weights, clusters }: Sample): boolean {
  return weights === undefined && clusters === undefined
}

function areShares(sample: Sample): boolean {
  return isPlain(sample) && sample.values.every((value) => value === 0 || value === 1)
}

function single(question: Question, sample: Sample): Finding {
  return ofMean(question, sample, isPlain(sample) ? 't' : undefined)
}

function paired(question: Question, candidate: Sample, baseline: Sample): Finding {
  const differences = new Float64Array(candidate.values.length)
  for (let i = 0; i < differences.length; i++) {
    differences[i] = (candidate.values[i] ?? 0) - (baseline.values[i] ?? 0)
  }
  return ofMean(
    question,
    { ...candidate, values: differences },
    isPlain(candidate) ? 'paired-t' : undefined,
  )
}

/** Evidence on a mean of one sample of numbers; `method` where the plain name says more than the general one. */
function ofMean(question: Question, sample: Sample, method: string | undefined): Finding {
  const n = sample.values.length
  const found = clusteredMean({ ...sample, level: question.level })
  if (found === undefined) return { reason: tooFew(sample) }
  const { mean, standardError, degreesOfFreedom: df, low, high, clusters } = found
  if (standardError === 0) {
    if (isBounded(question) && (question.of === 'candidate' || isShare(question) || mean === 0)) {
      return withoutVariation(question, mean)
    }
    if (clusters < FEWEST_EQUAL) return { reason: tooEqual(clusters) }
  }
  const name = method ?? found.method
  const compares = question.of !== 'candidate'
  const flips = compares && standardError > 0 && isPlain(sample) && flipsSigns(sample.values, mean)
  // In order where signs may be flipped, so that the order of the rows decides nothing.
  const sorted = flips && n <= MANY ? sample.values.slice().sort() : sample.values
  return {
    evidence: {
      interval: cutInterval(question, { low, high, method: name }),
      testAt: (boundary) =>
        (flips ? flipTest(question, sorted, boundary) : clusterFlips(sample, clusters, boundary)) ??
        studentTest(name, { deviation: mean - boundary, standardError, df }),
    },
  }
}

function isShare({ metric }: Question): boolean {
  return metric.kind === 'proportion'
}

/** Of values between known bounds it can be said how much they may vary where none of them does. */
function isBounded(question: Question): boolean {
  const { metric } = question
  return isShare(question) || (isUnitMetric(metric) && Number.isFinite(metric.range[1]))
}

/** Evidence on a mean (of differences, unless it is of the candidate alone) of numbers that are all equal. */
function withoutVariation(question: Question, mean: number): Finding {
  const units = effectiveUnits(question.pair.candidate, () => true)
  if (question.of === 'candidate') {
    return degenerateEvidence(question, { candidate: mean, baseline: undefined }, units)
  }
  const values = { candidate: Math.max(0, mean), baseline: Math.max(0, -mean) }
  return degenerateEvidence(question, values, units)
}

function flipsSigns(values: Float64Array, mean: number): boolean {
  const n = values.length
  return n <= MANY && (n < FEW || kurtosis(values, mean) > HEAVY)
}

function tooFew({ values, clusters }: Sample): string {
  return clusters === undefined
    ? `${values.length} examples give no interval`
    : 'one cluster gives no interval'
}

function tooEqual(n: number): string {
  return `all ${n} examples give the same number, and so few do not show how much it varies`
}

interface Deviation {
  readonly deviation: number
  readonly standardError: number
  readonly df: number
}

function studentTest(name: string, { deviation, standardError, df }: Deviation): BoundaryTest {
  const statistic = standardised(deviation, standardError)
  return symmetricTest(name, statistic, (x) => studentTCdf(x, df))
}

/** The exact test of few clusters; undefined where there are none, or enough for t. */
function clusterFlips(
  sample: Sample,
  clusters: number,
  boundary: number,
): BoundaryTest | undefined {
  if (sample.clusters === undefined || clusters >= MOST_FLIPPED_CLUSTERS) return undefined
  const found = clusterSignFlip({ ...sample, boundary })
  if (found === undefined) return undefined
  const { statistic, pValue, below, above } = found
  return { name: 'cluster-sign-flip', statistic, pValue, below, above }
}

function unpaired(question: Question, candidate: Sample, baseline: Sample): Finding {
  const found = welchDifference({ candidate, baseline, level: question.level })
  if (found === undefined) return { reason: tooFew(candidate) }
  const { difference, standardError, degreesOfFreedom: df, low, high } = found
  const n = Math.min(candidate.values.length, baseline.values.length)
  if (standardError === 0) {
    if (n < FEWEST_EQUAL) return { reason: tooEqual(n) }
    if (isBounded(question)) return constantModels(question, candidate, baseline)
  }
  return {
    evidence: {
      interval: cutInterval(question, { low, high, method: 'welch' }),
      testAt: (boundary) =>
        studentTest('welch', { deviation: difference - boundary, standardError, df }),
    },
  }
}

function ratio(question: Question, candidate: Sample, baseline: Sample): Finding {
  const { level } = question
  const found =
    question.unpaired === true
      ? ratioOfMeansUnpaired({ candidate, baseline, level })
      : ratioOfMeans({
          ...candidate,
          candidate: candidate.values,
          baseline: baseline.values,
          level,
        })
  if (found === undefined) return { reason: 'the ratio to the baseline has no value' }
  const n = candidate.values.length
  if (found.low === found.high) {
    if (n < FEWEST_EQUAL) return { reason: tooEqual(n) }
    if (isBounded(question) && (question.unpaired === true || found.ratio === 1)) {
      return constantModels(question, candidate, baseline)
    }
  }
  return ratioEvidence(question, found, 'fieller')
}

/** Evidence on two models that do not vary: each in itself, or (paired) from each other. */
function constantModels(question: Question, candidate: Sample, baseline: Sample): Finding {
  const meanOf = (sample: Sample) => clusteredMean({ ...sample, level: question.level })?.mean
  const mine = meanOf(candidate)
  if (mine === undefined) return { reason: tooFew(candidate) }
  // Paired ones are the same, whatever the rounding of their sums.
  const theirs = question.unpaired === true ? meanOf(baseline) : mine
  const { candidate: data, baseline: other = data } = question.pair
  const all = () => true
  const units = Math.min(effectiveUnits(data, all), effectiveUnits(other, all))
  return degenerateEvidence(question, { candidate: mine, baseline: theirs }, units)
}

/** Evidence on a ratio, where the baseline is surely not 0. */
export function ratioEvidence(question: Question, found: RatioEstimate, name: string): Finding {
  if (found.shape !== 'interval') {
    return { reason: 'the baseline may well be 0, and a share of it is then no margin' }
  }
  return {
    evidence: {
      interval: cutInterval(question, { low: found.low, high: found.high, method: name }),
      testAt: (boundary) => ({ name, ...found.testAt(boundary) }),
    },
  }
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
