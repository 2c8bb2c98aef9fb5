import { type Design, linearMap } from './design.js'
import {
  hessianDiagonal,
  hessianTimes,
  objectiveAt,
  type Point,
  type Problem,
  type Slope,
  slopeAt,
} from './logistic-loss.js'

/** A linear score: the intercept plus the sum of weight times feature. */
export interface LogisticModel {
  readonly intercept: number
  /** One a column. */
  readonly weights: Float64Array
}

export interface LogisticFit extends LogisticModel {
  /** False where iterations ran out, or only one class is there. */
  readonly converged: boolean
}

export interface LogisticOptions {
  /** Half of it times the squared weights (not the intercept) is added to the summed log loss: scikit-learn's 1 / C. */
  readonly penalty: number
  readonly maxIterations: number
  /** The gradient's length at which to stop, relative to the one at the start. */
  readonly tolerance?: number | undefined
}

const { abs, sqrt, min } = Math

/** Newton's system is solved only as exactly as the step is worth, never in more products than this. */
const MOST_PRODUCTS = 200
const ARMIJO = 1e-4
const MOST_HALVINGS = 40

/**
 * Logistic regression with an L2 penalty by truncated Newton steps: conjugate gradients with a diagonal preconditioner and a
 * line search (Lin, Weng & Keerthi 2008, JMLR 9:627-650; Galli & Lin 2022), for dense and for sparse rows. Deterministic.
 * `labels` are 1 for positive, one a row. Only one class -> weights 0 and an intercept that says so, not converged.
 */
export function fitLogistic(
  design: Design,
  labels: Uint8Array,
  options: LogisticOptions,
): LogisticFit {
  const map = linearMap(design)
  const problem = { map, labels, penalty: options.penalty }
  const start = startingPoint(problem)
  if (start === undefined) return oneClass(problem)
  let point = start
  let slope = slopeAt(problem, point)
  const first = norm(slope.gradient)
  const enough = first * (options.tolerance ?? 1e-10)
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    const length = norm(slope.gradient)
    if (length <= enough) return modelOf(point, true)
    const direction = newtonDirection(problem, slope, min(0.1, sqrt(length / first)))
    const next = lineSearch(problem, { point, slope, direction })
    // Nothing smaller can be told from rounding.
    if (next === undefined) return modelOf(point, length <= first * 1e-6)
    point = next
    slope = slopeAt(problem, point)
  }
  return modelOf(point, norm(slope.gradient) <= enough)
}

/** Each row's score, positive where the model says 1. */
export function decisionScores(model: LogisticModel, design: Design): Float64Array {
  const scores = linearMap(design).times(model.weights)
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) + model.intercept
  return scores
}

function countOnes(labels: Uint8Array): number {
  let ones = 0
  for (const label of labels) if (label === 1) ones++
  return ones
}

/** The best constant: without it, rare classes cost steps. */
function startingPoint(problem: Problem): Point | undefined {
  const { map, labels } = problem
  const ones = countOnes(labels)
  if (ones === 0 || ones === labels.length) return undefined
  const intercept = Math.log(ones / (labels.length - ones))
  const coefficients = new Float64Array(map.columns + 1)
  coefficients[map.columns] = intercept
  const scores = new Float64Array(map.rows).fill(intercept)
  return { coefficients, scores, objective: objectiveAt(problem, coefficients, scores) }
}

function oneClass({ map, labels }: Problem): LogisticFit {
  const ones = countOnes(labels)
  const intercept = Math.log((ones + 0.5) / (labels.length - ones + 0.5))
  return { intercept, weights: new Float64Array(map.columns), converged: false }
}

function modelOf({ coefficients }: Point, converged: boolean): LogisticFit {
  const last = coefficients.length - 1
  return { intercept: coefficients[last] ?? 0, weights: coefficients.slice(0, last), converged }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}

function norm(vector: Float64Array): number {
  return sqrt(dot(vector, vector))
}

/** An approximate solution of Hessian times direction = -gradient by preconditioned conjugate gradients. */
function newtonDirection(problem: Problem, slope: Slope, precision: number): Float64Array {
  const { gradient, curvatures } = slope
  const diagonal = hessianDiagonal(problem, curvatures)
  const direction = new Float64Array(gradient.length)
  const residual = gradient.map((value) => -value)
  const scaled = residual.map((value, j) => value / (diagonal[j] ?? 1))
  const search = scaled.slice()
  let length = dot(residual, scaled)
  const enough = length * precision * precision
  const most = min(MOST_PRODUCTS, 2 * gradient.length + 10)
  for (let step = 0; step < most && length > enough; step++) {
    const product = hessianTimes(problem, curvatures, search)
    const curvature = dot(search, product)
    if (!(curvature > 0)) break
    const size = length / curvature
    for (let j = 0; j < direction.length; j++) {
      direction[j] = (direction[j] ?? 0) + size * (search[j] ?? 0)
      const rest = (residual[j] ?? 0) - size * (product[j] ?? 0)
      residual[j] = rest
      scaled[j] = rest / (diagonal[j] ?? 1)
    }
    const next = dot(residual, scaled)
    for (let j = 0; j < search.length; j++) {
      search[j] = (scaled[j] ?? 0) + (next / length) * (search[j] ?? 0)
    }
    length = next
  }
  return direction
}

interface Search {
  readonly point: Point
  readonly slope: Slope
  readonly direction: Float64Array
}

/** The first of the steps 1, 1/2, 1/4, … that lowers the objective enough; undefined where none does. */
function lineSearch(problem: Problem, { point, slope, direction }: Search): Point | undefined {
  const descent = dot(slope.gradient, direction)
  if (!(descent < 0)) return undefined
  const change = problem.map.times(direction)
  const intercept = direction[problem.map.columns] ?? 0
  // So close to the minimum, the objective's rounding is larger than what a step can gain.
  const isClose = -descent <= 1e-12 * abs(point.objective)
  for (let halving = 0, size = 1; halving < MOST_HALVINGS; halving++, size /= 2) {
    const coefficients = point.coefficients.map((value, j) => value + size * (direction[j] ?? 0))
    const scores = point.scores.map((score, i) => score + size * ((change[i] ?? 0) + intercept))
    const objective = objectiveAt(problem, coefficients, scores)
    if (isClose || objective <= point.objective + ARMIJO * size * descent) {
      return { coefficients, scores, objective }
    }
  }
  return undefined
}
