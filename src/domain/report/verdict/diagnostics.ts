import type { ConfusionMatrices, Diagnostics, GroupRate } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { escapeMarkdown, table } from '../escape.js'
import { folded, name, paragraphs } from '../fragments.js'
import type { ShownVerdict } from './shown.js'

const MOST_CLASSES = 10
const MOST_IDS = 10
const MOST_GROUPS = 30

/** What a reviewer looks at beside the checks: rates by group, confusion tables, where the models disagree. */
export function diagnosticsText({ diagnostics }: ShownVerdict): string {
  if (diagnostics === undefined) return ''
  return paragraphs([groupRates(diagnostics), confusion(diagnostics), disagreement(diagnostics)])
}

function groupRates({ groups }: Diagnostics): string {
  const withBaseline = groups.some(({ baseline }) => baseline !== null)
  const header = ['Group', 'Examples', 'Rate', ...(withBaseline ? ['Baseline'] : []), 'Candidate']
  const rows = groups
    .slice(0, MOST_GROUPS)
    .map(({ column, group, n, rate, candidate, baseline }) => [
      group === null ? `${name(column)} missing` : `${name(column)} = ${name(group)}`,
      countText(n),
      escapeMarkdown(rate.replaceAll('-', ' ')),
      ...(withBaseline ? [rateText(baseline)] : []),
      rateText(candidate),
    ])
  const more = groups.length - rows.length
  const rest = more > 0 ? `and ${countText(more)} more, in the report.` : ''
  return folded('Rates by group', paragraphs([table(header, rows).trimEnd(), rest]))
}

/** A share with its interval, in percent. */
export function rateWords(rate: GroupRate['candidate']): string {
  if (rate === null) return '–'
  const percent = (share: number) => (100 * share).toFixed(1)
  return `${percent(rate.value)}% (${percent(rate.low)} to ${percent(rate.high)}%)`
}

function rateText(rate: GroupRate['candidate']): string {
  return escapeMarkdown(rateWords(rate))
}

function confusion({ confusion: both }: Diagnostics): string {
  if (both === null || both.classes.length === 0) return ''
  const shown = both.classes.slice(0, MOST_CLASSES)
  const header = ['True class', ...shown.map((one) => `predicted ${name(one)}`)]
  const rows = shown.map((one, row) => [
    name(one),
    ...shown.map((_, column) => confusionCell(both, row, column)),
  ])
  const more = both.classes.length - shown.length
  const rest = more > 0 ? `and ${countText(more)} more classes, in the report.` : ''
  const whose =
    both.baseline === null
      ? 'Counts of the candidate.'
      : 'Counts of the candidate, and of the baseline in brackets.'
  return folded('Confusion table', paragraphs([whose, table(header, rows).trimEnd(), rest]))
}

function confusionCell(both: ConfusionMatrices, row: number, column: number): string {
  const candidate = countText(both.candidate[row]?.[column] ?? 0)
  const text =
    both.baseline === null
      ? candidate
      : `${candidate} (${countText(both.baseline[row]?.[column] ?? 0)})`
  return row === column ? `**${text}**` : text
}

function disagreement({ disagreement: counts }: Diagnostics): string {
  if (counts === null) return ''
  const { bothRight, bothWrong, candidateOnly, baselineOnly } = counts
  const sums = table(
    ['Examples', 'Baseline right', 'Baseline wrong'],
    [
      ['Candidate right', countText(bothRight), countText(candidateOnly)],
      ['Candidate wrong', countText(baselineOnly), countText(bothWrong)],
    ],
  ).trimEnd()
  return folded(
    `Where the models disagree: ${countText(candidateOnly)} examples only the candidate has right, ${countText(baselineOnly)} only the baseline`,
    paragraphs([
      sums,
      ids('Only the candidate is right', counts.candidateOnlyIds, candidateOnly),
      ids('Only the baseline is right', counts.baselineOnlyIds, baselineOnly),
    ]),
  )
}

function ids(what: string, all: readonly string[], count: number): string {
  if (all.length === 0) return ''
  const shown = all.slice(0, MOST_IDS)
  const more = count - shown.length
  const rest = more > 0 ? ` and ${countText(more)} more` : ''
  return `${what}: ${shown.map(name).join(', ')}${rest}.`
}
