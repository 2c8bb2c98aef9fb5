import { countText, pText } from '../../gate/wording.js'
import { escapeMarkdown, escapeUpTo, table } from '../escape.js'
import { conditionsText } from './cells.js'
import { foundWords, searchWords, valueWords } from './check-words.js'
import type { ShownVerdict } from './shown.js'

const MOST_FOUND = 5

/** Where the candidate is worst, by the search over the columns: for the reviewer, no part of the decision. */
export function foundSlices({ sliceSearch }: ShownVerdict): string {
  if (sliceSearch === undefined) return ''
  const note = `<sub>${escapeUpTo(800, searchWords(sliceSearch))}</sub>`
  if (sliceSearch.found.length === 0) {
    return `**Slice search**: it found no slice where the candidate does worse.<br>${note}`
  }
  const { score, against, found } = sliceSearch
  const compared = against === 'difference'
  const header = compared
    ? ['Where', 'Examples', 'Baseline', 'Candidate', 'Difference', 'Corrected p']
    : ['Where', 'Examples', 'Candidate', 'Against the rest', 'Corrected p']
  const rows = found.slice(0, MOST_FOUND).map((slice) => {
    const { size, range } = foundWords(score, slice)
    return [
      conditionsText(slice.conditions.slice(0, 4)),
      countText(slice.n),
      ...(compared ? [escapeMarkdown(valueWords(score, slice.baseline))] : []),
      escapeMarkdown(valueWords(score, slice.candidate)),
      `${escapeMarkdown(size)}<br><sub>${escapeMarkdown(range)}</sub>`,
      escapeMarkdown(pText(slice.adjustedPValue)),
    ]
  })
  const more = found.length - rows.length
  const rest = more > 0 ? `and ${countText(more)} more, in the report.\n\n` : ''
  return `**Worst slices**, found by a search\n\n${table(header, rows)}\n${rest}${note}`
}
