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
<thead><tr>${header.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td${numeric(cell)}>${cell}</td>`)}</tr>`)}</tbody></table></div>`
}

/** Many columns keep their width and are scrolled, instead of each being a word wide. */
function width(header: readonly string[]): Html {
  return header.length > 6 ? html` class="wide"` : html``
}

function numeric(cell: Cell): Html {
  const isNumber =
    typeof cell === 'number' ||
    (typeof cell === 'string' && /^(< )?[-−+]?[\d.,]+(e[-+]\d+)?%?$/.test(cell))
  return isNumber ? html` class="n"` : html``
}
