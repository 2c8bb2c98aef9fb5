import type { MetricData } from '../../metrics/data.js'
import { percent, pText, shortNumber } from '../wording.js'
import { type Calibration, probabilitiesOf } from './calibration.js'
import {
  type CellComparison,
  compareCells,
  compareGaps,
  type GapComparison,
  type Outcomes,
} from './concept-cells.js'
import type { Probabilities } from './expected.js'
import type { ConceptResult } from './result.js'
import { FEWEST_LABELS } from './settings.js'

export interface ConceptAsk {
  /** Labelled rows with predictions and scores. */
  readonly reference: MetricData
  readonly current: MetricData
  readonly calibration: Calibration | undefined
  readonly probabilities: Probabilities | undefined
  readonly margin: number
  readonly confidence: number
  readonly alpha: number
  /** The shares of the labels drifted. */
  readonly labelsDrifted: boolean
}

const NOTHING = {
  loss: null,
  realised: null,
  expected: null,
  low: null,
  high: null,
  pValue: null,
  distance: null,
  explainedByLabels: false,
} as const

/** No answer, and why. */
export function noConcept(reason: string, threshold: number): ConceptResult {
  return { status: 'inconclusive', reason, threshold, ...NOTHING }
}

/**
 * Whether the label means the same at the same score as it did in the reference: P(y | score), from labels. A change of the inputs
 * alone leaves it as it is, so this tells a change of the relation from one of the inputs. Drifted when certain (two tests, each at
 * half of alpha) and larger than the margin. Where the labels' shares drifted, it is asked again after correcting the probabilities for
 * these shares (Saerens, Latinne & Decaestecker 2002, Neural Comput. 14:21-41): a change that vanishes is one of the labels alone.
 */
export function conceptDrift(ask: ConceptAsk): ConceptResult {
  const { reference, current, calibration, probabilities, margin } = ask
  const few = fewLabels(reference, current)
  if (few !== undefined) return noConcept(few, margin)
  if (calibration === undefined || probabilities === undefined) {
    return noConcept('without scores it cannot be told from a change of the inputs', margin)
  }
  const found = compare(ask, probabilities)
  if (found === undefined) return noConcept('too few rows at the same scores', margin)
  if (found.status !== 'drifted' || !ask.labelsDrifted) return told(found, false, margin)
  const adjusted = compare(ask, withLabelShares(ask, probabilities))
  const explained = adjusted !== undefined && adjusted.status !== 'drifted'
  return told(found, explained, margin)
}

export function fewLabels(reference: MetricData, current: MetricData): string | undefined {
  if (current.n < FEWEST_LABELS) {
    return `only ${current.n} current rows have a label; ${FEWEST_LABELS} are needed`
  }
  if (reference.n >= FEWEST_LABELS) return undefined
  return `only ${reference.n} reference rows have a label; ${FEWEST_LABELS} are needed`
}

interface Found {
  readonly status: ConceptResult['status']
  readonly cells: CellComparison
  readonly gaps: GapComparison
  readonly pValue: number
  /** Certain, however small. */
  readonly certain: boolean
}

function compare(ask: ConceptAsk, probabilities: Probabilities): Found | undefined {
  const { reference, current, margin, confidence, alpha } = ask
  // The same rule on both sides: what it has wrong in the reference cancels.
  const usual = probabilitiesOf(reference, ask.calibration) ?? []
  const before = outcomesOf(reference, usual)
  const now = outcomesOf(current, probabilities)
  const cells = compareCells(before, now)
  if (cells === undefined) return undefined
  const gaps = compareGaps(errorsOf(reference, usual), errorsOf(current, probabilities), confidence)
  const pValue = Math.min(1, 2 * Math.min(cells.pValue, gaps.pValue))
  const large = cells.distance > margin || gaps.low > margin || gaps.high < -margin
  const sharp = gaps.low >= -margin && gaps.high <= margin
  const status = pValue < alpha && large ? 'drifted' : sharp ? 'stable' : 'inconclusive'
  return { status, cells, gaps, pValue, certain: pValue < alpha }
}

/** Of two classes whether a row is positive; of more whether the predicted class was right. */
function outcomesOf(data: MetricData, probabilities: Probabilities): Outcomes {
  if (probabilities.length > 2) return errorsOf(data, probabilities)
  const expected = probabilities[1] ?? new Float64Array()
  const observed = data.labels.map((label) => (label === 1 ? 1 : 0))
  const keys = data.scores ?? expected
  return { keys, observed, expected, variances: expected.map((p) => p * (1 - p)) }
}

/** Whether each row is predicted wrong. */
function errorsOf(data: MetricData, probabilities: Probabilities): Outcomes {
  const { labels, predictions = labels } = data
  const expected = predictions.map((code, i) => 1 - (probabilities[code]?.[i] ?? 0))
  const observed = predictions.map((code, i) => (code === labels[i] ? 0 : 1))
  return { keys: expected, observed, expected, variances: expected.map((p) => p * (1 - p)) }
}

function withLabelShares(ask: ConceptAsk, probabilities: Probabilities): Probabilities {
  const ratios = probabilities.map((_, code) => {
    const before = shareOf(ask.reference, code)
    return before > 0 ? shareOf(ask.current, code) / before : 1
  })
  const sums = new Float64Array(ask.current.n)
  probabilities.forEach((column, code) => {
    for (let i = 0; i < sums.length; i++) {
      sums[i] = (sums[i] ?? 0) + (column[i] ?? 0) * (ratios[code] ?? 1)
    }
  })
  return probabilities.map((column, code) =>
    column.map((p, i) => ((sums[i] ?? 0) > 0 ? (p * (ratios[code] ?? 1)) / (sums[i] ?? 1) : p)),
  )
}

function shareOf({ labels, n }: MetricData, code: number): number {
  let count = 0
  for (const label of labels) if (label === code) count++
  return count / n
}

function told(
  { status, cells, gaps, pValue, certain }: Found,
  explained: boolean,
  margin: number,
): ConceptResult {
  const numbers = {
    loss: 'error rate',
    realised: gaps.realised,
    expected: Math.min(1, Math.max(0, gaps.expected)),
    low: gaps.low,
    high: gaps.high,
    pValue,
    distance: cells.distance,
    threshold: margin,
  }
  const wrong = `${percent(numbers.realised)} of predictions are wrong where ${percent(numbers.expected)} were expected`
  const p = `p ${pText(pValue)}`
  if (explained) {
    const reason = `${wrong}, and the labels' new shares alone explain it`
    return { status: 'stable', reason, ...numbers, explainedByLabels: true }
  }
  const change = `at the same score labels differ by ${shortNumber(100 * cells.distance)} points`
  const reasons = {
    drifted: `${wrong}, and ${change} (${p})`,
    stable: certain
      ? `${wrong}, a certain but small change (${p})`
      : `${wrong}, which may be chance (${p})`,
    inconclusive: `${wrong}, which so few labels cannot judge (${p})`,
  }
  return { status, reason: reasons[status], ...numbers, explainedByLabels: false }
}
