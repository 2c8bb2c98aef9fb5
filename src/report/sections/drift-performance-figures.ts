import type { MetricResult, Valued, WindowResult } from '../../domain/drift/performance/result.js'
import { valuedWords } from '../../domain/report/drift/metric-words.js'
import type { ShownSequential } from '../../domain/report/drift/shown.js'
import { windowStart, windowWords } from '../../domain/report/drift/windows.js'
import { formatNumber, grouped } from '../../domain/report/words.js'
import { axisStyle, colours } from '../chart-style.js'
import type { Figure } from '../charts.js'
import { tableOf } from '../table.js'

const WIDTH = 400
const HEIGHT = 260
const LEGEND = {
  top: 0,
  textStyle: { color: colours.text },
  itemWidth: 24,
  itemHeight: 10,
  itemGap: 16,
} as const
const GRID = { left: 52, right: 16, top: 34, bottom: 32 } as const

/** A metric by window, from labels and as estimated, with intervals, beside its value in the reference. */
export function metricFigure(
  { name, realised: { reference } }: MetricResult,
  windows: readonly WindowResult[],
): Figure {
  const of = (kind: 'realised' | 'estimated') =>
    windows.map(({ metrics }) => metrics.find((one) => one.name === name)?.[kind] ?? null)
  const sides = [
    {
      title: 'from labels',
      values: of('realised'),
      colour: colours.first,
      dash: 'solid',
    },
    {
      title: 'estimated',
      values: of('estimated'),
      colour: colours.second,
      dash: 'dashed',
    },
  ].filter(({ values }) => values.some((value) => value !== null))
  return {
    title: `${name} over time`,
    description: `By window, with intervals.${reference === null ? '' : ` Dotted: the reference, ${valuedWords(reference)}.`}`,
    width: WIDTH,
    height: HEIGHT,
    option: {
      legend: { ...LEGEND, data: sides.map(({ title }) => title) },
      grid: GRID,
      xAxis: windowAxis(windows.map(({ label }) => label)),
      yAxis: { type: 'value', scale: true, ...axisStyle },
      series: [
        ...sides.flatMap(({ title, values, colour, dash }) => [
          line(title, numbersOf(values), { colour, dash }),
          intervals(values, colour),
        ]),
        ...(reference === null ? [] : [level(windows.map(() => reference.value))]),
      ],
    },
    data: tableOf(
      `${name} over time, in numbers`,
      ['Window', 'Rows', 'With labels', 'From labels', 'Estimated'],
      windows.map(({ label, rows, labelled }, index) => [
        windowWords(label),
        grouped(rows),
        grouped(labelled),
        valuedWords(of('realised')[index] ?? null),
        valuedWords(of('estimated')[index] ?? null),
      ]),
    ),
  }
}

function windowAxis(labels: readonly string[]): object {
  return {
    type: 'category',
    data: labels.map(windowStart),
    ...axisStyle,
    axisLabel: { color: colours.text, hideOverlap: true },
  }
}

function numbersOf(values: readonly (Valued | null)[]): readonly (number | null)[] {
  return values.map((value) => value?.value ?? null)
}

function line(
  name: string,
  data: readonly (number | null)[],
  { colour, dash }: { readonly colour: string; readonly dash: string },
): object {
  return {
    type: 'line',
    name,
    data,
    symbolSize: 7,
    itemStyle: { color: colour },
    lineStyle: { color: colour, type: dash },
  }
}

/** As a series of its own, so that the axis reaches it. */
function level(data: readonly number[]): object {
  return {
    type: 'line',
    data,
    symbol: 'none',
    silent: true,
    lineStyle: { color: colours.text, type: 'dotted', width: 1.5 },
  }
}

function across(value: number, type: string): object {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    lineStyle: { color: colours.text, type },
    data: [{ yAxis: value }],
  }
}

interface BarApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): readonly [number, number]
}

/** Each window's interval as an upright line. */
function intervals(values: readonly (Valued | null)[], stroke: string): object {
  return {
    type: 'custom',
    data: values.flatMap((value, index) =>
      value === null || value.low === null || value.high === null
        ? []
        : [[index, value.low, value.high]],
    ),
    encode: { x: 0, y: [1, 2] },
    renderItem: (_: unknown, api: BarApi) => {
      const [x1, y1] = api.coord([api.value(0), api.value(1)])
      const [x2, y2] = api.coord([api.value(0), api.value(2)])
      return {
        type: 'line',
        shape: { x1, y1, x2, y2 },
        style: { stroke, lineWidth: 1.5 },
      }
    },
  }
}

/** The evidence of the sequential test, and the line that raises the alarm. */
export function evidenceFigure({ looks, alpha, metric }: ShownSequential): Figure {
  const alarm = Math.log10(2 / alpha)
  const evidence = looks.map(({ logEValue }) => logEValue / Math.LN10)
  return {
    title: `Evidence that ${metric} is worse`,
    description:
      'Powers of ten by which the data is better explained by a worse model. Dashed: the alarm.',
    width: WIDTH,
    height: 220,
    option: {
      grid: { ...GRID, top: 12 },
      xAxis: windowAxis(looks.map(({ label }) => label)),
      yAxis: {
        type: 'value',
        ...axisStyle,
        max: ({ max }: { readonly max: number }) =>
          Math.max(Math.ceil(max), Math.ceil(alarm + 0.5)),
      },
      series: [
        {
          ...line('', evidence, { colour: colours.first, dash: 'solid' }),
          markLine: across(alarm, 'dashed'),
        },
      ],
    },
    data: tableOf(
      'Evidence, in numbers',
      ['Window', 'Rows', 'Mean loss', 'Evidence (power of ten)'],
      looks.map(({ label, n, loss }, index) => [
        windowWords(label),
        grouped(n),
        loss === null ? '–' : formatNumber(loss),
        formatNumber(Number((evidence[index] ?? 0).toFixed(2))),
      ]),
    ),
  }
}
