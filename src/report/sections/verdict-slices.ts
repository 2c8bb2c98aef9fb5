import type { GroupRate, SliceSearch } from '../../domain/gate/verdict.js'
import { countText, pText } from '../../domain/gate/wording.js'
import { conditionWords, foundWords, valueWords } from '../../domain/report/verdict/check-words.js'
import { rateWords } from '../../domain/report/verdict/diagnostics.js'
import { type Html, html } from '../html.js'
import { firstRows, tableOf } from '../table.js'

const MOST_GROUPS = 200

/** The slices that the search found, worst first. */
export function foundTable({ score, against, found }: SliceSearch): Html {
  const compared = against === 'difference'
  const header = compared
    ? ['Where', 'Examples', 'Baseline', 'Candidate', 'Difference', 'Interval', 'Corrected p']
    : ['Where', 'Examples', 'Candidate', 'Against the rest', 'Interval', 'Corrected p']
  const rows = found.map((slice) => {
    const { size, range } = foundWords(score, slice)
    return [
      conditionWords(slice.conditions),
      countText(slice.n),
      ...(compared ? [valueWords(score, slice.baseline)] : []),
      valueWords(score, slice.candidate),
      size,
      range,
      pText(slice.adjustedPValue),
    ]
  })
  return tableOf(`Slices found by ${score}, worst first`, header, rows)
}

/** What the fairness rules compare: each group's rates, with intervals and sizes. */
export function groupTable(groups: readonly GroupRate[]): Html {
  if (groups.length === 0) return html``
  const { shown, rest } = firstRows(groups, MOST_GROUPS)
  const rows = shown.map(({ column, group, n, rate, candidate, baseline }) => [
    conditionWords([{ column, value: group }]),
    countText(n),
    rate.replaceAll('-', ' '),
    rateWords(baseline),
    rateWords(candidate),
  ])
  const header = ['Group', 'Examples', 'Rate', 'Baseline', 'Candidate']
  return html`<h3>Groups</h3>${tableOf('Rates by group, with intervals', header, rows)}${rest}`
}
