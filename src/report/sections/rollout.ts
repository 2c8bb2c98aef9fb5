import { formatNumber } from '../../domain/report/words.js'
import type { RolloutPredicate } from '../../statements/schemas/rollout.js'
import { axisStyle, colours, label } from '../chart-style.js'
import { figure } from '../charts.js'
import { type Html, html } from '../html.js'
import { badge, type Section } from '../page.js'
import { tableOf } from '../table.js'

type Step = RolloutPredicate['steps'][number]

export function rolloutSection(rollout: RolloutPredicate): Section {
  return {
    id: 'rollout',
    title: 'Rollout',
    status: rollout.decision,
    body: html`<p><strong>${rollout.outcome}</strong>, ${rollout.mode} on ${rollout.target}, version ${rollout.version}${rollout.previousVersion === null ? '' : ` beside ${rollout.previousVersion}`}; the weight is now ${rollout.weight}%.</p>
<p>${rollout.reason}</p>
${evidence(rollout)}
${tableOf(
  'Steps',
  ['Weight', 'Began', 'Ended', 'Stable requests', 'Canary requests'],
  rollout.steps.map((step) => [
    `${step.weight}%`,
    step.startedAt,
    step.endedAt,
    step.requests.stable,
    step.requests.canary,
  ]),
)}
${tableOf('Evidence at the last look of each step', ['Weight', '', 'Metric', 'Slice', 'Estimate', 'Interval', 'E-value for harm', 'Threshold', 'Method'], rollout.steps.flatMap(analysisRows))}`,
  }
}

function analysisRows(step: Step): readonly (readonly (Html | string)[])[] {
  return step.analysis.map((row) => [
    `${step.weight}%`,
    badge(row.status),
    row.metric,
    row.slice ?? 'all',
    row.estimate === null ? '' : `${formatNumber(row.estimate)} (${row.of})`,
    row.low === null && row.high === null
      ? ''
      : `${optional(row.low, '−∞')} to ${optional(row.high, '∞')}`,
    optional(row.eValue, ''),
    optional(row.threshold, ''),
    row.method,
  ])
}

function optional(value: number | null, none: string): string {
  return value === null ? none : formatNumber(value)
}

/** E-values for harm over the looks, as multiples of their thresholds, by metric and slice; strongest first. */
function strongestEvidence({ looks }: RolloutPredicate) {
  const names = new Set(looks.flatMap(({ evidence }) => evidence.map(nameOf)))
  const series = [...names].map((name) => ({
    name: label(name),
    values: looks.map((look) => {
      const row = look.evidence.find((one) => nameOf(one) === name)
      return row?.eValue == null || row.threshold === null
        ? null
        : Math.min(Math.max(row.eValue / row.threshold, 1e-4), 1e4)
    }),
  }))
  return series
    .filter(({ values }) => values.some((value) => value !== null))
    .sort((a, b) => last(b.values) - last(a.values))
    .slice(0, 6)
}

/** The evidence for harm on a logarithmic axis. */
function evidence(rollout: RolloutPredicate): Html {
  const { looks } = rollout
  const strongest = strongestEvidence(rollout)
  if (strongest.length === 0) return html``
  return figure({
    description:
      'Evidence that the canary does harm, as a multiple of the threshold for rollback (the line at 1), at every look; strongest first.',
    width: 760,
    height: 320,
    option: {
      legend: { type: 'plain', top: 0, itemGap: 24, textStyle: { color: colours.text } },
      grid: { left: 60, right: 20, top: 60, bottom: 40 },
      xAxis: {
        type: 'category',
        name: 'look',
        nameLocation: 'middle',
        nameGap: 26,
        data: looks.map((look, index) => `${index + 1} (${look.weight}%)`),
        ...axisStyle,
      },
      yAxis: {
        type: 'log',
        ...axisStyle,
        axisLabel: { color: colours.text, formatter: (value: number) => formatNumber(value) },
      },
      series: strongest.map(({ name, values }, index) => ({
        type: 'line',
        name,
        data: values,
        symbolSize: 5,
        lineStyle: { color: LINES[index], type: DASHES[index % DASHES.length] },
        itemStyle: { color: LINES[index] },
        markLine:
          index > 0
            ? undefined
            : {
                silent: true,
                symbol: 'none',
                label: { show: false },
                lineStyle: { color: colours.bad },
                data: [{ yAxis: 1 }],
              },
      })),
    },
  })
}

const LINES = [
  colours.first,
  colours.second,
  colours.good,
  colours.unsure,
  colours.faint,
  colours.text,
]
const DASHES = ['solid', 'dashed', 'dotted'] as const

function nameOf({
  metric,
  slice,
}: {
  readonly metric: string
  readonly slice: string | null
}): string {
  return slice === null ? metric : `${metric} ${slice}`
}

function last(values: readonly (number | null)[]): number {
  return values.findLast((value) => value !== null) ?? 0
}
