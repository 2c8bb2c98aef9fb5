import type { Override } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import { code, escapeMarkdown } from '../escape.js'
import { folded, name, paragraphs } from '../fragments.js'
import { countingOverrides } from './headline.js'
import type { ShownBaseline, ShownVerdict } from './shown.js'

const MOST_OVERRIDES = 5
const MOST_LINES = 60
const LINE_LENGTH = 200

/** For a verdict that somebody else's run computed: what that means. */
export const SELF_REPORTED =
  'These numbers are self-reported: a run of the fork computed them, with code that its pull request controls. A maintainer can have them computed again on trusted runners by commenting `/evaluate`.'

/** A remark that stands out, as GitHub shows it; elsewhere it is a quotation. */
export function alert(kind: 'WARNING' | 'IMPORTANT', text: string): string {
  return `> [!${kind}]\n${text
    .split('\n')
    .map((line) => `> ${line}`.trimEnd())
    .join('\n')}`
}

/** Who let the change pass in spite of the verdict, why, and for which commit. */
export function overridesText(predicate: ShownVerdict): string {
  const overrides = predicate.overrides ?? []
  if (overrides.length === 0) return ''
  const counting = new Set(countingOverrides(predicate))
  const lines = overrides.slice(-MOST_OVERRIDES).map((one) => overrideText(one, counting.has(one)))
  const more = overrides.length - lines.length
  if (more > 0) lines.unshift(`${countText(more)} earlier ones are in the verdict statement.`)
  return alert('IMPORTANT', lines.join('\n\n'))
}

function overrideText({ by, reason, at, url, commit }: Override, counts: boolean): string {
  const where = url !== null && SAFE_URL.test(url) ? ` ([where](${url}))` : ''
  const what = counts
    ? '**Overridden**'
    : 'An override of another commit, which does not count here,'
  return `${what} by ${name(by)} at ${escapeMarkdown(at)} for commit ${code(commit.slice(0, 12))}${where}: ${escapeMarkdown(reason)}`
}

/** Nothing in it ends a link or starts anything else. */
const SAFE_URL = /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?\/[A-Za-z0-9./_#?=%-]{0,500}$/

/** That the pull request changes its own gate, where it does. */
export function policyAlert({ policySource }: ShownVerdict): string {
  if (policySource === undefined || policySource.changes.length === 0) return ''
  const judged =
    policySource.ref === 'base'
      ? 'The rules of the base branch judged it; the change counts once it is merged.'
      : 'The changed rules judged it.'
  return alert('WARNING', `**This pull request changes the gate's own rules.** ${judged}`)
}

/** Where the rules came from, and how the pull request would change them. */
export function policyText({ policySource }: ShownVerdict): string {
  if (policySource === undefined) return ''
  const { ref, commit, path, changes } = policySource
  const branch = ref === 'base' ? 'the base branch' : 'the checked-out files'
  const at = commit === null ? '' : ` at ${code(commit.slice(0, 12))}`
  const source = `Rules: ${name(path)} of ${branch}${at}.`
  return paragraphs([
    source,
    changes.length === 0 ? '' : folded('Changed rules', policyDiff(changes)),
  ])
}

/** The changed lines in a fence that is longer than any in them. */
export function policyDiff(changes: readonly string[]): string {
  const lines = changes.slice(0, MOST_LINES).map(oneLine)
  const more = changes.length - lines.length
  if (more > 0) lines.push(`… and ${countText(more)} more lines`)
  const longest = Math.max(2, ...lines.map((line) => longestRun(line)))
  const fence = '`'.repeat(longest + 1)
  return `${fence}diff\n${lines.join('\n')}\n${fence}`
}

/** Without line breaks, controls and characters that turn the text around; cut. */
function oneLine(line: string): string {
  const plain = line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ')
  const characters = [...plain.slice(0, 4 * LINE_LENGTH)]
  return characters.length <= LINE_LENGTH
    ? plain
    : `${characters.slice(0, LINE_LENGTH - 1).join('')}…`
}

function longestRun(line: string): number {
  return Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
}

/** What the candidate was compared with, with the beginning of its digest and its age where known. */
export function baselineText(baseline: ShownBaseline | null): string {
  if (baseline === null) return 'none'
  const { digest } = baseline
  const age = ageWords(baseline)
  return `${code(baseline.source)}${digest == null ? '' : ` (${code(digest.slice(0, 19))})`}${age === '' ? '' : `, ${age}`}`
}

/** `3 days old`; a baseline from the future is named as one. */
export function ageWords({ ageDays }: ShownBaseline): string {
  if (ageDays == null) return ''
  const days = `${countText(Math.abs(ageDays))} ${Math.abs(Math.round(ageDays)) === 1 ? 'day' : 'days'}`
  return Math.round(ageDays) < 0 ? `dated ${days} in the future` : `${days} old`
}

/** Whether the baseline is older than the policy wants; it changes no decision. */
export function isTooOld(baseline: ShownBaseline | null): boolean {
  const { ageDays, maxAgeDays } = baseline ?? {}
  return ageDays != null && maxAgeDays !== undefined && ageDays > maxAgeDays
}

/** A warning of an old baseline. */
export function ageWarning(baseline: ShownBaseline | null): string {
  if (baseline === null || !isTooOld(baseline)) return ''
  return `⚠️ The baseline is ${ageWords(baseline)}: older than the ${countText(baseline.maxAgeDays ?? 0)} days of ${code('baseline-max-age')}.`
}
