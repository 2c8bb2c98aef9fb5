import type { Judging } from '../../domain/report/drift/column-words.js'
import { ranked, STATUSES } from '../../domain/report/drift/order.js'
import type { DriftReport, ShownColumn } from '../../domain/report/drift/shown.js'
import { countOf, grouped } from '../../domain/report/words.js'
import { bullet } from '../drawings/bullet.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { columnDetails } from './drift-column.js'

/** So many are unfolded from the start. */
const MOST_OPEN = 5
/** A page of thousands is tens of megabytes, which no browser opens gladly: the statement has them all. */
const MOST_COLUMNS = 500
/** So many have the numbers of their pictures as tables. */
const MOST_NUMBERS = 40
/** A group with more columns than this is folded away, unless it drifted. */
const FEW = 30
/** With fewer than this nobody needs a list of names. */
const MANY = 20

interface Placed {
  readonly column: ShownColumn
  readonly id: string
  readonly rank: number
}

/** All columns, what needs attention first, in a group for each status. */
export function columnGroups(drift: DriftReport): Html {
  const { columns } = drift
  if (columns.length === 0) return html``
  const order = ranked(columns)
  const placed = order.slice(0, MOST_COLUMNS).map((column, rank) => ({
    column,
    rank,
    id: `drift-c${rank}`,
  }))
  const groups = STATUSES.map((status) => ({
    status,
    members: placed.filter(({ column }) => column.status === status),
    all: columns.filter((column) => column.status === status).length,
  })).filter(({ all }) => all > 0)
  const jumps = groups.map(
    ({ status, all }) =>
      html`<li><a href="#drift-${status}">${badge(status)}: ${grouped(all)}</a></li>`,
  )
  return html`<h3 id="drift-columns">Columns</h3><ul class="jumps">${jumps}</ul>${legend()}${leftOut(columns.length)}${byName(placed, columns.length)}${groups.map((one) => group(one, drift))}`
}

function leftOut(columns: number): Html {
  if (columns <= MOST_COLUMNS) return html``
  return html`<p class="note">The ${grouped(MOST_COLUMNS)} columns that say most are shown; ${countOf(columns - MOST_COLUMNS, 'more column')} ${columns - MOST_COLUMNS === 1 ? 'is' : 'are'} in the statement.</p>`
}

interface Group {
  readonly status: string
  readonly members: readonly Placed[]
  /** How many there are, shown or not. */
  readonly all: number
}

function group({ status, members, all }: Group, judging: Judging): Html {
  const rest = all - members.length
  const folded = status !== 'drifted' && members.length > FEW
  const list = members.map(
    ({ column, id, rank }) =>
      html`<li>${columnDetails(column, { id, judging, open: rank < MOST_OPEN && status !== 'stable', numbers: rank < MOST_NUMBERS })}</li>`,
  )
  return html`<details class="group" id="drift-${status}"${folded ? html`` : html` open`}><summary><h4>${badge(status)}: ${countOf(all, 'column')}</h4></summary><ol class="columns">${list}</ol>${rest > 0 ? html`<p class="faint">${grouped(rest)} of them not shown.</p>` : html``}</details>`
}

function legend(): Html {
  const sample = {
    value: 1.6,
    limit: 1,
    noise: 0.35,
    detectable: 0.6,
    base: 0,
  }
  return html`<p class="legend">${bullet(sample, 'drifted')}<span>Bar: the distance. Upright line: its limit. Shaded: what chance alone makes in samples of these sizes. Triangle: the smallest true change that shows in about half of such samples. Chance adds to what is measured, so this may be less than what chance alone makes.</span></p>`
}

/** For finding one of many: links unfold what they lead to. */
function byName(placed: readonly Placed[], columns: number): Html {
  if (placed.length < MANY) return html``
  const sorted = placed.toSorted((a, b) => (a.column.name < b.column.name ? -1 : 1))
  const links = sorted.map(
    ({ column, id }) =>
      html`<li><a href="#${id}">${column.name === '' ? '(no name)' : column.name}</a></li>`,
  )
  return html`<details class="index"><summary>${placed.length < columns ? 'The' : 'All'} ${countOf(placed.length, 'column')} by name</summary><ul>${links}</ul></details>`
}
