import type { MetricResult } from '../../domain/drift/performance/result.js'
import { percent } from '../../domain/drift/wording.js'
import { metricRow } from '../../domain/report/drift/metric-words.js'
import type {
  DriftReport,
  ShownPerformance,
  ShownSequential,
} from '../../domain/report/drift/shown.js'
import { windowWords } from '../../domain/report/drift/windows.js'
import { formatNumber, formatPValue } from '../../domain/report/words.js'
import { figure } from '../charts.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { tableOf } from '../table.js'
import { evidenceFigure, metricFigure } from './drift-performance-figures.js'

const MOST_FIGURES = 6

/** Predictions and performance: what kind of change it is first, then the numbers. */
export function performance({ performance: found }: DriftReport): Html {
  if (found === undefined) return html``
  return html`<h3 id="drift-performance">Performance ${badge(found.status)}</h3><p><strong>${found.explanation}</strong></p>
${tableOf('Metrics of the current data against the reference', ['', 'Metric', 'Reference', 'Now', 'Change', 'Margin', 'From', 'Corrected p', 'Why'], found.metrics.map(row))}
${kinds(found)}${figures(found)}${sequential(found.sequential)}${notes(found)}`
}

function row(metric: MetricResult): readonly (Html | string)[] {
  const { name, before, now, change, margin, basis } = metricRow(metric)
  const { adjustedPValue } = metric.realised
  const p = adjustedPValue === null ? '–' : formatPValue(adjustedPValue)
  return [badge(metric.status), name, before, now, change, margin, basis, p, metric.reason]
}

/** Predictions, labels, inputs and their relation, kept apart. */
function kinds({
  predictions,
  labels,
  covariates,
  concept,
  labelCoverage,
}: ShownPerformance): Html {
  const rows = [
    ['Predictions', predictions],
    ['Labels', labels],
    ['Inputs', covariates],
    ['Relation of inputs and labels', concept],
  ] as const
  const known = rows.flatMap(([what, judged]) =>
    judged === null ? [] : [[what, badge(judged.status), judged.reason]],
  )
  const { reference, current } = labelCoverage
  const coverage = (share: number | null) => (share === null ? 'none' : percent(share))
  return html`${tableOf('What changed, and what did not', ['What', 'Status', 'Why'], known)}<p class="faint">Rows with a known label: ${coverage(reference)} of the reference, ${coverage(current)} of the current data.</p>`
}

function figures(found: ShownPerformance): Html {
  const { windows, metrics } = found
  if (windows.length < 2) return html``
  const drawn = metrics
    .slice(0, MOST_FIGURES)
    .map((metric) => figure(metricFigure(metric, windows)))
  return html`<div class="figures">${drawn}</div>`
}

function sequential(found: ShownSequential | null): Html {
  if (found === null) return html``
  const { metric, status, reason, alarm, looks } = found
  const raised = alarm === null ? '' : ` The alarm was raised after ${windowWords(alarm.label)}.`
  const drawing =
    looks.length < 2 ? html`` : html`<div class="figures">${figure(evidenceFigure(found))}</div>`
  return html`<h4>Watched over the windows ${badge(status)}</h4><p>${metric}: ${reason}.${raised} The test may be looked at after every window and keeps its level of ${formatNumber(found.alpha)} over all of them.</p>${drawing}`
}

function notes({ notes: all, calibration }: ShownPerformance): Html {
  const words = [...all, ...calibrationWords(calibration)]
  if (words.length === 0) return html``
  return html`<h4>To believe these numbers</h4><ul>${words.map((note) => html`<li>${note}</li>`)}</ul>`
}

function calibrationWords(calibration: ShownPerformance['calibration']): string[] {
  if (calibration === null) return []
  const { error, noiseFloor, calibrated } = calibration.heldOut ?? calibration.scores
  const number = (value: number) => formatNumber(Number(value.toPrecision(3)))
  return [
    `Scores in the reference ${calibrated ? 'mean what they say' : 'do not mean what they say'}: the calibration error is ${number(error)}, where chance alone makes ${number(noiseFloor)}.`,
  ]
}
