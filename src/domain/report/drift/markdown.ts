import { code, escapeMarkdown, escapeUpTo, table } from '../escape.js'
import { folded, name, paragraphs, plain, WORDS_LENGTH } from '../fragments.js'
import { mark } from '../words.js'
import { besideColumns } from './beside.js'
import { charts } from './charts.js'
import { columnTable, findingList } from './columns.js'
import { type DecidedRow, identityRows, ruleRows } from './decided.js'
import { comparedWords, reasonWords, verdictWords } from './headline.js'
import type { DriftReport } from './shown.js'

const MOST_FILES = 10
/** Of the reason: of several parts, with names in them. */
const MOST_CHARACTERS = 1000

/**
 * The drift's section of the comment and the summary: the verdict, what drifted first, what was found beside the columns,
 * pictures, and how it was decided. Names, categories and files are hostile text, and are escaped; what is long is cut and counted.
 */
export function driftMarkdown(drift: DriftReport): string {
  return paragraphs([
    `### Drift: ${mark(drift.decision)}`,
    headline(drift),
    columnTable(drift).trimEnd(),
    besideColumns(drift),
    findingList(drift),
    charts(drift),
    drift.columns.length === 0 ? '' : folded('How it was decided', ruleText(drift)),
  ])
}

function headline(drift: DriftReport): string {
  const reason = escapeUpTo(MOST_CHARACTERS, reasonWords(drift))
  return `**${verdictWords(drift)}.** ${reason}. ${escapeMarkdown(comparedWords(drift))}`.trimEnd()
}

function ruleText(drift: DriftReport): string {
  const files = identityRows(drift).slice(0, MOST_FILES)
  const rows = [
    ...ruleRows(drift).map((row) => cells(row, (text) => plain(text, 2 * WORDS_LENGTH))),
    ...files.map((row) => cells(row, name)),
  ]
  return table(['What', 'Which', 'Digest'], rows)
}

function cells([what, which, digest]: DecidedRow, show: (text: string) => string): string[] {
  return [what, show(which), digest === '' ? '–' : code(digest)]
}
