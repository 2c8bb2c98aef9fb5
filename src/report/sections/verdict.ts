import { formatNumber, formatPValue } from '../../domain/report/words.js'
import type { VerdictPredicate } from '../../statements/schemas/verdict.js'
import { axisStyle, colours, type Figure, figure, label } from '../charts.js'
import { type Html, html } from '../html.js'
import { badge, type Section } from '../page.js'
import { tableOf } from '../table.js'

type Check = VerdictPredicate['checks'][number]

export function verdictSection(verdict: VerdictPredicate): Section {
  const { samples, baseline } = verdict
  const against =
    baseline === null
      ? 'No baseline.'
      : `Baseline: ${baseline.source}${baseline.ageDays === null ? '' : `, ${formatNumber(baseline.ageDays)} days old`}.`
  return {
    id: 'gate',
    title: 'Gate',
    status: verdict.decision,
    body: html`<p>${samples.joined.toLocaleString('en-US')} examples judged. ${against}</p>
${forest(verdict.checks)}
${tableOf('Checks', ['', 'Metric', 'Slice', 'Baseline', 'Candidate', 'Difference', 'Interval', 'p (rule broken)', 'Rule'], [...verdict.checks].sort(byStatus).map(row))}
${reasons(verdict.checks)}`,
  }
}

const ORDER = ['fail', 'inconclusive', 'pass', 'skipped']

function byStatus(a: Check, b: Check): number {
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status)
}

function row(check: Check): readonly (Html | string)[] {
  const { interval, claim } = check
  return [
    badge(check.status),
    check.metric,
    sliceName(check),
    optional(check.baseline),
    optional(check.candidate),
    optional(check.difference),
    interval === null
      ? ''
      : `${formatNumber(interval.low)} to ${formatNumber(interval.high)} (${interval.method})`,
    claim === null ? '' : formatPValue(claim.adjustedPValue),
    ruleText(check),
  ]
}

/** The comparison first; that intervals are judged goes without saying. */
function ruleText({ rule }: Check): string {
  const { evidence, ...rest } = rule
  const entries = Object.entries(rest).sort(([a], [b]) =>
    Number(a.includes('-')) < Number(b.includes('-')) ? 1 : -1,
  )
  if (evidence === 'estimate') entries.push(['evidence', evidence])
  return entries.map(([key, value]) => `${key} ${String(value)}`).join(', ')
}

function optional(value: number | null): string {
  return value === null ? '' : formatNumber(value)
}

function sliceName({ slice }: Check): string {
  return slice === null ? 'all' : `${slice.column} = ${slice.value ?? '(missing)'}`
}

function reasons(checks: readonly Check[]): Html {
  const open = checks.filter(({ status }) => status === 'fail' || status === 'inconclusive')
  if (open.length === 0) return html``
  return html`<h3>Why it is not all passing</h3><ul>${open.map((check) => html`<li>${badge(check.status)} ${check.metric}, ${sliceName(check)}: ${check.reason}</li>`)}</ul>`
}

const MOST_IN_PICTURE = 25
const ROW_HEIGHT = 24

/** Differences from the baseline with their intervals and the bound that the rule sets. */
function forest(checks: readonly Check[]): Html {
  const shown = checks
    .filter(({ interval, status }) => interval?.of === 'difference' && status !== 'skipped')
    .sort(byStatus)
    .slice(0, MOST_IN_PICTURE)
    .reverse()
  if (shown.length === 0) return html``
  return figure(forestOption(shown))
}

function forestOption(shown: readonly Check[]): Figure {
  const names = shown.map((check) =>
    label(`${check.metric} ${check.slice === null ? limitName(check) : sliceName(check)}`, 34),
  )
  return {
    description:
      'Candidate minus baseline: estimate and interval of each comparison; the tick is the rule’s bound.',
    width: 760,
    height: 70 + shown.length * ROW_HEIGHT,
    option: {
      grid: { left: 230, right: 30, top: 10, bottom: 40 },
      xAxis: {
        type: 'value',
        name: 'difference',
        nameLocation: 'middle',
        nameGap: 26,
        scale: true,
        ...axisStyle,
      },
      yAxis: { type: 'category', data: names, ...axisStyle },
      series: [
        {
          type: 'custom',
          data: shown.map((check, index) => [
            index,
            check.interval?.low ?? 0,
            check.interval?.high ?? 0,
            check.difference ?? 0,
            boundOf(check),
          ]),
          encode: { x: [1, 2, 4], y: 0 },
          renderItem: (_: unknown, api: ForestApi) => drawInterval(api, shown[api.value(0)]),
          markLine: {
            silent: true,
            symbol: 'none',
            label: { show: false },
            lineStyle: { color: colours.faint },
            data: [{ xAxis: 0 }],
          },
        },
      ],
    },
  }
}

/** Rules on one metric are told apart by how much they allow. */
function limitName({ rule }: Check): string {
  const { margin, by } = rule
  if (typeof margin === 'number') return `(margin ${margin})`
  return typeof by === 'number' ? `(by ${by})` : ''
}

/** Where the rule draws the line, as a difference. */
function boundOf({ rule }: Check): number {
  const margin = typeof rule['margin'] === 'number' ? -rule['margin'] : undefined
  const by = typeof rule['by'] === 'number' ? rule['by'] : undefined
  return margin ?? by ?? 0
}

interface ForestApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): readonly [number, number]
}

interface Stroke {
  /** Half of its height, pixels. */
  readonly dy: number
  readonly stroke: string
}

const STATUS_COLOURS: Readonly<Record<string, string>> = {
  pass: colours.good,
  fail: colours.bad,
  inconclusive: colours.unsure,
}

function drawInterval(api: ForestApi, check: Check | undefined): object {
  const colour = STATUS_COLOURS[check?.status ?? ''] ?? colours.faint
  const at = (dimension: number): readonly [number, number] =>
    api.coord([api.value(dimension), api.value(0)])
  const [low, y] = at(1)
  const [high] = at(2)
  const [estimate] = at(3)
  const [limit] = at(4)
  const line = (x1: number, x2: number, { dy, stroke }: Stroke): object => ({
    type: 'line',
    shape: { x1, y1: y - dy, x2, y2: y + dy },
    style: { stroke, lineWidth: 2 },
  })
  return {
    type: 'group',
    children: [
      line(low, high, { dy: 0, stroke: colour }),
      line(limit, limit, { dy: 8, stroke: colours.text }),
      { type: 'circle', shape: { cx: estimate, cy: y, r: 4.5 }, style: { fill: colour } },
    ],
  }
}
