import { studentTQuantile } from './special/student-t.js'

/** Mean of numbers and its standard error. */
export interface MeanEstimate {
  readonly mean: number
  readonly standardError: number
  readonly degreesOfFreedom: number
}

function isConstant(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return false
  return true
}

/** Undefined for fewer than two values or one that is not finite. Equal values have standard error exactly 0. */
export function estimateMean(values: Float64Array): MeanEstimate | undefined {
  const n = values.length
  if (n < 2) return undefined
  if (isConstant(values) && Number.isFinite(values[0])) {
    return { mean: values[0] ?? 0, standardError: 0, degreesOfFreedom: n - 1 }
  }
  let sum = 0
  for (const value of values) sum += value
  const first = sum / n
  let rest = 0
  for (const value of values) rest += value - first
  const mean = first + rest / n
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  const standardError = Math.sqrt(squares / (n - 1) / n)
  if (!Number.isFinite(mean) || !Number.isFinite(standardError)) return undefined
  return { mean, standardError, degreesOfFreedom: n - 1 }
}

/** Half the width of Student's two-sided interval. */
export function studentHalfWidth(estimate: MeanEstimate, level: number): number {
  if (estimate.standardError === 0) return 0
  return -studentTQuantile((1 - level) / 2, estimate.degreesOfFreedom) * estimate.standardError
}
