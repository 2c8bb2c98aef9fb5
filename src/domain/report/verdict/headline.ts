import type { Decision } from '../../decision.js'
import type { Check, Override } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'
import type { ShownVerdict } from './shown.js'

const MARKS: Readonly<Record<Decision, string>> = {
  pass: '✅ **Pass**',
  warn: '⚠️ **Pass with warnings**',
  fail: '❌ **Fail**',
  inconclusive: '❔ **Inconclusive**',
}

/** The verdict in one line: a mark and a word, since colour alone says nothing to many readers. */
export function headline(predicate: ShownVerdict): string {
  const overridden = countingOverrides(predicate).length > 0 ? ', **overridden**' : ''
  return `${MARKS[predicate.decision]}${overridden}: ${verdictSentence(predicate)}`
}

/** The overrides that are for the judged commit; where that is not known, all of them. */
export function countingOverrides({ overrides, change }: ShownVerdict): readonly Override[] {
  const commit = change?.commit ?? null
  return (overrides ?? []).filter((override) => commit === null || override.commit === commit)
}

/** What the decision rests on: how many checks, and how many of them failed or are open. */
export function verdictSentence({ decision, checks }: ShownVerdict): string {
  const judged = checks.filter(({ status }) => status !== 'skipped')
  const binding = judged.filter(({ level }) => level === 'fail')
  const failed = count(binding, 'fail')
  const open = count(binding, 'inconclusive')
  const all = `${countText(judged.length)} ${judged.length === 1 ? 'check' : 'checks'}`
  switch (decision) {
    case 'pass':
      if (judged.length === 0) return 'there was nothing to judge.'
      return `the candidate keeps to the rules in all of ${all}.`
    case 'warn':
      if (count(judged, 'pass') === judged.length) return withoutBaseline(judged.length)
      return `the candidate keeps to every binding rule; ${countText(judged.length - count(judged, 'pass'))} of ${all} did not pass and only warn.`
    case 'fail':
      return open === 0
        ? `${countText(failed)} of ${all} failed.`
        : `${countText(failed)} of ${all} failed and ${countText(open)} could not be decided.`
    case 'inconclusive':
      return `${countText(open)} of ${all} could not be decided on these examples. That is not a pass.`
  }
}

/** The first run of a gate whose baseline is yet to come: what would have been compared was not. */
function withoutBaseline(judged: number): string {
  return judged === 0
    ? 'nothing was judged, since there is no baseline to compare with yet.'
    : `the candidate keeps to the ${countText(judged)} ${judged === 1 ? 'rule' : 'rules'} that could be judged; there is no baseline to compare with yet.`
}

function count(checks: readonly Check[], status: Check['status']): number {
  return checks.filter((check) => check.status === status).length
}
