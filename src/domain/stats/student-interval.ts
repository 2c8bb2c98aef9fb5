import { studentTQuantile } from './special/student-t.js'
import { type Frame, frameOf, spreadOf } from './spread.js'

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

/** Around about the mean. */
function frameAround(values: Float64Array): Frame {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let mean = 0
  for (const value of values) {
    min = Math.min(min, value)
    max = Math.max(max, value)
    // Before they are added: the sum of the largest doubles has no number.
    mean += value / values.length
  }
  return frameOf(Float64Array.of(min, mean, max))
}

/** Undefined for fewer than two values or one that is not finite. Equal values have standard error exactly 0. */
export function estimateMean(values: Float64Array): MeanEstimate | undefined {
  const n = values.length
  if (n < 2) return undefined
  if (isConstant(values) && Number.isFinite(values[0])) {
    return { mean: values[0] ?? 0, standardError: 0, degreesOfFreedom: n - 1 }
  }
  const frame = frameAround(values)
  const spread = spreadOf(values, frame)
  const mean = frame.origin + spread.mean / frame.scale
  const standardError = Math.sqrt(spread.squares / (n - 1) / n) / frame.scale
  if (!Number.isFinite(mean) || !Number.isFinite(standardError)) return undefined
  return { mean, standardError, degreesOfFreedom: n - 1 }
}

/** Half the width of Student's two-sided interval. */
export function studentHalfWidth(estimate: MeanEstimate, level: number): number {
  if (estimate.standardError === 0) return 0
  return -studentTQuantile((1 - level) / 2, estimate.degreesOfFreedom) * estimate.standardError
}
