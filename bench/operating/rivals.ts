import { decideGate } from '../../src/domain/gate/decide.js'
import type { GateExamples } from '../../src/domain/gate/examples.js'
import { createRandom } from '../../src/domain/stats/random.js'

/** What one evaluation on the same examples gives: all that a gate on accuracy reads. */
export interface Evaluation {
  readonly examples: GateExamples
  readonly n: number
  /** Right answers of either model. */
  readonly candidate: number
  readonly baseline: number
}

export interface Answer {
  readonly decision: 'pass' | 'fail' | 'inconclusive'
  /** Of an inconclusive gate: how many examples it asks for. */
  readonly needed?: number | undefined
}

export interface Gate {
  readonly name: string
  readonly decide: (evaluation: Evaluation) => Answer
}

const passIf = (condition: boolean): Answer => ({ decision: condition ? 'pass' : 'fail' })

/**
 * The rules of others, in whole numbers: rounding of the subtraction would move what lies exactly on a threshold.
 * TFMA (metrics_validator.py, commit 03c863a): a change passes when difference >= absolute; no interval is read. MLflow
 * (models/evaluation/validation.py, commit 0c23394): candidate >= threshold, and candidate >= baseline + min_absolute_change,
 * which must be positive, so that no loss can be allowed.
 */
export function changeAtLeast(points: number): Gate['decide'] {
  return ({ n, candidate, baseline }) =>
    passIf(100 * (candidate - baseline) >= points * n - 1e-6 * n)
}

/** The candidate's own accuracy at least so many points. */
export function valueAtLeast(points: number): Gate['decide'] {
  return ({ n, candidate }) => passIf(100 * candidate >= points * n - 1e-6 * n)
}

/** Modelway's rule: no worse than the baseline by the margin, on the interval. */
export function noWorseThan(margin: number, confidence: number): Gate['decide'] {
  const policy = {
    task: 'classification' as const,
    rules: [{ metric: 'accuracy', 'no-worse-than': 'baseline' as const, margin }],
    confidence,
    correction: 'holm' as const,
    comparesWithBaseline: true,
  }
  return ({ examples }) => {
    const verdict = decideGate({ policy, examples, random: createRandom(7) })
    const { decision, checks } = verdict
    if (decision === 'warn') throw new Error('no rule warns')
    return { decision, needed: checks[0]?.neededExamples ?? undefined }
  }
}

export const POINT = 'candidate >= baseline'
export const TOLERANCE = 'tolerance of 1 point'
export const OURS = 'Modelway, margin 0.01, confidence 0.95'
export const OURS_90 = 'Modelway, margin 0.01, confidence 0.9'

/** The gates that are compared; `points` is the accuracy that the baseline is known to have, in percent. */
export function gates(points: number): readonly Gate[] {
  return [
    // Also TFMA's change_threshold of -1e-10, and MLflow's min_relative_change of 0.0.
    { name: POINT, decide: changeAtLeast(0) },
    // Also TFMA's change_threshold of -0.01.
    { name: TOLERANCE, decide: changeAtLeast(-1) },
    { name: 'MLflow, min_absolute_change 0.005', decide: changeAtLeast(0.5) },
    {
      name: `value of at least ${((points - 1) / 100).toFixed(2)}`,
      decide: valueAtLeast(points - 1),
    },
    { name: OURS, decide: noWorseThan(0.01, 0.95) },
    { name: OURS_90, decide: noWorseThan(0.01, 0.9) },
    { name: 'Modelway, margin 0.02, confidence 0.95', decide: noWorseThan(0.02, 0.95) },
  ]
}
