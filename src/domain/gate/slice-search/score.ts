import type { Task } from '../../metrics/metric.js'

/** A number for each example and model, by which slices are compared. */
export interface SliceScore {
  /** `accuracy`, `log-loss`, `squared-error`, or a metric's name. */
  readonly name: string
  readonly direction: 'higher' | 'lower'
  /** NaN and infinite numbers take their example out of the search. */
  readonly candidate: Float64Array
  readonly baseline?: Float64Array | undefined
  /** Non-negative; means and intervals are then weighted. */
  readonly weights?: Float64Array | undefined
  /** Codes from 0 on: rows of one cluster vary together. */
  readonly clusters?: Int32Array | undefined
}

/** What a score is computed from: class codes, or numbers in regression. */
export interface ScoredOutputs {
  readonly predictions?: Float64Array | undefined
  readonly scores?: Float64Array | undefined
}

/** The part of the gate's examples that the default score reads. */
export interface ScoredExamples {
  readonly task: Task
  readonly n: number
  readonly labels: Float64Array
  readonly positive: number | undefined
  readonly weights?: Float64Array | undefined
  readonly clusters?: Int32Array | undefined
  readonly candidate: ScoredOutputs
  readonly baseline: ScoredOutputs | undefined
  /** Present where the baseline judged other examples: the candidate is then compared with itself. */
  readonly baselineRows?: unknown
}

/** As scikit-learn clips probabilities. */
const CLIP = Number.EPSILON

/**
 * The score that slices are searched by when nothing else is asked for: whether the prediction is right, in
 * classification without predictions the log-loss of the probability, in regression the squared error. Undefined
 * where a model has none of these, and for tasks whose units have values of their own (ranking, generation).
 */
export function defaultScore(all: ScoredExamples): SliceScore | undefined {
  const examples = all.baselineRows === undefined ? all : { ...all, baseline: undefined }
  if (examples.task === 'classification') {
    return (
      scoreBy(examples, correctness) ??
      (probabilitiesOnly(examples) ? scoreBy(examples, logLosses) : undefined)
    )
  }
  return examples.task === 'regression' ? scoreBy(examples, squaredErrors) : undefined
}

interface Scoring {
  readonly name: string
  readonly direction: 'higher' | 'lower'
  of(examples: ScoredExamples, outputs: ScoredOutputs): Float64Array | undefined
}

function scoreBy(examples: ScoredExamples, scoring: Scoring): SliceScore | undefined {
  const candidate = scoring.of(examples, examples.candidate)
  if (candidate === undefined) return undefined
  const baseline = examples.baseline && scoring.of(examples, examples.baseline)
  if (examples.baseline !== undefined && baseline === undefined) return undefined
  const { name, direction } = scoring
  const { weights, clusters } = examples
  return { name, direction, candidate, baseline, weights, clusters }
}

const correctness: Scoring = {
  name: 'accuracy',
  direction: 'higher',
  of({ labels }, { predictions }) {
    if (predictions === undefined) return undefined
    const right = new Float64Array(labels.length)
    for (let i = 0; i < right.length; i++) right[i] = predictions[i] === labels[i] ? 1 : 0
    return right
  },
}

const squaredErrors: Scoring = {
  name: 'squared-error',
  direction: 'lower',
  of({ labels }, { predictions }) {
    if (predictions === undefined) return undefined
    const errors = new Float64Array(labels.length)
    for (let i = 0; i < errors.length; i++) {
      errors[i] = ((predictions[i] ?? Number.NaN) - (labels[i] ?? Number.NaN)) ** 2
    }
    return errors
  },
}

const logLosses: Scoring = {
  name: 'log-loss',
  direction: 'lower',
  of({ labels, positive }, { scores }) {
    if (scores === undefined) return undefined
    const losses = new Float64Array(labels.length)
    for (let i = 0; i < losses.length; i++) {
      const raw = scores[i] ?? Number.NaN
      const score = Math.min(1 - CLIP, Math.max(CLIP, raw))
      losses[i] = -(labels[i] === positive ? Math.log(score) : Math.log1p(-score))
    }
    return losses
  },
}

function probabilitiesOnly({ positive, candidate, baseline }: ScoredExamples): boolean {
  const arrays = [candidate.scores, baseline?.scores].filter((scores) => scores !== undefined)
  return positive !== undefined && arrays.every((scores) => scores.every(mayBeProbability))
}

/** A missing score is left out later. */
function mayBeProbability(score: number): boolean {
  return Number.isNaN(score) || (score >= 0 && score <= 1)
}
