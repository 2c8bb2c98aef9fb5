import { captioned, folded, paragraphs, plain } from '../fragments.js'
import { xyChart } from '../mermaid.js'
import { type Moment, momentsOf } from './moments.js'
import { excess, ranked } from './order.js'
import type { DriftReport, ShownPerformance } from './shown.js'
import { windowStart } from './windows.js'

const MOST_BARS = 10
const MOST_MOMENTS = 20
/** How far over its limit a bar is drawn. */
const MOST_TIMES = 100

/** Pictures of how far columns are off, and of time, folded away; each says in words what it shows. */
export function charts(drift: DriftReport): string {
  // Where nothing was judged there is no share, and the chart has no gaps.
  const judged = momentsOf(drift).filter(({ state }) => state === 'judged')
  const moments = judged.slice(-MOST_MOMENTS)
  return folded(
    'Charts',
    paragraphs([distances(drift), overTime(moments, drift), performance(drift.performance)]),
  )
}

/** Where windows begin; days of one year without it, since a chart has little room. */
function shortLabels(windows: readonly string[]): readonly string[] {
  const starts = windows.map(windowStart)
  const year = starts[0]?.slice(0, 5) ?? ''
  const days = starts.every((start) => /^\d{4}-\d\d-\d\d$/.test(start) && start.startsWith(year))
  return days ? starts.map((start) => start.slice(5)) : starts
}

function distances({ columns }: DriftReport): string {
  const shown = ranked(columns)
    .flatMap((column) => {
      const times = excess(column)
      return times === undefined ? [] : [{ name: column.name, times }]
    })
    .slice(0, MOST_BARS)
  // Beside a bar of millions no other would be seen, and the numbers of the axis would lie on each other.
  const cut = shown.some(({ times }) => times > MOST_TIMES)
  // A line needs two points.
  const several = shown.length > 1
  return captioned(
    [
      'Bars: how far each column is from the reference, in multiples of its limit.',
      ...(several ? ['Line: the limit.'] : []),
      ...(cut ? [`Bars end at ${MOST_TIMES} times.`] : []),
    ].join(' '),
    xyChart({
      title: 'Distance from the reference',
      labels: shown.map(({ name }) => name),
      unit: 'multiples of the limit',
      horizontal: true,
      series: [
        {
          kind: 'bar',
          colour: 'first',
          values: shown.map(({ times }) => Math.min(times, MOST_TIMES)),
        },
        ...(several
          ? [{ kind: 'line', colour: 'second', values: shown.map(() => 1) } as const]
          : []),
      ],
    }),
  )
}

function overTime(moments: readonly Moment[], { minShare }: DriftReport): string {
  if (moments.length < 2) return ''
  const limit = minShare === undefined ? '' : ' Grey line: the limit.'
  return captioned(
    `The share of columns that drifted, window by window, the newest last.${limit}`,
    xyChart({
      title: 'Drifted columns over time',
      labels: shortLabels(moments.map(({ window }) => window)),
      unit: 'percent',
      series: [
        {
          kind: 'line',
          colour: 'first',
          values: moments.map(({ driftedShare }) => 100 * driftedShare),
        },
        ...(minShare === undefined
          ? []
          : [
              { kind: 'line', colour: 'faint', values: moments.map(() => 100 * minShare) } as const,
            ]),
      ],
    }),
  )
}

/** The first metric alone: the others are in the report. */
function performance(found: ShownPerformance | undefined): string {
  const [metric] = found?.metrics ?? []
  if (found === undefined || metric === undefined) return ''
  const points = found.windows.slice(-MOST_MOMENTS).flatMap(({ label, metrics }) => {
    const one = metrics.find(({ name }) => name === metric.name)
    const value = one?.realised?.value ?? one?.estimated?.value
    return value === undefined ? [] : [{ label: windowStart(label), value }]
  })
  if (points.length < 2) return ''
  const before = metric.realised.reference?.value
  return captioned(
    `The metric ${plain(metric.name)} by window, from labels where there are any, else estimated.${before === undefined ? '' : ' Grey line: the reference.'}`,
    xyChart({
      title: metric.name,
      labels: shortLabels(points.map(({ label }) => label)),
      unit: metric.name,
      series: [
        { kind: 'line', colour: 'first', values: points.map(({ value }) => value) },
        ...(before === undefined
          ? []
          : [{ kind: 'line', colour: 'faint', values: points.map(() => before) } as const]),
      ],
    }),
  )
}
