import { studentTCdf, studentTQuantile } from '../stats/special/student-t.js'
import { satterthwaite } from '../stats/welch.js'
import {
  contrastOf,
  cutInterval,
  type Finding,
  type Question,
  standardised,
  symmetricTest,
} from './evidence.js'
import { degenerateEvidence } from './measure-degenerate.js'
import { leaveOneOut, type Sampler } from './measure-sampler.js'

/**
 * Delete-a-group jackknife with Student's t of one degree less than there are blocks (Shao & Tu 1995, section 2.3); of two
 * samples the variances add, with Satterthwaite's degrees of freedom.
 */
export function jackknifeEvidence(question: Question, samplers: readonly Sampler[]): Finding {
  const { of, level } = question
  const [candidate = Number.NaN, baseline] = samplers.flatMap(({ values }) => values)
  const estimate = contrastOf(of, candidate, baseline ?? 0)
  const parts = leaveOneOut(question, samplers).map(({ values }) => partOf(values))
  const variance = parts.reduce((sum, part) => sum + part.variance, 0)
  if (!Number.isFinite(variance)) return { reason: 'it has no value without some of the examples' }
  if (variance === 0) return degenerateEvidence(question, { candidate, baseline })
  const standardError = Math.sqrt(variance)
  const df = satterthwaite(parts)
  const half = -studentTQuantile((1 - level) / 2, df) * standardError
  return {
    evidence: {
      interval: cutInterval(question, {
        low: estimate - half,
        high: estimate + half,
        method: 'block-jackknife',
      }),
      testAt: (boundary) => {
        const statistic = standardised(estimate - boundary, standardError)
        return symmetricTest('block-jackknife', statistic, (x) => studentTCdf(x, df))
      },
    },
  }
}

/** The variance of a statistic from its values without each block. */
function partOf(values: Float64Array): { variance: number; df: number } {
  const blocks = values.length
  let sum = 0
  for (const value of values) sum += value - (values[0] ?? 0)
  const mean = (values[0] ?? 0) + sum / blocks
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return { variance: ((blocks - 1) / blocks) * squares, df: blocks - 1 }
}
