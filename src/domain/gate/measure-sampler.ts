import { type JackknifeGroup, jackknifeAcceleration } from '../stats/acceleration.js'
import type { Bootstrap } from './bootstrap-evidence.js'
import { contrastOf, type Question } from './evidence.js'
import type { Pair } from './examples.js'

/** Values of one or two models without each unit, or each block of units, of one stratum. */
export interface LeftOut {
  /** One array a model. */
  readonly values: readonly Float64Array[]
  /** Units behind each value; absent means one each. */
  readonly weights?: Float64Array | undefined
}

/**
 * The values of a metric under resampling of one sample of units: of one model, or of two that are resampled together. What
 * is asked of the values (a difference, a ratio) is not its business.
 */
export interface Sampler {
  /** The values on the data: the candidate's, then the baseline's. */
  readonly values: readonly number[]
  /** The values of so many further resamples, one array a model; not a number where there is no value. */
  draw(resamples: number): Float64Array[]
  /** One entry for each stratum that is resampled on its own. */
  leaveOut(): readonly LeftOut[]
  /** Resamples to begin with, and at most. */
  readonly first: number
  readonly most: number
}

/** The samples that are resampled on their own: both models on the same examples, or each on its own. */
export function pairsOf({ pair, of, unpaired }: Question): Pair[] {
  const alone = { candidate: pair.candidate, baseline: undefined }
  if (of === 'candidate' || pair.baseline === undefined) return [alone]
  return unpaired === true ? [alone, { candidate: pair.baseline, baseline: undefined }] : [pair]
}

/** The question's answer under resampling: of one sampler with all its models, or of one sampler a model (unpaired). */
export function bootstrapOf(question: Question, samplers: readonly Sampler[]): Bootstrap {
  const { of } = question
  const values = samplers.flatMap((sampler) => sampler.values)
  const [candidate = Number.NaN, baseline] = values
  const without = leaveOneOut(question, samplers)
  return {
    values: { candidate, baseline },
    estimate: contrastOf(of, candidate, baseline ?? 0),
    acceleration: jackknifeAcceleration(without),
    degreesOfFreedom: degreesOfFreedom(without),
    first: Math.min(...samplers.map(({ first }) => first)),
    most: Math.min(...samplers.map(({ most }) => most)),
    draw: (resamples) => {
      const [mine = new Float64Array(), theirs] = samplers.flatMap((one) => one.draw(resamples))
      return mine.map((value, i) => contrastOf(of, value, theirs?.[i] ?? 0))
    },
  }
}

/** What is asked about without each unit, one group a stratum. */
export function leaveOneOut(question: Question, samplers: readonly Sampler[]): JackknifeGroup[] {
  const whole = samplers.flatMap((sampler) => sampler.values)
  let start = 0
  return samplers.flatMap((sampler) => {
    const offset = start
    start += sampler.values.length
    return sampler.leaveOut().map(({ values, weights }) => {
      const without = (model: number, i: number): number =>
        values[model - offset]?.[i] ?? whole[model] ?? 0
      const left = Float64Array.from(values[0] ?? [], (_, i) =>
        contrastOf(question.of, without(0, i), without(1, i)),
      )
      return { values: left, weights }
    })
  })
}

/**
 * How many degrees of freedom the variance of what is asked about has: Satterthwaite's, 2 n / (kurtosis of the influences - 1).
 * About twice the number of examples that move it: few where two models hardly ever disagree, however many examples there are.
 */
export function degreesOfFreedom(groups: readonly JackknifeGroup[]): number {
  let squares = 0
  let fourths = 0
  let units = 0
  for (const { values, weights } of groups) {
    const { mean, total } = meanOf(values, weights)
    units += total
    values.forEach((value, i) => {
      const weight = weights?.[i] ?? 1
      const square = weight > 0 ? (value - mean) ** 2 : 0
      squares += weight * square
      fourths += weight * square * square
    })
  }
  const kurtosis = (units * fourths) / (squares * squares)
  return kurtosis > 1 ? (2 * units) / (kurtosis - 1) : Number.POSITIVE_INFINITY
}

function meanOf(values: Float64Array, weights: Float64Array | undefined) {
  let total = 0
  let sum = 0
  values.forEach((value, i) => {
    const weight = weights?.[i] ?? 1
    if (weight === 0) return
    total += weight
    sum += weight * value
  })
  return { mean: sum / total, total }
}
