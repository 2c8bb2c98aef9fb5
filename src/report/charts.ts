import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, LegendComponent, MarkLineComponent } from 'echarts/components'
import { type EChartsCoreOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { colours } from './chart-style.js'
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

export interface Figure {
  /** A name for the picture, where the page does not give it one. */
  readonly title?: string | undefined
  /** What the picture shows, for those who cannot see it. */
  readonly description: string
  readonly width: number
  readonly height: number
  readonly option: EChartsCoreOption
  /** The numbers of the picture as a table, folded away under it. */
  readonly data?: Html | undefined
}

/** Wider pictures are scrolled on a phone instead of shrunk: their text would be too small. */
const FITS_A_PHONE = 480

/** A chart as SVG inside a figure, drawn without a browser. */
export function figure({ title, description, width, height, option, data }: Figure): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({
      animation: false,
      textStyle: { color: colours.text, fontFamily: 'inherit' },
      ...option,
    })
    const svg = accessible(chart.renderToSVGString(), title ?? '', description)
    const picture =
      width > FITS_A_PHONE
        ? html`<div class="scroll" tabindex="0" role="group" aria-label="${title ?? description}">${svg}</div>`
        : svg
    const heading = title === undefined ? html`` : html`<strong>${title}.</strong> `
    return html`<figure>${picture}<figcaption>${heading}${description}</figcaption>${data === undefined ? html`` : html`<details><summary>Numbers of this picture</summary>${data}</details>`}</figure>`
  } finally {
    chart.dispose()
  }
}

/**
 * The picture with a name and a description of its own. A fixed size would not fit a phone: the view box scales with the
 * page. Its style is for pointing at parts of one chart, under names that all charts of the page share.
 */
function accessible(svg: string, title: string, description: string): Html {
  const name = title === '' ? description : title
  const opening = html`<svg role="img" aria-label="${name}"`.html
  const texts = html`<title>${name}</title><desc>${description}</desc>`.html
  return trusted(
    svg
      .replace(/<style >[\s\S]*?<\/style>/, '')
      .replace(
        /^<svg width="\d+" height="\d+"([^>]*)>/,
        (_, rest: string) => `${opening}${rest}>${texts}`,
      ),
  )
}
