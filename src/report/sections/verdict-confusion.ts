import type { ConfusionMatrices, Diagnostics } from '../../domain/gate/verdict.js'
import { countText } from '../../domain/gate/wording.js'
import { type Html, html } from '../html.js'
import { tableOf } from '../table.js'

/** Shading stays light enough for the number in it to be read. */
const DARKEST = 40

/** Confusion tables of both models: each cell a number, shaded by its share of the true class. */
export function confusionTables(confusion: ConfusionMatrices | null): Html {
  if (confusion === null || confusion.classes.length === 0) return html``
  const { classes, candidate, baseline } = confusion
  const tables = [
    matrix({ caption: 'Candidate: true class by predicted class', classes, counts: candidate }),
    ...(baseline === null
      ? []
      : [
          matrix({ caption: 'Baseline: true class by predicted class', classes, counts: baseline }),
        ]),
  ]
  return html`<h3>Confusion</h3><div class="pair">${tables}</div>`
}

interface Matrix {
  readonly caption: string
  readonly classes: readonly string[]
  readonly counts: readonly (readonly number[])[]
}

function matrix({ caption, classes, counts }: Matrix): Html {
  const body = counts.map((row, index) => {
    const total = row.reduce((sum, count) => sum + count, 0)
    return html`<tr><th scope="row">${classes[index]}</th>${row.map((count) => cell(count, total))}</tr>`
  })
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table class="matrix"><caption>${caption}; in brackets the share of the true class</caption>
<thead><tr><th scope="col">True \\ predicted</th>${classes.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`
}

function cell(count: number, total: number): Html {
  const share = total > 0 ? Math.min(1, Math.max(0, count / total)) : 0
  const shade = Math.round(share * DARKEST)
  return html`<td class="n" style="background:color-mix(in srgb,var(--first) ${shade}%,var(--back))">${countText(count)} (${Math.round(100 * share)}%)</td>`
}

/** On how many examples, and on which, one model is right and the other is not. */
export function disagreement(counts: Diagnostics['disagreement']): Html {
  if (counts === null) return html``
  const { bothRight, candidateOnly, baselineOnly, bothWrong, examples } = counts
  const sums = tableOf(
    'Examples that the models have right',
    ['Examples', 'Baseline right', 'Baseline wrong'],
    [
      ['Candidate right', countText(bothRight), countText(candidateOnly)],
      ['Candidate wrong', countText(baselineOnly), countText(bothWrong)],
    ],
  )
  return html`<h3>Disagreement</h3>${sums}${ids('Only the candidate is right', counts.candidateOnlyIds)}${ids('Only the baseline is right', counts.baselineOnlyIds)}${exampleTable(examples)}`
}

function ids(title: string, shown: readonly string[]): Html {
  if (shown.length === 0) return html``
  return html`<p>${title}, the first by id: ${shown.map((id) => html`<code>${id}</code> `)}</p>`
}

function exampleTable(examples: NonNullable<Diagnostics['disagreement']>['examples']): Html {
  if (examples === undefined) return html``
  const rows = Object.entries(examples)
  const columns = [...new Set(rows.flatMap(([, row]) => Object.keys(row)))]
  const cells = rows.map(([id, row]) => [id, ...columns.map((column) => row[column] ?? '–')])
  return tableOf('Examples that only one model has right', ['Id', ...columns], cells)
}
