import type { Check, Diagnostics, Histogram } from '../../gate/verdict.js'
import { valueText } from '../../gate/wording.js'
import { columnMean } from '../../metrics/column.js'
import { captioned, folded, paragraphs } from '../fragments.js'
import { xyChart } from '../mermaid.js'
import { conditionsOf, conditionWords, isShare, metricNamed } from './check-words.js'
import type { ShownVerdict } from './shown.js'

/** Bars and lines are told apart by their form: the charts have no legend. */
const MOST_BARS = 12

/** Pictures of the differences and the diagnostics, folded away; each says in words what it shows. */
export function charts({ checks, diagnostics }: ShownVerdict): string {
  const pictures = [
    differences(checks),
    ...(diagnostics === undefined
      ? []
      : [calibration(diagnostics), scores(diagnostics), errors(diagnostics)]),
  ]
  return folded('Charts', paragraphs(pictures))
}

/** Comparisons whose differences are in points share an axis; bars would not begin at zero, so it is lines. */
function differences(checks: readonly Check[]): string {
  const shown = checks
    .filter(
      ({ metric, interval, status }) =>
        interval?.of === 'difference' && status !== 'skipped' && isShare(metricNamed(metric)),
    )
    .sort((a, b) => (b.difference ?? 0) - (a.difference ?? 0))
    .slice(-MOST_BARS)
  const points = (pick: (check: Check) => number | null | undefined) =>
    shown.map((check) => 100 * (pick(check) ?? 0))
  return captioned(
    'Candidate minus baseline in points, the lowest last. Middle line: the estimates. Grey lines: the ends of their intervals, and zero.',
    xyChart({
      title: 'Candidate minus baseline',
      labels: shown.map(comparisonWords),
      unit: 'points',
      horizontal: true,
      series: [
        { kind: 'line', colour: 'faint', values: points(({ interval }) => interval?.low) },
        { kind: 'line', colour: 'first', values: points(({ difference }) => difference) },
        { kind: 'line', colour: 'faint', values: points(({ interval }) => interval?.high) },
        { kind: 'line', colour: 'faint', values: shown.map(() => 0) },
      ],
    }),
  )
}

function comparisonWords({ metric, slice }: Check): string {
  return slice === null ? metric : `${metric} ${conditionWords(conditionsOf(slice))}`
}

function calibration({ calibration: curve }: Diagnostics): string {
  if (curve === null) return ''
  const bins = curve.candidate
  return captioned(
    "The candidate's calibration. Bars: the observed share of positives in each bin of scores. Line: the mean score, where the bars would end if it were calibrated.",
    xyChart({
      title: 'Calibration of the candidate',
      labels: bins.map(({ meanScore }) => number(meanScore)),
      unit: 'share',
      series: [
        { kind: 'bar', colour: 'first', values: bins.map(({ observed }) => observed) },
        { kind: 'line', colour: 'second', values: bins.map(({ meanScore }) => meanScore) },
      ],
    }),
  )
}

function scores({ scores: both }: Diagnostics): string {
  if (both === null) return ''
  const { positive, negative } = both
  const same = positive.edges.join() === negative.edges.join()
  return captioned(
    "The candidate's scores, in percent of each class. Bars: positive examples. Line: the others.",
    xyChart({
      title: 'Scores of the candidate',
      labels: same ? lowerEdges(positive) : [],
      unit: 'percent',
      series: [
        { kind: 'bar', colour: 'first', values: percent(positive.candidate) },
        { kind: 'line', colour: 'second', values: percent(negative.candidate) },
      ],
    }),
  )
}

function errors({ errors: histogram }: Diagnostics): string {
  if (histogram === null) return ''
  const { candidate, baseline } = histogram
  const line = baseline === null ? '' : ' Line: the baseline.'
  return captioned(
    `Errors (prediction minus label), in percent of the examples. Bars: the candidate.${line}`,
    xyChart({
      title: 'Errors',
      labels: lowerEdges(histogram),
      unit: 'percent',
      series: [
        { kind: 'bar', colour: 'first', values: percent(candidate) },
        ...(baseline === null
          ? []
          : [{ kind: 'line', colour: 'second', values: percent(baseline) } as const]),
      ],
    }),
  )
}

/** Each bin by its lower edge. */
function lowerEdges({ edges }: Histogram): string[] {
  return edges.slice(0, -1).map(number)
}

const plainNumber = columnMean('column:number')

function number(value: number): string {
  return valueText(plainNumber, Number(value.toPrecision(3)))
}

/** Counts as percent of their sum. */
export function percent(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return counts.map((count) => (total > 0 ? (100 * count) / total : 0))
}
