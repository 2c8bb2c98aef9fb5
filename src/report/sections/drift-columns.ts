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
  const placed = ranked(columns).map((column, rank) => ({
    column,
    rank,
    id: `drift-c${rank}`,
  }))
  const groups = STATUSES.map((status) => ({
    status,
    members: placed.filter(({ column }) => column.status === status),
  })).filter(({ members }) => members.length > 0)
  const jumps = groups.map(
    ({ status, members }) =>
      html`<li><a href="#drift-${status}">${badge(status)}: ${grouped(members.length)}</a></li>`,
  )
  return html`<h3 id="drift-columns">Columns</h3><ul class="jumps">${jumps}</ul>${legend()}${byName(placed)}${groups.map(({ status, members }) => group(status, members, drift))}`
}

function group(status: string, members: readonly Placed[], judging: Judging): Html {
  const folded = status !== 'drifted' && members.length > FEW
  const list = members.map(
    ({ column, id, rank }) =>
      html`<li>${columnDetails(column, { id, judging, open: rank < MOST_OPEN && status !== 'stable', numbers: rank < MOST_NUMBERS })}</li>`,
  )
  return html`<details class="group" id="drift-${status}"${folded ? html`` : html` open`}><summary><h4>${badge(status)}: ${countOf(members.length, 'column')}</h4></summary><ol class="columns">${list}</ol></details>`
}

function legend(): Html {
  const sample = {
    value: 1.6,
    limit: 1,
    noise: 0.35,
    detectable: 0.6,
    base: 0,
  }
  return html`<p class="legend">${bullet(sample, 'drifted')}<span>Bar: the distance. Upright line: its limit. Shaded: what chance alone makes in samples of these sizes. Triangle: the smallest change that would show.</span></p>`
}

/** For finding one of many: links unfold what they lead to. */
function byName(placed: readonly Placed[]): Html {
  if (placed.length < MANY) return html``
  const sorted = placed.toSorted((a, b) => (a.column.name < b.column.name ? -1 : 1))
  const links = sorted.map(
    ({ column, id }) =>
      html`<li><a href="#${id}">${column.name === '' ? '(no name)' : column.name}</a></li>`,
  )
  return html`<details class="index"><summary>All ${countOf(placed.length, 'column')} by name</summary><ul>${links}</ul></details>`
}
