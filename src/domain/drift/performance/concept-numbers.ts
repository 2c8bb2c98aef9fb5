import type { MetricData } from '../../metrics/data.js'
import { estimateMean } from '../../stats/student-interval.js'
import { pText, shortNumber } from '../wording.js'
import { type ConceptAsk, fewLabels, noConcept } from './concept.js'
import { binnedExpectation, compareCells, compareGaps, type Outcomes } from './concept-cells.js'
import type { ConceptResult } from './result.js'

type NumberAsk = Pick<ConceptAsk, 'reference' | 'current' | 'confidence' | 'alpha'>

/** A change of a tenth of the reference's residual standard deviation at the same prediction is one that matters. */
const THRESHOLD = 0.1

/**
 * The same question of numbers: whether the residual (label minus prediction), and its size, are at the same prediction as they were
 * in the reference, in standard deviations of the reference's residuals. Drifted when certain (two tests, each at half of alpha) and
 * larger than a tenth of that.
 */
export function conceptOfNumbers(ask: NumberAsk): ConceptResult {
  const { reference, current, confidence, alpha } = ask
  const few = fewLabels(reference, current)
  if (few !== undefined) return noConcept(few, THRESHOLD)
  const spread = deviationOf(residualsOf(reference))
  if (!(spread > 0)) return noConcept('the reference has no errors to compare with', THRESHOLD)
  const direction = bothSides(ask, (residual) => residual / spread)
  const size = bothSides(ask, (residual) => Math.abs(residual) / spread)
  const moved = compareCells(direction.before, direction.now)
  const grown = compareCells(size.before, size.now)
  if (moved === undefined || grown === undefined) {
    return noConcept('too few rows at the same predictions', THRESHOLD)
  }
  const gaps = compareGaps(size.before, size.now, confidence)
  const pValue = Math.min(1, 2 * Math.min(moved.pValue, grown.pValue))
  const distance = Math.max(moved.distance, grown.distance)
  const sharp = gaps.low >= -THRESHOLD && gaps.high <= THRESHOLD
  const certain = pValue < alpha && distance > THRESHOLD
  const status = certain ? 'drifted' : sharp ? 'stable' : 'inconclusive'
  const { realised, expected } = gaps
  return {
    status,
    reason: `the mean absolute error is ${shortNumber(realised * spread)} where ${shortNumber(expected * spread)} was expected; at the same prediction errors changed by ${shortNumber(distance)} of their standard deviation (p ${pText(pValue)})`,
    loss: 'mean absolute error',
    realised: realised * spread,
    expected: expected * spread,
    low: gaps.low * spread,
    high: gaps.high * spread,
    pValue,
    distance,
    threshold: THRESHOLD,
    explainedByLabels: false,
  }
}

function residualsOf({ labels, predictions = labels }: MetricData): Float64Array {
  return labels.map((label, i) => label - (predictions[i] ?? 0))
}

function deviationOf(values: Float64Array): number {
  const found = estimateMean(values)
  return found === undefined ? 0 : found.standardError * Math.sqrt(values.length)
}

/** Both sides' outcomes, expected to be what they were in the reference at nearly the same prediction. */
function bothSides({ reference, current }: NumberAsk, of: (residual: number) => number) {
  const observed = [residualsOf(reference).map(of), residualsOf(current).map(of)] as const
  const keys = [predictionsOf(reference), predictionsOf(current)] as const
  const expect = binnedExpectation(keys[0], observed[0])
  const before: Outcomes = { keys: keys[0], observed: observed[0], ...expect(keys[0]) }
  const now: Outcomes = { keys: keys[1], observed: observed[1], ...expect(keys[1]) }
  return { before, now }
}

function predictionsOf({ labels, predictions = labels }: MetricData): Float64Array {
  return predictions
}
