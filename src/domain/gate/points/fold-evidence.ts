import { fiveByTwo } from '../../stats/five-by-two.js'
import { nadeauBengio } from '../../stats/nadeau-bengio.js'
import { studentTCdf, studentTQuantile } from '../../stats/special/student-t.js'
import { type Contrast, type Finding, symmetricTest } from '../evidence.js'
import type { FoldsRule } from '../policy.js'

export interface FoldsQuestion {
  readonly candidate: readonly number[]
  /** Of the same folds in the same order; undefined where the candidate alone is judged. */
  readonly baseline: readonly number[] | undefined
  readonly of: Exclude<Contrast, 'ratio'>
  readonly folds: FoldsRule
  readonly level: number
}

/** Numbers that differ by less are the same. */
const ROUNDING = 1e-12

/** Degrees of freedom of Dietterich's t. */
const FIVE = 5

/**
 * Evidence from one value a fold: the corrected resampled t of Nadeau and Bengio, or Dietterich's 5x2 t, whose interval is around the
 * first difference. A test at a boundary is the same test of the differences moved by it.
 */
export function foldEvidence(question: FoldsQuestion): Finding {
  const { candidate, baseline } = question
  const differences = Float64Array.from(candidate, (value, fold) => value - (baseline?.[fold] ?? 0))
  const given = question.of === 'candidate' || baseline?.length === candidate.length
  if (!given || !differences.every(Number.isFinite)) {
    return { reason: 'a value of a fold is missing or not a finite number' }
  }
  if (doNotVary(differences)) {
    return {
      reason: `all ${differences.length} folds give the same number, which shows no variation`,
    }
  }
  return question.folds.scheme === 'five-by-two'
    ? byFiveByTwo(question, differences)
    : byCorrectedT(question, differences)
}

/** Up to the rounding of a subtraction: 0.80 - 0.79 is not 0.81 - 0.80. */
function doNotVary(differences: Float64Array): boolean {
  const first = differences[0] ?? 0
  return differences.length > 1 && differences.every((one) => Math.abs(one - first) <= ROUNDING)
}

function byCorrectedT({ of, folds, level }: FoldsQuestion, differences: Float64Array): Finding {
  const testShare = folds['test-share'] ?? 0
  const at = (boundary: number) =>
    nadeauBengio({ differences: differences.map((one) => one - boundary), testShare, level })
  const found = at(0)
  if (found === undefined) return { reason: 'there must be two or more folds' }
  const { low, high, degreesOfFreedom } = found
  const method = 'nadeau-bengio'
  return {
    evidence: {
      interval: { of, level, low, high, method },
      testAt: (boundary) =>
        symmetricTest(method, at(boundary)?.statistic ?? 0, (x) =>
          studentTCdf(x, degreesOfFreedom),
        ),
    },
  }
}

function byFiveByTwo({ of, level }: FoldsQuestion, differences: Float64Array): Finding {
  const at = (boundary: number) => {
    const pairs: number[][] = []
    for (let i = 0; i < differences.length; i += 2) {
      pairs.push(Array.from(differences.subarray(i, i + 2), (one) => one - boundary))
    }
    return fiveByTwo(pairs)
  }
  const first = differences[0] ?? 0
  // With the first difference moved to 1, its t is one over its standard error.
  const moved = at(first - 1)
  if (moved === undefined) return { reason: 'five repetitions of two folds are ten values' }
  const half = -studentTQuantile((1 - level) / 2, FIVE) / moved.statistic
  const method = 'five-by-two'
  return {
    evidence: {
      interval: { of, level, low: first - half, high: first + half, method },
      testAt: (boundary) =>
        symmetricTest(method, at(boundary)?.statistic ?? 0, (x) => studentTCdf(x, FIVE)),
    },
  }
}
