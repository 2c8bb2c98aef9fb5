import type { LinearMap } from './design.js'

const { abs, exp, log1p, max } = Math

export interface Problem {
  readonly map: LinearMap
  readonly labels: Uint8Array
  readonly penalty: number
}

/** Where the search is: the coefficients, the intercept last, and each row's score. */
export interface Point {
  readonly coefficients: Float64Array
  readonly scores: Float64Array
  readonly objective: number
}

export interface Slope {
  readonly gradient: Float64Array
  /** Each row's curvature, p (1 - p). */
  readonly curvatures: Float64Array
}

/** The summed log loss with its penalty. */
export function objectiveAt(
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

export function slopeAt({ map, labels, penalty }: Problem, { coefficients, scores }: Point): Slope {
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
export function hessianTimes(
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

export function hessianDiagonal({ map, penalty }: Problem, curvatures: Float64Array): Float64Array {
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
