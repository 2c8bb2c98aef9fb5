import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { type Html, html, trusted } from './html.js'

use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  SVGRenderer,
])

/** Colours are the page's CSS variables, so that a chart follows light and dark. */
export const colours = {
  text: 'var(--text)',
  faint: 'var(--faint)',
  line: 'var(--line)',
  first: 'var(--first)',
  second: 'var(--second)',
  good: 'var(--good)',
  bad: 'var(--bad)',
  unsure: 'var(--unsure)',
} as const

export interface Figure {
  /** What the picture shows, for those who cannot see it. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly option: EChartsCoreOption
}

/** A chart as SVG inside a figure, drawn without a browser. */
export function figure({ description, width, height, option }: Figure): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      textStyle: { color: colours.text, fontFamily: 'inherit' },
      ...option,
    })
    // A fixed size would not fit a phone: the view box scales with the page.
    // Its style is for pointing at parts of one chart, under names that all charts of the page share.
    const svg = chart
      .renderToSVGString()
      .replace(/^<svg width="\d+" height="\d+"/, '<svg')
      .replace(/<style >[\s\S]*?<\/style>/, '')
    return html`<figure role="img" aria-label="${description}">${trusted(svg)}<figcaption>${description}</figcaption></figure>`
  } finally {
    chart.dispose()
  }
}

/** Axis labels, lines and grid in the page's colours. */
export const axisStyle = {
  axisLabel: { color: colours.text },
  axisLine: { lineStyle: { color: colours.faint } },
  axisTick: { lineStyle: { color: colours.faint } },
  splitLine: { lineStyle: { color: colours.line } },
  nameTextStyle: { color: colours.text },
} as const

/** A name from outside, short enough for an axis. */
export function label(text: string, most = 24): string {
  const characters = [...text]
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`
}
