import type { Check } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { escapeUpTo, table } from '../escape.js'
import { folded, name, paragraphs, plain, WORDS_LENGTH } from '../fragments.js'
import {
  checkRow,
  HEADER,
  metricCell,
  SLICE_HEADER,
  STATUS_WORDS,
  sliceRow,
  sliceText,
} from './cells.js'
import { claimWords, methodWords, neededWords, testWords } from './check-words.js'
import type { ShownVerdict } from './shown.js'

/** So many rows and reasons are shown; the rest are counted, since a comment has a size limit. */
const MOST_CHECKS = 50
const MOST_SLICES = 50
const MOST_REASONS = 20
/** Of a reason: ours are of about 250, and may hold the user's names. */
const MOST_CHARACTERS = 600

/** The rules on all examples, in their own order. */
export function overallTable({ checks }: ShownVerdict): string {
  const overall = checks.filter((check) => check.slice === null)
  return rowsOf({ header: HEADER, checks: overall, most: MOST_CHECKS, row: checkRow })
}

interface Rows {
  readonly header: readonly string[]
  readonly checks: readonly Check[]
  readonly most: number
  readonly row: (check: Check) => readonly string[]
}

function rowsOf({ header, checks, most, row }: Rows): string {
  const more = checks.length - most
  const shown = table(header, checks.slice(0, most).map(row)).trimEnd()
  return more > 0 ? `${shown}\n\nand ${countText(more)} more, in the verdict statement.` : shown
}

const RANK = { fail: 0, inconclusive: 1, pass: 2, skipped: 3 } as const

/** Failures first; among equals warnings last, then the order of the rules. */
export function worstFirst(checks: readonly Check[]): Check[] {
  const rank = (check: Check) => 2 * RANK[check.status] + (check.level === 'warn' ? 1 : 0)
  return [...checks].sort((a, b) => rank(a) - rank(b))
}

/** The checks that did not pass, worst first. */
export function openChecks({ checks }: ShownVerdict): Check[] {
  return worstFirst(checks.filter(({ status }) => status === 'fail' || status === 'inconclusive'))
}

/** Why what did not pass did not, and what would settle it. */
export function reasons(predicate: ShownVerdict): string {
  const open = openChecks(predicate)
  if (open.length === 0) return ''
  const lines = open.slice(0, MOST_REASONS).map((check) => {
    const where = check.slice === null ? '' : ` in ${sliceText(check.slice)}`
    const level = check.level === 'warn' ? ' (warning only)' : ''
    const needed = neededWords(check)
    const why = needed === '' ? check.reason : `${check.reason.replace(/\.$/, '')}. ${needed}`
    return `- **${STATUS_WORDS[check.status]}**${where}${level}: ${escapeUpTo(MOST_CHARACTERS, why)}`
  })
  const more = open.length - lines.length
  if (more > 0) lines.push(`- and ${countText(more)} more, in the verdict statement.`)
  return `**What did not pass**\n\n${lines.join('\n')}`
}

/** The slices that the rules name, folded away, worst first. */
export function declaredSlices(predicate: ShownVerdict): string {
  const slices = worstFirst(predicate.checks.filter((check) => check.slice !== null))
  if (slices.length === 0) return ''
  const count = (status: Check['status']) => slices.filter((one) => one.status === status).length
  const tally = (['fail', 'inconclusive', 'pass', 'skipped'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${countText(count(status))} ${STATUS_WORDS[status].toLowerCase()}`)
    .join(', ')
  const rows = rowsOf({ header: SLICE_HEADER, checks: slices, most: MOST_SLICES, row: sliceRow })
  return folded(`Slices: ${tally}`, paragraphs([rows, ...tooSmall(predicate)]))
}

const MOST_COLUMNS = 20

function tooSmall(predicate: ShownVerdict): string[] {
  return predicate.slices
    .filter(({ skipped }) => skipped > 0)
    .slice(0, MOST_COLUMNS)
    .map(
      ({ column, skipped, values, minSize }) =>
        `${countText(skipped)} of ${countText(values)} values of ${name(column)} have fewer than ${countText(minSize)} examples and were not judged.`,
    )
}

const METHOD_HEADER = ['Metric', 'Examples', 'Interval', 'Test', 'Claim that the rule is broken']

/** How each rule on all examples was judged: interval, test, p-values. */
export function methods({ checks }: ShownVerdict): string {
  const tested = checks.filter(({ slice, interval }) => slice === null && interval !== null)
  const rows = tested
    .slice(0, MOST_CHECKS)
    .map((check) => [
      metricCell(check),
      countText(check.n),
      check.interval === null ? '–' : plain(methodWords(check.interval), WORDS_LENGTH),
      plain(testWords(check), WORDS_LENGTH),
      claimWords(check),
    ])
  return folded('Methods and tests', table(METHOD_HEADER, rows))
}
