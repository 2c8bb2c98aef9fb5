import { grouped } from '../domain/report/words.js'
import { type Html, html } from './html.js'

type Cell = Html | string | number

/** A table that scrolls by itself on a narrow screen; none for no rows. */
export function tableOf(
  caption: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): Html {
  if (rows.length === 0) return html``
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table${width(header)}><caption>${caption}</caption>
<thead><tr>${header.map((name, column) => headerCell(name, numericColumn(rows, column)))}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td${numeric(cell)}>${cell}</td>`)}</tr>`)}</tbody></table></div>`
}

/** Many columns keep their width and are scrolled, instead of each being a word wide. */
function width(header: readonly string[]): Html {
  return header.length > 6 ? html` class="wide"` : html``
}

const NUMBER = /^(< )?[-−+]?[\d.,]+(e[-+]\d+)?%?$/

function isNumber(cell: Cell | undefined): boolean {
  return typeof cell === 'number' || (typeof cell === 'string' && NUMBER.test(cell))
}

function numeric(cell: Cell): Html {
  return isNumber(cell) ? html` class="n"` : html``
}

/** A column without a name has no header cell: an empty one says nothing to a screen reader. */
function headerCell(name: string, alignment: Html): Html {
  return name === '' ? html`<td></td>` : html`<th scope="col"${alignment}>${name}</th>`
}

/** A header stands over its numbers. */
function numericColumn(rows: readonly (readonly Cell[])[], column: number): Html {
  return rows.every((row) => isNumber(row[column])) ? html` class="n"` : html``
}

/** The first `most` rows, and how many there are besides. */
export function firstRows<Row>(
  rows: readonly Row[],
  most: number,
): { readonly shown: readonly Row[]; readonly rest: Html } {
  const more = rows.length - most
  const rest =
    more > 0 ? html`<p class="faint">and ${grouped(more)} more, in the statement.</p>` : html``
  return { shown: rows.slice(0, most), rest }
}
