import type { ColumnStatus } from '../../domain/drift/predicate.js'
import { percent } from '../../domain/drift/wording.js'
import { distanceNumber } from '../../domain/report/drift/column-words.js'
import { coursesOf, type Moment, momentsOf, timesMoved } from '../../domain/report/drift/moments.js'
import { baseOf, excess } from '../../domain/report/drift/order.js'
import type { DriftReport, ShownColumn } from '../../domain/report/drift/shown.js'
import { windowStart, windowWords } from '../../domain/report/drift/windows.js'
import { grouped } from '../../domain/report/words.js'
import { axisStyle, colours, label } from '../chart-style.js'
import { type Figure, figure } from '../charts.js'
import { course } from '../drawings/course.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { tableOf } from '../table.js'

const MOST_COLUMNS = 12
/** Of the table of windows: the newest must be in sight, without scrolling on a wide screen. */
const MOST_IN_TABLE = 8

/** Decisions, the share of drifted columns, and the columns that move, window by window. */
export function overTime(drift: DriftReport): Html {
  const moments = momentsOf(drift)
  if (moments.length < 2) return html``
  return html`<h3 id="drift-time">Over time</h3>${timeline(moments)}<div class="figures">${figure(shareFigure(moments, drift.minShare))}</div>${courses(drift)}${driftedTable(drift)}`
}

function statusOf({ state, decision }: Moment): string {
  return state === 'judged' ? decision : state
}

function timeline(moments: readonly Moment[]): Html {
  const items = moments.map(
    (moment) =>
      html`<li>${badge(statusOf(moment))}<small>${windowStart(moment.window)}</small></li>`,
  )
  return html`<p class="faint">The decision of each window, the oldest first.</p><ol class="timeline">${items}</ol>`
}

/** A window without data has no share: it is a gap. */
function shareFigure(moments: readonly Moment[], minShare: number | undefined): Figure {
  const shares = moments.map(({ state, driftedShare }) =>
    state === 'judged' ? 100 * driftedShare : null,
  )
  const limit = minShare === undefined ? [] : [{ yAxis: 100 * minShare }]
  return {
    title: 'Drifted columns over time',
    description: `The share of columns that drifted, in percent.${minShare === undefined ? '' : ' Dashed: the limit.'}`,
    width: 400,
    height: 220,
    option: {
      grid: { left: 40, right: 16, top: 12, bottom: 32 },
      xAxis: {
        type: 'category',
        data: moments.map(({ window }) => windowStart(window)),
        ...axisStyle,
        axisLabel: { color: colours.text, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        min: 0,
        max: Math.min(100, Math.max(10, 120 * (minShare ?? 0), ...shares.map((one) => one ?? 0))),
        ...axisStyle,
      },
      series: [
        {
          type: 'line',
          data: shares,
          symbolSize: 6,
          itemStyle: { color: colours.first },
          lineStyle: { color: colours.first },
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.text, type: 'dashed' },
            data: limit,
          },
        },
      ],
    },
    data: tableOf(
      'Results over time, in numbers',
      ['Window', 'Decision', 'Drifted'],
      moments.map((moment) => [
        windowWords(moment.window),
        badge(statusOf(moment)),
        moment.state === 'judged' ? percent(moment.driftedShare) : '–',
      ]),
    ),
  }
}

/** Small multiples: the distance of each column that the history draws. */
function courses({ history, columns }: DriftReport): Html {
  if (history === undefined || history.windows.length < 2) return html``
  const beside = besideDistances(columns)
  const shown = history.columns.map(({ name, distance, threshold }, index) => {
    const values = history.windows.map(({ distances }) => distances[index] ?? null)
    const last = values.at(-1) ?? null
    const now = last === null ? 'nothing measured now' : `now ${distanceNumber(last)}`
    const said = `${distance}, ${now}, limit ${distanceNumber(threshold)}${beside.get(name) ?? ''}`
    const drawing = course(values, {
      limit: threshold,
      base: baseOf(distance),
      name: `${name} over time: ${said}`,
    })
    return html`<figure>${drawing}<figcaption><strong>${label(name, 60)}</strong><br>${said}</figcaption></figure>`
  })
  if (shown.length === 0) return html``
  return html`<h4>Distances over time</h4><p class="faint">Dashed: the limit. The dot is the last window.</p><div class="multiples">${shown}</div>`
}

/** Of columns that drifted though their distance is within its limit: by what. */
function besideDistances(columns: readonly ShownColumn[]): ReadonlyMap<string, string> {
  const others = columns.filter(
    (column) => ['drifted', 'unconfirmed'].includes(column.status) && (excess(column) ?? 0) <= 1,
  )
  return new Map(
    others.map(({ name, status, nulls }) => {
      const missing = `missing cells ${percent(nulls.reference)} before, ${percent(nulls.current)} now`
      return [name, `; ${status} by what the distance does not see (${missing})`]
    }),
  )
}

/** Which columns drifted in which windows; of many windows the last are shown and all are counted. */
function driftedTable(drift: DriftReport): Html {
  const { windows, columns } = coursesOf(drift, MOST_COLUMNS)
  if (columns.length === 0) return html``
  const rows = columns.map((column) => [
    column.name,
    `${timesMoved(column)} of ${windows.length}`,
    ...column.statuses.slice(-MOST_IN_TABLE).map(statusCell),
  ])
  const header = ['Column', 'Drifted in', ...windows.slice(-MOST_IN_TABLE).map(windowStart)]
  const before = windows.length - MOST_IN_TABLE
  const rest =
    before > 0
      ? html`<p class="faint">The newest window is on the right. ${grouped(before)} earlier left out, but counted in “Drifted in”.</p>`
      : html``
  return html`<h4>Drifted when</h4>${rest}<div class="newest">${tableOf('Columns that drifted in any window; –: stable, empty: nothing is known', header, rows)}</div>`
}

function statusCell(status: ColumnStatus | null): Html | string {
  if (status === null) return ''
  return status === 'stable' ? '–' : badge(status)
}
