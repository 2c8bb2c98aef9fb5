import type { Check } from '../../domain/gate/verdict.js'
import {
  differenceWords,
  intervalWords,
  isShare,
  metricNamed,
  ruleWords,
} from '../../domain/report/verdict/check-words.js'
import { worstFirst } from '../../domain/report/verdict/checks.js'
import { axisStyle, colours, label } from '../chart-style.js'
import { type Figure, figure } from '../charts.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { tableOf } from '../table.js'
import { sliceWords } from './verdict-checks.js'

const MOST_IN_PICTURE = 20
const MOST_PICTURES = 6
const ROW_HEIGHT = 42
const WIDTH = 400

interface Row {
  readonly check: Check
  readonly low: number
  readonly high: number
  readonly estimate: number
  /** Where the rule draws the line. */
  readonly bound: number
}

interface Forest {
  readonly title: string
  readonly unit: string
  /** Where the models are equal. */
  readonly equal: number
  readonly rows: readonly Row[]
}

/** Differences from the baseline with their intervals and the rules' bounds; one picture for each unit. */
export function forests(checks: readonly Check[]): readonly Html[] {
  const units = new Map<string, Forest>()
  for (const check of worstFirst(checks)) {
    const started = startOf(check)
    if (started === undefined) continue
    const forest = units.get(started.title) ?? started
    const row = rowOf(check, started)
    if (row !== undefined && forest.rows.length < MOST_IN_PICTURE) {
      units.set(forest.title, { ...forest, rows: [...forest.rows, row] })
    }
  }
  return [...units.values()].slice(0, MOST_PICTURES).map((forest) => figure(forestFigure(forest)))
}

/** The picture that a check belongs to. */
function startOf({ metric, interval, status }: Check): Forest | undefined {
  if (interval === null || interval.of === 'candidate' || status === 'skipped') return undefined
  if (interval.of === 'ratio') {
    return { title: 'Candidate over baseline', unit: 'ratio', equal: 1, rows: [] }
  }
  return isShare(metricNamed(metric))
    ? { title: 'Candidate minus baseline', unit: 'points', equal: 0, rows: [] }
    : {
        title: `Candidate minus baseline: ${label(metric, 40)}`,
        unit: 'difference',
        equal: 0,
        rows: [],
      }
}

function rowOf(check: Check, { unit }: Forest): Row | undefined {
  const { interval, candidate, baseline, difference } = check
  if (interval === null) return undefined
  if (unit === 'ratio') {
    const estimate =
      baseline === null || baseline === 0 ? Number.NaN : (candidate ?? Number.NaN) / baseline
    return { check, low: interval.low, high: interval.high, estimate, bound: boundOf(check, 1) }
  }
  const scale = unit === 'points' ? 100 : 1
  return {
    check,
    low: scale * interval.low,
    high: scale * interval.high,
    estimate: scale * (difference ?? Number.NaN),
    bound: scale * boundOf(check, 0),
  }
}

/** The statement's own bound where it has one, else the rule's, toward what is worse for the metric. */
function boundOf({ claim, rule, metric }: Check, equal: number): number {
  if (claim !== null) return claim.boundary
  const better = metricNamed(metric).direction === 'higher' ? 1 : -1
  const given = (key: string) => (typeof rule[key] === 'number' ? Number(rule[key]) : undefined)
  const allowed = given('margin') ?? given('relative-margin')
  if (allowed !== undefined) return equal - better * allowed
  return equal + better * (given('by') ?? given('relative-by') ?? 0)
}

function forestFigure({ title, unit, equal, rows }: Forest): Figure {
  const header = ['Verdict', 'Metric', 'Slice', 'Difference', 'Interval', 'Rule']
  const cells = rows.map(({ check }) => [
    badge(check.status),
    check.metric,
    sliceWords(check),
    differenceWords(check),
    check.interval === null ? '–' : intervalWords(check.metric, check.interval),
    ruleWords(check),
  ])
  return {
    title,
    description: `Point: the estimate. Line: its interval. Tick: the rule's bound. Dashed: the models are equal. In ${unit === 'ratio' ? 'multiples of the baseline' : unit === 'points' ? 'points' : "the metric's unit"}.`,
    width: WIDTH,
    height: 48 + rows.length * ROW_HEIGHT,
    option: forestOption({ title, unit, equal, rows }),
    data: html`${tableOf(`${title}, in numbers`, header, cells)}`,
  }
}

function forestOption({ unit, equal, rows }: Forest): Figure['option'] {
  const inside = rows.flatMap(({ low, high, bound }) => [low, high, bound])
  return {
    grid: { left: 8, right: 16, top: 4, bottom: 44 },
    xAxis: {
      type: 'value',
      name: unit,
      nameLocation: 'middle',
      nameGap: 26,
      min: lowest(inside, equal),
      max: highest(inside, equal),
      ...axisStyle,
      axisLabel: { ...axisStyle.axisLabel, showMinLabel: false, showMaxLabel: false },
    },
    yAxis: { type: 'category', data: rows.map((_, index) => index), inverse: true, show: false },
    series: [
      {
        type: 'custom',
        data: rows.map(({ low, high, estimate, bound }, index) => [
          index,
          low,
          high,
          estimate,
          bound,
        ]),
        encode: { x: [1, 2, 4], y: 0 },
        renderItem: (_: unknown, api: ForestApi) => drawRow(api, rows[api.value(0)]),
        markLine: {
          silent: true,
          symbol: 'none',
          label: { show: false },
          lineStyle: { color: colours.faint },
          data: [{ xAxis: equal }],
        },
      },
    ],
  }
}

function lowest(values: readonly number[], equal: number): number {
  const low = Math.min(equal, ...values)
  return low - margin(values, equal)
}

function highest(values: readonly number[], equal: number): number {
  return Math.max(equal, ...values) + margin(values, equal)
}

function margin(values: readonly number[], equal: number): number {
  return 0.05 * (Math.max(equal, ...values) - Math.min(equal, ...values)) || 0.5
}

interface ForestApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): readonly [number, number]
}

const STATUS_COLOURS: Readonly<Record<string, string>> = {
  pass: colours.good,
  fail: colours.bad,
  inconclusive: colours.unsure,
}

const STATUS_SIGNS: Readonly<Record<string, string>> = { pass: '✓', fail: '✗', inconclusive: '?' }

/** The name above, at the left edge of the picture; the interval under it. */
function drawRow(api: ForestApi, row: Row | undefined): object {
  if (row === undefined) return { type: 'group', children: [] }
  const { check } = row
  const colour = STATUS_COLOURS[check.status] ?? colours.faint
  const at = (dimension: number) => api.coord([api.value(dimension), api.value(0)])
  const [low, middle] = at(1)
  const y = middle + 9
  const line = (x1: number, x2: number, shape: { dy: number; stroke: string }): object => ({
    type: 'line',
    shape: { x1, y1: y - shape.dy, x2, y2: y + shape.dy },
    style: { stroke: shape.stroke, lineWidth: 2 },
  })
  const text = `${STATUS_SIGNS[check.status] ?? '–'} ${label(rowName(check), 54)}`
  const marks: object[] = [
    { type: 'text', style: { text, x: 8, y: y - 24, fill: colours.text, fontSize: 12 } },
    line(low, at(2)[0], { dy: 0, stroke: colour }),
    line(at(4)[0], at(4)[0], { dy: 8, stroke: colours.text }),
  ]
  if (Number.isFinite(row.estimate)) {
    marks.push({
      type: 'circle',
      shape: { cx: at(3)[0], cy: y, r: 4.5 },
      style: { fill: colour },
    })
  }
  return { type: 'group', children: marks }
}

function rowName(check: Check): string {
  return check.slice === null
    ? `${check.metric}: ${ruleWords(check)}`
    : `${check.metric}, ${sliceWords(check)}`
}
