import { percent } from '../../domain/drift/wording.js'
import {
  type Judging,
  meaning,
  missingWords,
  timesWords,
} from '../../domain/report/drift/column-words.js'
import { baseOf, excess } from '../../domain/report/drift/order.js'
import type { ShownColumn } from '../../domain/report/drift/shown.js'
import { formatNumber, formatPValue, upperFirst } from '../../domain/report/words.js'
import { bullet } from '../drawings/bullet.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { distribution } from './drift-distribution.js'
import { columnFacts } from './drift-facts.js'

interface ColumnShown {
  readonly judging: Judging
  /** What its place on the page is called. */
  readonly id: string
  /** Unfolded from the start. */
  readonly open: boolean
  /** With the numbers of its picture as a table. */
  readonly numbers: boolean
}

/** One column: a line that says it all, and what is behind it when unfolded. */
export function columnDetails(column: ShownColumn, shown: ColumnShown): Html {
  const { id, open, judging } = shown
  const critical = column.critical ? html` <small>critical</small>` : html``
  return html`<details class="column" id="${id}"${open ? html` open` : html``}><summary>${badge(column.status)}<span class="name">${column.name}${critical}</span>${bar(column)}<span class="times">${timesOf(column)}</span></summary>
<div class="inside"><p><strong>${meaning(column, judging)}</strong> ${upperFirst(column.reason)}.</p>${details(column)}<div class="pair">${distribution(column, shown.numbers)}${columnFacts(column)}</div></div></details>`
}

function bar({ distance, status }: ShownColumn): Html {
  if (distance === null || distance.value === null) return html`<span class="bullet"></span>`
  const { name, value, threshold, noise, detectable } = distance
  return bullet({ value, limit: threshold, noise, detectable, base: baseOf(name) }, status)
}

/** How far over or under the limit, and what else a reader of the line alone must know. */
function timesOf(column: ShownColumn): string {
  const times = excess(column)
  if (times === undefined) return withoutDistance(column)
  if (column.status === 'drifted' && times <= 1) return otherChange(column)
  return `${times >= 100 ? timesWords(Math.round(times)) : timesWords(Number(times.toFixed(2)))} the limit`
}

function withoutDistance({ pValue, statistic }: ShownColumn): string {
  if (pValue !== null) return `p ${formatPValue(pValue)}`
  return statistic === null ? 'not compared' : formatNumber(statistic)
}

/** What drifted where the distribution of the values did not. */
function otherChange(column: ShownColumn): string {
  const missing = missingWords(column)
  if (missing.includes('→')) return `missing ${missing}`
  return (column.newShare ?? 0) > 0 ? `${percent(column.newShare ?? 0)} new` : 'see why'
}

function details({ details: more = [] }: ShownColumn): Html {
  if (more.length === 0) return html``
  return html`<ul>${more.map((detail) => html`<li>${upperFirst(detail)}</li>`)}</ul>`
}
