import type { MetricData } from '../../metrics/data.js'
import { getMetric } from '../../metrics/index.js'
import { allowanceOf } from './allowance.js'
import { type Calibration, calibrate, probabilitiesOf, scoresOf } from './calibration.js'
import { labelDrift, predictionDrift } from './columns.js'
import { conceptDrift, noConcept } from './concept.js'
import { conceptOfNumbers } from './concept-numbers.js'
import { checkTrust, estimateMetric, type TrustCheck } from './estimate.js'
import type { Probabilities } from './expected.js'
import { explain } from './explain.js'
import { type Labelled, labelledRows, optionsFor, predictedRows } from './labelled.js'
import { notesOf } from './notes.js'
import { overall } from './overall.js'
import { type AskedMetric, realisedMetrics } from './realised.js'
import type { EstimatedMetric, MetricResult, PerformanceResult, RealisedMetric } from './result.js'
import { type PerformanceData, readRows } from './rows.js'
import { shiftFrom } from './score-shift.js'
import { sequentialTest } from './sequential.js'
import {
  FEWEST_LABELS,
  metricsOf,
  type PerformanceRequest,
  USUAL_CONCEPT_MARGIN,
} from './settings.js'
import { type ReadWindow, windowResult } from './window-results.js'

export { performanceProblems } from './problems.js'
export type { PerformanceResult } from './result.js'
export type { PerformanceRequest, PerformanceWindow } from './settings.js'
export { sortedProblems, unjudgedPerformance } from './unjudged.js'

/** All that is read and learned before anything is judged. */
interface Prepared {
  readonly data: PerformanceData
  readonly asked: readonly AskedMetric[]
  readonly reference: Labelled
  readonly current: Labelled
  readonly windows: readonly ReadWindow[]
  /** Current rows with predictions and scores, and what their scores mean. */
  readonly predicted: MetricData
  readonly probabilities: Probabilities | undefined
  readonly calibration: Calibration | undefined
  readonly shift: (current: MetricData) => number
}

/**
 * What became of a model's predictions and performance: drift of predictions and of labels, metrics from labels with a sequential test
 * over the windows, metrics estimated from scores where labels are missing (confidence-based performance estimation), and whether the
 * relation between inputs and labels changed. Mistakes in the settings are found by `performanceProblems`, which the caller asks first;
 * too little data is `inconclusive`, never stable. The result is plain JSON.
 */
export function performanceDrift(request: PerformanceRequest): PerformanceResult {
  const { settings, alpha } = request
  const prepared = prepare(request)
  const { data, reference, current } = prepared
  const several = data.windows.length > 1
  const share = several ? alpha / 2 : alpha
  const realised = realisedMetrics({ ...prepared, ...inputsOf(request), alpha: share })
  const estimates = estimatesOf(request, prepared, realised)
  const metrics = prepared.asked.map((asked, at) =>
    metricResult(asked, realised[at], estimates.metrics[at]),
  )
  const sequential = several ? sequentialOf(request, prepared, share) : null
  const labels = labelDrift(settings, data, alpha)
  const predictions = predictionDrift(settings, data, alpha)
  const concept = conceptOf(request, prepared, labels?.status === 'drifted')
  const covariates = covariatesOf(request)
  const verdict = overall(metrics, sequential)
  const positive = data.positive === undefined ? null : (data.classes[data.positive] ?? null)
  const told = { ...verdict, metrics, labels, covariates, concept, predictions, positive }
  return {
    ...told,
    task: data.task,
    level: settings.level,
    confidence: settings.confidence,
    alpha,
    rows: { reference: reference.rows, current: current.rows },
    labelled: { reference: reference.labelled, current: current.labelled },
    labelCoverage: { reference: coverage(reference), current: coverage(current) },
    classes: data.classes,
    windows: windowsOf(request, prepared, { realised, ...estimates }),
    sequential,
    calibration: prepared.calibration?.result ?? null,
    explanation: explain(told),
    notes: notesOf({ data, metrics, reference, current, calibration: prepared.calibration }),
  }
}

function inputsOf({ settings, random }: PerformanceRequest) {
  return { confidence: settings.confidence, random }
}

function prepare(request: PerformanceRequest): Prepared {
  const { settings, random } = request
  const data = readRows(request)
  const asked = metricsOf(settings).flatMap((name) => {
    const metric = getMetric(name)
    if (metric === undefined) return []
    return [{ metric, options: optionsFor(metric, data), allowance: allowanceOf(settings, metric) }]
  })
  const reference = labelledRows(data, data.reference)
  const scores = scoresOf(reference.data)
  const calibration =
    scores === undefined || reference.data.n < FEWEST_LABELS
      ? undefined
      : calibrate(scores, reference.data.labels, random)
  const read = (rows: PerformanceData['current']) => ({
    labelled: labelledRows(data, rows),
    predicted: predictedRows(data, rows),
  })
  const whole = read(data.current)
  const [only, ...more] = data.windows
  const windows =
    only !== undefined && more.length === 0
      ? [{ name: only, ...whole }]
      : data.windows.map((window) => ({ name: window, ...read(window.rows) }))
  const { labelled: current, predicted } = whole
  const probabilities = probabilitiesOf(predicted, calibration)
  const shift = shiftFrom(calibration && reference.data)
  const learned = { calibration, probabilities, shift }
  return { data, asked, reference, current, windows, predicted, ...learned }
}

interface Estimates {
  readonly metrics: readonly (EstimatedMetric | undefined)[]
  readonly checks: readonly (TrustCheck | undefined)[]
}

/** Nothing is estimated without scores. */
function estimatesOf(
  { settings }: PerformanceRequest,
  { asked, reference, calibration, predicted, probabilities, shift }: Prepared,
  realised: readonly RealisedMetric[],
): Estimates {
  if (probabilities === undefined) return { metrics: [], checks: [] }
  const { confidence } = settings
  const learned = calibration && { data: reference.data, calibration }
  const checks = asked.map((one) => checkTrust(one, learned, confidence))
  const factor = shift(predicted)
  const metrics = asked.map((one, at) =>
    estimateMetric({
      asked: one,
      check: checks[at],
      referenceValue: realised[at]?.reference ?? null,
      current: predicted,
      probabilities,
      confidence,
      shift: factor,
    }),
  )
  return { metrics, checks }
}

function metricResult(
  { metric, options, allowance }: AskedMetric,
  realised: RealisedMetric | undefined,
  estimated: EstimatedMetric | undefined,
): MetricResult {
  const from = realised ?? NOT_REALISED
  const byLabels = from.status !== 'inconclusive' || estimated === undefined
  const byScores = !byLabels && (estimated.status !== 'inconclusive' || from.current === null)
  const { status, reason } = byScores ? estimated : from
  const none = byScores ? estimated.current === null : from.current === null
  return {
    name: metric.name,
    direction: metric.direction,
    average: options.average ?? null,
    margin: { value: allowance.margin, relative: allowance.relative },
    basis: none ? 'none' : byScores ? 'estimated' : 'realised',
    status,
    reason,
    realised: from,
    estimated: estimated ?? null,
  }
}

const NOT_REALISED: RealisedMetric = {
  status: 'inconclusive',
  reason: 'it has no value',
  reference: null,
  current: null,
  difference: null,
  interval: null,
  pValue: null,
  adjustedPValue: null,
}

function sequentialOf({ settings }: PerformanceRequest, prepared: Prepared, alpha: number) {
  const { asked, reference, windows } = prepared
  const looks = windows.map(({ name, labelled }) => ({ label: name.label, labelled }))
  return sequentialTest({ settings, asked, reference, windows: looks, alpha })
}

function conceptOf(request: PerformanceRequest, prepared: Prepared, labelsDrifted: boolean) {
  const { settings, alpha } = request
  const { data, calibration } = prepared
  const [reference, current] = [prepared.reference.data, prepared.current.data]
  const { confidence } = settings
  const margin = settings.margin ?? USUAL_CONCEPT_MARGIN
  if (current.n === 0) {
    return noConcept('without labels in the current data it cannot be seen', margin)
  }
  if (data.task === 'regression') {
    return conceptOfNumbers({ reference, current, confidence, alpha })
  }
  // Where every row has a label they are the same rows.
  const same = current.n === prepared.predicted.n
  const probabilities = same ? prepared.probabilities : probabilitiesOf(current, calibration)
  return conceptDrift({
    reference,
    current,
    calibration,
    probabilities,
    margin,
    confidence,
    alpha,
    labelsDrifted,
  })
}

function covariatesOf({ covariates }: PerformanceRequest): PerformanceResult['covariates'] {
  if (covariates === undefined) return null
  const { status, driftedShare = null } = covariates
  const words = {
    drifted: 'the inputs changed',
    stable: 'the inputs did not change by more than their thresholds',
    inconclusive: 'it cannot be said whether the inputs changed',
  }
  return { status, reason: words[status], driftedShare }
}

function coverage({ rows, labelled }: Labelled): number | null {
  return rows === 0 ? null : labelled / rows
}

function windowsOf(
  request: PerformanceRequest,
  { asked, windows, calibration, shift }: Prepared,
  found: Estimates & { readonly realised: readonly RealisedMetric[] },
) {
  const references = found.realised.map(({ reference }) => reference)
  const ask = { asked, references, checks: found.checks, calibration, shift, ...inputsOf(request) }
  const whole = found.realised.map(({ current }, at) => ({
    realised: current,
    estimated: found.metrics[at]?.current ?? null,
  }))
  // One window is all there is.
  const known = windows.length === 1 ? whole : undefined
  return windows.map((window) => windowResult(ask, window, known))
}
