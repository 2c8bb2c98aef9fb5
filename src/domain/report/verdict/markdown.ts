import type { Check, VerdictPredicate } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { code, escapeMarkdown, table } from '../escape.js'
import { baselineText, checkRow, HEADER, STATUS_WORDS, sliceText } from './cells.js'
import { headline } from './headline.js'

/** So many slices and reasons are shown; the rest are counted, since a comment has a size limit. */
const MOST_ROWS = 100
const MOST_REASONS = 30

/**
 * A verdict as a section of a pull request's comment: the decision in the first line, the table of the rules, why what did not
 * pass did not, and the slices folded away, worst first. Names and slice values are hostile text, and are escaped.
 */
export function verdictMarkdown(predicate: VerdictPredicate): string {
  const overall = predicate.checks.filter((check) => check.slice === null)
  const slices = worstFirst(predicate.checks.filter((check) => check.slice !== null))
  const parts = [
    headline(predicate),
    table(HEADER, overall.map(checkRow)),
    reasons(worstFirst(predicate.checks)),
    sliceDetails(predicate, slices),
    footer(predicate),
  ]
  return `${parts
    .filter((part) => part !== '')
    .join('\n\n')
    .replace(/\n{3,}/g, '\n\n')}\n`
}

const RANK = { fail: 0, inconclusive: 1, pass: 2, skipped: 3 } as const

/** Failures first; among equals warnings last, then the order of the rules. */
function worstFirst(checks: readonly Check[]): Check[] {
  const rank = (check: Check) => 2 * RANK[check.status] + (check.level === 'warn' ? 1 : 0)
  return [...checks].sort((a, b) => rank(a) - rank(b))
}

function reasons(checks: readonly Check[]): string {
  const open = checks.filter(({ status }) => status === 'fail' || status === 'inconclusive')
  if (open.length === 0) return ''
  const lines = open.slice(0, MOST_REASONS).map((check) => {
    const where = check.slice === null ? '' : ` in ${sliceText(check.slice)}`
    const level = check.level === 'warn' ? ' (warning only)' : ''
    return `- ${STATUS_WORDS[check.status]}${where}${level}: ${escapeMarkdown(check.reason)}`
  })
  const more = open.length - lines.length
  if (more > 0) lines.push(`- and ${countText(more)} more, in the verdict statement.`)
  return `**What did not pass**\n\n${lines.join('\n')}`
}

function sliceDetails(predicate: VerdictPredicate, slices: readonly Check[]): string {
  if (slices.length === 0) return ''
  const count = (status: Check['status']) => slices.filter((one) => one.status === status).length
  const tally = (['fail', 'inconclusive', 'pass', 'skipped'] as const)
    .filter((status) => count(status) > 0)
    .map((status) => `${countText(count(status))} ${STATUS_WORDS[status].toLowerCase()}`)
    .join(', ')
  const rows = table(HEADER, slices.slice(0, MOST_ROWS).map(checkRow))
  const more = slices.length - MOST_ROWS
  const rest = more > 0 ? `\nand ${countText(more)} more, in the verdict statement.\n` : ''
  return `<details><summary>Slices: ${tally}</summary>\n\n${rows}${rest}${tooSmall(predicate)}\n</details>`
}

function tooSmall(predicate: VerdictPredicate): string {
  return predicate.slices
    .filter(({ skipped }) => skipped > 0)
    .map(
      ({ column, skipped, values, minSize }) =>
        `\n${countText(skipped)} of ${countText(values)} values of ${code(column)} have fewer than ${countText(minSize)} examples and were not judged.\n`,
    )
    .join('')
}

function footer(predicate: VerdictPredicate): string {
  const { samples, policy } = predicate
  const level = Number((policy.confidence * 100).toFixed(4))
  const examples =
    samples.baseline === null
      ? `${countText(samples.joined)} examples`
      : `${countText(samples.joined)} examples in both files (${countText(samples.candidate)} of the candidate, ${countText(samples.baseline)} of the baseline)`
  const correction =
    policy.correction === 'none'
      ? 'failures not corrected for the number of checks'
      : `failures corrected by ${escapeMarkdown(policy.correction)}`
  return `${examples}. Baseline: ${baselineText(predicate.baseline)}. ${level}% intervals, ${correction}.`
}
