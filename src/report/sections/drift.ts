import { formatNumber, formatPValue } from '../../domain/report/words.js'
import type { DriftPredicate } from '../../statements/schemas/drift.js'
import { axisStyle, colours, type Figure, figure, label } from '../charts.js'
import { type Html, html } from '../html.js'
import { badge, type Section } from '../page.js'
import { tableOf } from '../table.js'

type Column = DriftPredicate['columns'][number]
type Histogram = NonNullable<Column['histogram']>

const MOST_PICTURES = 24
const ORDER = ['drifted', 'unconfirmed', 'inconclusive', 'stable']
const STATUS: Readonly<Record<Column['status'], string>> = {
  drifted: 'fail',
  unconfirmed: 'warn',
  inconclusive: 'inconclusive',
  stable: 'pass',
}

export function driftSection(drift: DriftPredicate): Section {
  const columns = [...drift.columns].sort(
    (a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status) || strength(b) - strength(a),
  )
  return {
    id: 'drift',
    title: 'Drift',
    status: drift.decision,
    body: html`<p>${drift.reason}. Reference ${drift.rows.reference.toLocaleString('en-US')} rows, current ${drift.rows.current.toLocaleString('en-US')} rows.</p>
${overview(columns)}
${tableOf('Columns', ['', 'Column', 'Test', 'Statistic', 'p (corrected)', 'Distance', 'Threshold', 'PSI', 'Missing before', 'Missing now'], columns.map(row))}
${findings(drift)}
<h3>Distributions</h3><div class="figures">${columns.slice(0, MOST_PICTURES).map(picture)}</div>
${columns.length > MOST_PICTURES ? html`<p class="faint">${columns.length - MOST_PICTURES} more columns are in the table.</p>` : html``}`,
  }
}

/** How far over its threshold a column is. */
function strength({ distance }: Column): number {
  return distance?.value == null ? 0 : distance.value / (distance.threshold || 1)
}

function row(column: Column): readonly (Html | string)[] {
  const { distance } = column
  return [
    html`<span class="${STATUS[column.status]}">${column.status}${column.critical ? ' (critical)' : ''}</span>`,
    column.name,
    column.test ?? '',
    optional(column.statistic),
    column.adjustedPValue === null ? '' : formatPValue(column.adjustedPValue),
    distance?.value == null ? '' : `${formatNumber(distance.value)} ${distance.name}`,
    distance === null ? '' : formatNumber(distance.threshold),
    optional(column.psi),
    percent(column.nulls.reference),
    percent(column.nulls.current),
  ]
}

function optional(value: number | null): string {
  return value === null ? '' : formatNumber(value)
}

function percent(share: number): string {
  return `${formatNumber(Number((share * 100).toFixed(2)))}%`
}

function findings({ findings }: DriftPredicate): Html {
  if (findings.length === 0) return html``
  return html`<h3>Findings beside the statistics</h3><ul>${findings.map(({ column, detail }) => html`<li><code>${column}</code>: ${detail}</li>`)}</ul>`
}

/** Each column's distance as a share of its threshold. */
function overview(columns: readonly Column[]): Html {
  const shown = columns
    .filter(({ distance }) => distance?.value != null)
    .slice(0, 30)
    .reverse()
  if (shown.length === 0) return html``
  return figure({
    description:
      'Distance of each column as a multiple of its threshold; the line at 1 is the threshold.',
    width: 760,
    height: 60 + shown.length * 20,
    option: {
      grid: { left: 170, right: 30, top: 10, bottom: 40 },
      xAxis: {
        type: 'value',
        name: 'distance / threshold',
        nameLocation: 'middle',
        nameGap: 26,
        ...axisStyle,
      },
      yAxis: { type: 'category', data: shown.map(({ name }) => label(name)), ...axisStyle },
      series: [
        {
          type: 'bar',
          data: shown.map((column) => ({
            value: strength(column),
            itemStyle: { color: barColour(column) },
          })),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.text },
            data: [{ xAxis: 1 }],
          },
        },
      ],
    },
  })
}

function barColour({ status }: Column): string {
  if (status === 'drifted') return colours.bad
  return status === 'stable' ? colours.good : colours.unsure
}

function picture(column: Column): Html {
  if (column.histogram === null)
    return html`<div><h4>${column.name} ${badge(STATUS[column.status])}</h4><p class="faint">${column.reason}</p></div>`
  return figure(histogramFigure(column, column.histogram))
}

function histogramFigure(column: Column, histogram: Histogram): Figure {
  const names = histogram.kind === 'numeric' ? binNames(histogram.edges) : [...histogram.categories]
  const shares = { reference: [...histogram.reference], current: [...histogram.current] }
  if (histogram.kind === 'categorical' && histogram.otherCount > 0) {
    names.push(`${histogram.otherCount} others`)
    shares.reference.push(histogram.others.reference)
    shares.current.push(histogram.others.current)
  }
  const bar = (name: string, data: readonly number[], color: string): object => ({
    type: 'bar',
    name,
    data: data.map((share) => share * 100),
    itemStyle: { color },
    barGap: '0%',
    barCategoryGap: '15%',
  })
  return {
    description: `${column.name}: ${column.status}. ${column.reason}`,
    width: 420,
    height: 240,
    option: {
      legend: { top: 0, textStyle: { color: colours.text }, itemWidth: 14, itemHeight: 10 },
      grid: { left: 44, right: 8, top: 30, bottom: 48 },
      xAxis: {
        type: 'category',
        data: names.map((name) => label(name, 12)),
        ...axisStyle,
        axisLabel: { color: colours.text, rotate: 40, fontSize: 10, hideOverlap: true },
      },
      yAxis: { type: 'value', name: '%', ...axisStyle },
      series: [
        bar('reference', shares.reference, colours.first),
        bar('current', shares.current, colours.second),
      ],
    },
  }
}

/** Each bin by its lower edge. */
function binNames(edges: readonly number[]): string[] {
  return edges.slice(0, -1).map((edge) => formatNumber(edge))
}
