import type { MetricData } from '../../metrics/data.js'
import type { RandomSource } from '../../stats/random.js'
import { keptOrder } from '../../stats/sort-order.js'
import { checkCalibration } from './calibration-check.js'
import type { Probabilities } from './expected.js'
import { fitIsotonic, type Isotonic, isotonicAt } from './isotonic.js'
import type { CalibrationResult } from './result.js'

/** What scores mean, learned from reference rows whose labels are known. */
export interface Calibration {
  readonly result: CalibrationResult
  /** Of the reference's rows, from a calibration that has not seen them. */
  readonly heldOut: Probabilities
  /** Of any rows' scores. */
  readonly apply: (scores: Probabilities) => Probabilities
}

const FOLDS = 5

/** The model's own probability of each class by code; undefined without scores. */
export function scoresOf(data: MetricData): Probabilities | undefined {
  const { scores, classScores, positive = 1 } = data
  if (classScores !== undefined) return classScores
  if (scores === undefined || data.classes.length !== 2) return undefined
  const others = scores.map((score) => 1 - score)
  return positive === 1 ? [others, scores] : [scores, others]
}

/**
 * Leaves scores as they are where the reference does not show that they are off, for a fitted curve has errors of its own; else fits
 * an isotonic curve for each class, and cross-fits it in five folds for the check. Of several classes the curves' values are scaled to
 * add up to one.
 */
export function calibrate(
  scores: Probabilities,
  labels: Float64Array,
  random: RandomSource,
): Calibration {
  const asGiven = checkCalibration(scores, labels)
  if (asGiven.calibrated) {
    const result = { method: 'none', scores: asGiven, heldOut: null } as const
    return { result, heldOut: scores, apply: (others) => others }
  }
  const fold = new Uint8Array(labels.length)
  for (let row = 0; row < fold.length; row++) fold[row] = random.below(FOLDS)
  const heldOut = scaled(
    fitted(scores).map(({ code, column }) => crossFit({ column, code, labels, fold })),
  )
  const curves = fitted(scores).map(({ code, column }) => curveOf(column, labels, code))
  return {
    result: {
      method: 'isotonic',
      scores: asGiven,
      heldOut: checkCalibration(heldOut, labels),
    },
    heldOut,
    apply: (others) =>
      scaled(
        fitted(others).map(({ column }, at) => {
          const curve = curves[at]
          return curve === undefined ? column : through(curve, column)
        }),
      ),
  }
}

interface ClassScores {
  readonly code: number
  readonly column: Float64Array
}

/** Of two classes the second says all. */
function fitted(scores: Probabilities): ClassScores[] {
  const all = scores.map((column, code) => ({ code, column }))
  return all.length === 2 ? all.slice(1) : all
}

function through(curve: Isotonic, inputs: Float64Array): Float64Array {
  const probabilities = new Float64Array(inputs.length)
  isotonicAt(curve, { inputs, order: keptOrder(inputs) }, probabilities)
  return probabilities
}

function curveOf(column: Float64Array, labels: Float64Array, code: number): Isotonic {
  return fitIsotonic(column, outcomesOf(labels, code), keptOrder(column))
}

function outcomesOf(labels: Float64Array, code: number): Uint8Array {
  const outcomes = new Uint8Array(labels.length)
  for (let row = 0; row < outcomes.length; row++) outcomes[row] = labels[row] === code ? 1 : 0
  return outcomes
}

interface CrossFit extends ClassScores {
  readonly labels: Float64Array
  readonly fold: Uint8Array
}

function crossFit({ column, code, labels, fold }: CrossFit): Float64Array {
  const outcomes = outcomesOf(labels, code)
  const all = keptOrder(column)
  const probabilities = new Float64Array(column.length)
  for (let left = 0; left < FOLDS; left++) {
    const { inside, outside } = split(all, fold, left)
    const curve = fitIsotonic(column, outcomes, outside)
    isotonicAt(curve, { inputs: column, order: inside }, probabilities)
  }
  return probabilities
}

/** The rows of a fold and the others, each in their order. */
function split(order: Uint32Array, fold: Uint8Array, left: number) {
  const inside = new Uint32Array(order.length)
  const outside = new Uint32Array(order.length)
  let ins = 0
  let outs = 0
  for (let i = 0; i < order.length; i++) {
    const row = order[i] ?? 0
    if (fold[row] === left) inside[ins++] = row
    else outside[outs++] = row
  }
  return { inside: inside.subarray(0, ins), outside: outside.subarray(0, outs) }
}

/** One column is the second of two classes; more are scaled to add up to one in each row. */
function scaled(columns: readonly Float64Array[]): Probabilities {
  const [only] = columns
  if (columns.length === 1 && only !== undefined) return [only.map((p) => 1 - p), only]
  const n = only?.length ?? 0
  const sums = new Float64Array(n)
  for (const column of columns) {
    for (let row = 0; row < n; row++) sums[row] = (sums[row] ?? 0) + (column[row] ?? 0)
  }
  const even = 1 / columns.length
  return columns.map((column) =>
    column.map((p, row) => ((sums[row] ?? 0) > 0 ? p / (sums[row] ?? 1) : even)),
  )
}

/** What the scores of rows mean: as given where the reference taught nothing else. */
export function probabilitiesOf(
  data: MetricData,
  calibration: Calibration | undefined,
): Probabilities | undefined {
  const scores = scoresOf(data)
  return scores === undefined || calibration === undefined ? scores : calibration.apply(scores)
}
