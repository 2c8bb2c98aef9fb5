import { percent } from '../../domain/drift/wording.js'
import type { ShownColumn } from '../../domain/report/drift/shown.js'
import { grouped, scaleNumber } from '../../domain/report/words.js'
import {
  categoryDistribution,
  cycleDistribution,
  numericDistribution,
} from '../drawings/distribution.js'
import { type Html, html } from '../html.js'
import { tableOf } from '../table.js'

type Histogram = NonNullable<ShownColumn['histogram']>

const MOST_CATEGORIES = 10

/** Both samples of a column beside each other; a picture without numbers as a table has them in the statement. */
export function distribution(column: ShownColumn, numbers: boolean): Html {
  const { histogram } = column
  if (histogram === null) return html``
  const table = numbers
    ? html`<details><summary>Numbers of this picture</summary>${numbersOf(column.name, histogram)}</details>`
    : html``
  return html`<figure>${picture(column, histogram)}<figcaption>${caption(column, histogram)}</figcaption>${table}</figure>`
}

function picture({ name, kind }: ShownColumn, histogram: Histogram): Html {
  const title = `Distribution of ${name}, reference and current`
  if (histogram.kind === 'numeric') return numericDistribution(histogram, title)
  return kind === 'datetime'
    ? cycleDistribution(histogram, title)
    : categoryDistribution(histogram, MOST_CATEGORIES, title)
}

function caption({ kind }: ShownColumn, histogram: Histogram): string {
  if (histogram.kind === 'numeric' || kind === 'datetime')
    return 'Filled: reference. Line: current. In percent of the values.'
  return 'Upper bar: reference. Lower bar: current. In percent of the values.'
}

function numbersOf(name: string, histogram: Histogram): Html {
  const { reference, current } = histogram
  const shares = (i: number) => [percent(reference[i] ?? 0), percent(current[i] ?? 0)]
  if (histogram.kind === 'numeric') {
    const { edges } = histogram
    const number = (edge: number | undefined) => scaleNumber(Number((edge ?? 0).toPrecision(4)))
    return tableOf(
      `Shares of ${name} by bin; what lies beyond is in the outer bins`,
      ['From', 'To', 'Reference', 'Current'],
      reference.map((_, i) => [number(edges[i]), number(edges[i + 1]), ...shares(i)]),
    )
  }
  const { categories, others, otherCount } = histogram
  const rest =
    otherCount > 0
      ? [[`${grouped(otherCount)} others`, percent(others.reference), percent(others.current)]]
      : []
  return tableOf(
    `Shares of ${name} by category`,
    ['Category', 'Reference', 'Current'],
    [...categories.map((text, i) => [text, ...shares(i)]), ...rest],
  )
}
