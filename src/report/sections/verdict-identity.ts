import type { Override } from '../../domain/gate/verdict.js'
import { countText, levelText } from '../../domain/gate/wording.js'
import { countingOverrides } from '../../domain/report/verdict/headline.js'
import { correctionWords } from '../../domain/report/verdict/identity.js'
import type { ShownVerdict } from '../../domain/report/verdict/shown.js'
import { ageWords, isTooOld } from '../../domain/report/verdict/trust.js'
import { type Html, html } from '../html.js'
import { firstRows, tableOf } from '../table.js'

const MOST_LINES = 500

/** What a reader must know before the numbers: overrides, and a change of the gate's own rules. */
export function notes(verdict: ShownVerdict): Html {
  const counting = new Set(countingOverrides(verdict))
  const overrides = (verdict.overrides ?? []).map((one) => override(one, counting.has(one)))
  const { policySource } = verdict
  const changed = policySource !== undefined && policySource.changes.length > 0
  const policy = changed
    ? html`<div class="note"><p><strong>This change alters the gate's own rules.</strong> ${policySource.ref === 'base' ? 'The rules of the base branch judged it.' : 'The changed rules judged it.'} <a href="#gate-policy">The changed lines</a></p></div>`
    : html``
  const old = isTooOld(verdict.baseline)
    ? html`<div class="note"><p><strong>The baseline is old:</strong> older than the ${countText(verdict.baseline?.maxAgeDays ?? 0)} days of <code>baseline-max-age</code>.</p></div>`
    : html``
  return html`${overrides}${policy}${old}`
}

function override({ by, at, reason, commit }: Override, counts: boolean): Html {
  const what = counts ? 'Overridden' : 'An override of another commit, which does not count here,'
  return html`<div class="note"><p><strong>${what}</strong> by ${by} at ${at} for commit <code>${commit}</code>: ${reason}</p></div>`
}

/** What was judged, on what and how: everything that a check of the verdict needs. */
export function identity(verdict: ShownVerdict): Html {
  const rows = [...sampleRows(verdict), ...howRows(verdict), ...whatRows(verdict)].map(
    ([what, which, digest]) => [what, which, digest === '' ? '–' : html`<code>${digest}</code>`],
  )
  return html`<h3>Data and code</h3>${tableOf('What was judged, and how', ['What', 'Which', 'Digest'], rows)}`
}

type Row = readonly [what: string, which: string, digest: string]

/** Unpaired, nothing is joined: both files were judged whole. */
function judgedOf({ candidate, baseline, joined }: ShownVerdict['samples']): number {
  return joined === 0 ? candidate + (baseline ?? 0) : joined
}

function sampleRows({ samples }: ShownVerdict): Row[] {
  const of = (count: number | null) => (count === null ? '–' : countText(count))
  const rows: Row[] = [
    [
      'Examples judged',
      `${of(judgedOf(samples))} (candidate's file ${of(samples.candidate)}, baseline's ${of(samples.baseline)})`,
      '',
    ],
  ]
  if (samples.abstained !== undefined) {
    const { candidate, baseline } = samples.abstained
    rows.push([
      'Without a prediction, counted as wrong',
      `candidate ${of(candidate)}, baseline ${of(baseline)}`,
      '',
    ])
  }
  return rows
}

function howRows({ policy, policySource, task }: ShownVerdict): Row[] {
  const rows: Row[] = [['Task', task, '']]
  if (policy !== undefined) {
    const seed = policy.seed === null ? '' : `, seed ${policy.seed}`
    rows.push([
      'Policy',
      `${levelText(policy.confidence)} intervals, ${correctionWords(policy.correction)}${seed}`,
      '',
    ])
  }
  if (policySource !== undefined) {
    const branch = policySource.ref === 'base' ? 'base branch' : 'checked-out files'
    rows.push(['Rules from', `${policySource.path}, ${branch}`, policySource.commit ?? ''])
  }
  return rows
}

function whatRows({ predictions, baseline, change, inputs }: ShownVerdict): Row[] {
  const rows: Row[] = []
  if (predictions != null) rows.push(['Predictions', predictions.path, predictions.sha256])
  if (baseline === null) rows.push(['Baseline', 'none', ''])
  else {
    const age = ageWords(baseline)
    rows.push([
      'Baseline',
      `${baseline.source}${age === '' ? '' : `, ${age}`}`,
      baseline.digest ?? '',
    ])
  }
  if (change !== undefined && (change.commit !== null || change.pullRequest !== null)) {
    const pull = change.pullRequest === null ? '–' : `pull request ${change.pullRequest}`
    rows.push(['Commit', pull, change.commit ?? ''])
  }
  for (const { predicateType, digest } of inputs ?? [])
    rows.push(['Built on', predicateType, digest])
  return rows
}

/** The changed lines of the gate's rules, as a difference. */
export function policyChange({ policySource }: ShownVerdict): Html {
  if (policySource === undefined || policySource.changes.length === 0) return html``
  const { shown, rest } = firstRows(policySource.changes, MOST_LINES)
  return html`<h3 id="gate-policy">Changed rules</h3><pre tabindex="0" role="region" aria-label="Changed rules">${shown.map(changedLine)}</pre>${rest}`
}

function changedLine(line: string): Html {
  if (line.startsWith('+')) return html`<ins>${line}</ins>`
  return line.startsWith('-') ? html`<del>${line}</del>` : html`<span>${line}</span>`
}
