import type { CalibrationBin, Diagnostics, Histogram } from '../../domain/gate/verdict.js'
import { countText } from '../../domain/gate/wording.js'
import { percent } from '../../domain/report/verdict/charts.js'
import { formatNumber } from '../../domain/report/words.js'
import { axisStyle, colours } from '../chart-style.js'
import { type Figure, figure } from '../charts.js'
import type { Html } from '../html.js'
import { tableOf } from '../table.js'

const WIDTH = 400
const HEIGHT = 320

/** Pictures of the scores and errors, as far as the task has them; each with its numbers as a table. */
export function charts(diagnostics: Diagnostics): readonly Html[] {
  const { calibration, scores, errors } = diagnostics
  return [
    ...(calibration === null || calibration.candidate.length === 0
      ? []
      : [figure(calibrationFigure(calibration))]),
    ...(scores === null ? [] : scoreFigures(scores).map(figure)),
    ...(errors === null ? [] : [figure(errorFigure(errors))]),
  ]
}

type Calibration = NonNullable<Diagnostics['calibration']>

function calibrationFigure({ candidate, baseline }: Calibration): Figure {
  const models = [
    { name: 'candidate', bins: candidate, colour: colours.first, symbol: 'circle', dash: 'solid' },
    ...(baseline === null
      ? []
      : [
          {
            name: 'baseline',
            bins: baseline,
            colour: colours.second,
            symbol: 'rect',
            dash: 'dashed',
          },
        ]),
  ]
  return {
    title: 'Calibration',
    description:
      'The observed share of positives against the mean score of each bin, with intervals. On the dotted diagonal, scores are true to their word.',
    width: WIDTH,
    height: HEIGHT,
    option: {
      legend: { ...LEGEND, data: models.map(({ name }) => name) },
      grid: GRID,
      xAxis: { ...numberAxis('mean score'), min: 0, max: 1 },
      yAxis: { type: 'value', min: 0, max: 1, ...axisStyle },
      series: [
        ...models.flatMap(({ name, bins, colour, symbol, dash }) => [
          {
            type: 'line',
            name,
            data: bins.map(({ meanScore, observed }) => [meanScore, observed]),
            symbol,
            symbolSize: 7,
            itemStyle: { color: colour },
            lineStyle: { color: colour, type: dash },
          },
          intervals(bins, colour),
        ]),
        diagonal(),
      ],
    },
    data: tableOf(
      'Calibration, in numbers',
      ['Model', 'Mean score', 'Observed share', 'Interval', 'Examples'],
      models.flatMap(({ name, bins }) => bins.map((bin) => calibrationRow(name, bin))),
    ),
  }
}

function calibrationRow(name: string, bin: CalibrationBin): readonly string[] {
  const { meanScore, observed, low, high, n } = bin
  return [
    name,
    formatNumber(meanScore),
    formatNumber(observed),
    `${formatNumber(low)} to ${formatNumber(high)}`,
    countText(n),
  ]
}

interface BarApi {
  value(dimension: number): number
  coord(point: readonly [number, number]): readonly [number, number]
}

/** Each bin's interval as an upright line. */
function intervals(bins: readonly CalibrationBin[], stroke: string): object {
  return {
    type: 'custom',
    data: bins.map(({ meanScore, low, high }) => [meanScore, low, high]),
    encode: { x: 0, y: [1, 2] },
    renderItem: (_: unknown, api: BarApi) => {
      const [x1, y1] = api.coord([api.value(0), api.value(1)])
      const [x2, y2] = api.coord([api.value(0), api.value(2)])
      return { type: 'line', shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth: 1.5 } }
    },
  }
}

function diagonal(): object {
  return {
    type: 'line',
    data: [
      [0, 0],
      [1, 1],
    ],
    symbol: 'none',
    silent: true,
    lineStyle: { color: colours.faint, type: 'dotted' },
  }
}

function scoreFigures({ positive, negative }: NonNullable<Diagnostics['scores']>): Figure[] {
  return [
    histogramFigure({
      title: 'Scores of the positive examples',
      description: 'In percent of the positive examples, by score.',
      axis: 'score',
      histogram: positive,
    }),
    histogramFigure({
      title: 'Scores of the other examples',
      description: 'In percent of the examples that are not positive, by score.',
      axis: 'score',
      histogram: negative,
    }),
  ]
}

function errorFigure(histogram: Histogram): Figure {
  return histogramFigure({
    title: 'Errors',
    description: 'Prediction minus label, in percent of the examples.',
    axis: 'error',
    histogram,
  })
}

interface HistogramGiven {
  readonly title: string
  readonly description: string
  readonly axis: string
  readonly histogram: Histogram
}

/** The candidate as bars, the baseline as a stepped line: told apart without colours. */
function histogramFigure({ title, description, axis, histogram }: HistogramGiven): Figure {
  const { edges, candidate, baseline } = histogram
  const names = edges.slice(0, -1).map((edge) => formatNumber(Number(edge.toPrecision(3))))
  const line = baseline === null ? '' : ' Bars: candidate. Stepped line: baseline.'
  return {
    title,
    description: `${description}${line}`,
    width: WIDTH,
    height: 260,
    option: {
      legend: LEGEND,
      grid: GRID,
      xAxis: {
        type: 'category',
        data: names,
        name: axis,
        nameLocation: 'middle',
        nameGap: 26,
        ...axisStyle,
        axisLabel: { color: colours.text, hideOverlap: true },
      },
      yAxis: { type: 'value', name: '%', ...axisStyle },
      series: [
        {
          type: 'bar',
          name: 'candidate',
          data: percent(candidate),
          itemStyle: { color: colours.first },
          barCategoryGap: '10%',
        },
        ...(baseline === null ? [] : [steps(baseline)]),
      ],
    },
    data: tableOf(
      `${title}, in numbers`,
      ['From', 'To', 'Candidate', ...(baseline === null ? [] : ['Baseline'])],
      candidate.map((count, bin) => [
        formatNumber(edges[bin] ?? 0),
        formatNumber(edges[bin + 1] ?? 0),
        countText(count),
        ...(baseline === null ? [] : [countText(baseline[bin] ?? 0)]),
      ]),
    ),
  }
}

function steps(counts: readonly number[]): object {
  return {
    type: 'line',
    name: 'baseline',
    step: 'middle',
    symbol: 'none',
    data: percent(counts),
    itemStyle: { color: colours.second },
    lineStyle: { color: colours.second, width: 2 },
  }
}

const LEGEND = {
  top: 0,
  textStyle: { color: colours.text },
  itemWidth: 16,
  itemHeight: 10,
  itemGap: 16,
} as const

const GRID = { left: 44, right: 16, top: 34, bottom: 44 } as const

function numberAxis(name: string): object {
  return { type: 'value', name, nameLocation: 'middle', nameGap: 26, ...axisStyle }
}
