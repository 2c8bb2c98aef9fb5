import type { Decision } from '../../decision.js'
import type { Check, VerdictPredicate } from '../../gate/verdict.js'
import { countText } from '../../gate/wording.js'

const MARKS: Readonly<Record<Decision, string>> = {
  pass: '✅ **Pass**',
  warn: '⚠️ **Pass with warnings**',
  fail: '❌ **Fail**',
  inconclusive: '❔ **Inconclusive**',
}

/** The verdict in one line: a mark and a word, since colour alone says nothing to many readers. */
export function headline(predicate: VerdictPredicate): string {
  return `${MARKS[predicate.decision]}: ${sentence(predicate)}`
}

function sentence({ decision, checks }: VerdictPredicate): string {
  const judged = checks.filter(({ status }) => status !== 'skipped')
  const binding = judged.filter(({ level }) => level === 'fail')
  const failed = count(binding, 'fail')
  const open = count(binding, 'inconclusive')
  const all = `${countText(judged.length)} ${judged.length === 1 ? 'check' : 'checks'}`
  switch (decision) {
    case 'pass':
      return `the candidate keeps to the rules in all of ${all}.`
    case 'warn':
      return `the candidate keeps to every binding rule; ${countText(judged.length - count(judged, 'pass'))} of ${all} did not pass and only warn.`
    case 'fail':
      return open === 0
        ? `${countText(failed)} of ${all} failed.`
        : `${countText(failed)} of ${all} failed and ${countText(open)} could not be decided.`
    case 'inconclusive':
      return `${countText(open)} of ${all} could not be decided on these examples. That is not a pass.`
  }
}

function count(checks: readonly Check[], status: Check['status']): number {
  return checks.filter((check) => check.status === status).length
}
