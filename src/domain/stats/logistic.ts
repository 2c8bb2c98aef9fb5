import { type Design, type LinearMap, linearMap } from './design.js'

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

const { abs, exp, log1p, max, sqrt, min } = Math

/** Newton's system is solved only as exactly as the step is worth, never in more products than this. */
const MOST_PRODUCTS = 200
const ARMIJO = 1e-4
const MOST_HALVINGS = 40

interface Problem {
  readonly map: LinearMap
  readonly labels: Uint8Array
  readonly penalty: number
}

/** Where the search is: the coefficients, the intercept last, and each row's score. */
interface Point {
  readonly coefficients: Float64Array
  readonly scores: Float64Array
  readonly objective: number
}

interface Slope {
  readonly gradient: Float64Array
  /** Each row's curvature, p (1 - p). */
  readonly curvatures: Float64Array
}

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

function objectiveAt(
  { labels, penalty }: Problem,
  coefficients: Float64Array,
  scores: Float64Array,
): number {
  let sum = 0
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] ?? 0
    const margin = labels[i] === 1 ? score : -score
    sum += log1p(exp(-abs(margin))) + max(0, -margin)
  }
  let squares = 0
  for (let j = 0; j < coefficients.length - 1; j++) squares += (coefficients[j] ?? 0) ** 2
  return sum + (penalty / 2) * squares
}

function slopeAt({ map, labels, penalty }: Problem, { coefficients, scores }: Point): Slope {
  const residuals = new Float64Array(map.rows)
  const curvatures = new Float64Array(map.rows)
  let total = 0
  for (let i = 0; i < residuals.length; i++) {
    const p = 1 / (1 + exp(-(scores[i] ?? 0)))
    const residual = p - (labels[i] ?? 0)
    residuals[i] = residual
    curvatures[i] = p * (1 - p)
    total += residual
  }
  const gradient = new Float64Array(map.columns + 1)
  map.addTransposed(residuals, gradient)
  for (let j = 0; j < map.columns; j++) {
    gradient[j] = (gradient[j] ?? 0) + penalty * (coefficients[j] ?? 0)
  }
  gradient[map.columns] = total
  return { gradient, curvatures }
}

/** The Hessian times a vector, without the Hessian. */
function hessianTimes(
  { map, penalty }: Problem,
  curvatures: Float64Array,
  vector: Float64Array,
): Float64Array {
  const factors = map.times(vector)
  const intercept = vector[map.columns] ?? 0
  let total = 0
  for (let i = 0; i < factors.length; i++) {
    const factor = ((factors[i] ?? 0) + intercept) * (curvatures[i] ?? 0)
    factors[i] = factor
    total += factor
  }
  const product = new Float64Array(map.columns + 1)
  map.addTransposed(factors, product)
  for (let j = 0; j < map.columns; j++) {
    product[j] = (product[j] ?? 0) + penalty * (vector[j] ?? 0)
  }
  product[map.columns] = total
  return product
}

function hessianDiagonal({ map, penalty }: Problem, curvatures: Float64Array): Float64Array {
  const diagonal = new Float64Array(map.columns + 1)
  map.addSquares(curvatures, diagonal)
  let total = 0
  for (const curvature of curvatures) total += curvature
  diagonal[map.columns] = total
  for (let j = 0; j < diagonal.length; j++) {
    const value = (diagonal[j] ?? 0) + (j < map.columns ? penalty : 0)
    diagonal[j] = value > 0 ? value : 1
  }
  return diagonal
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
