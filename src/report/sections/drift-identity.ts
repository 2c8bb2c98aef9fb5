import { triggerStatus } from '../../domain/report/drift/beside.js'
import { identityRows, ruleRows } from '../../domain/report/drift/decided.js'
import type { DriftReport } from '../../domain/report/drift/shown.js'
import { grouped } from '../../domain/report/words.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { firstRows, tableOf } from '../table.js'

const MOST_FINDINGS = 500
const FEW_FINDINGS = 20
const MOST_FILES = 200

/** What stands out beside the statistics. */
export function findings({ findings: all }: DriftReport): Html {
  if (all.length === 0) return html``
  const { shown, rest } = firstRows(all, MOST_FINDINGS)
  const list = html`<ul>${shown.map(({ column, detail }) => html`<li><code>${column}</code>: ${detail}</li>`)}</ul>${rest}`
  const title = html`<h3 id="drift-findings">Findings beside the statistics</h3>`
  if (all.length <= FEW_FINDINGS) return html`${title}${list}`
  return html`${title}<details><summary>${grouped(all.length)} findings</summary>${list}</details>`
}

/** What was set off, and what was held back, each with why. */
export function triggers({ triggers: all = [] }: DriftReport): Html {
  if (all.length === 0) return html``
  const rows = all.map(({ kind, fired, failed, target, reason, at, key, url }) => [
    badge(triggerStatus({ fired, failed })),
    kind,
    html`${target ?? ''}${url === undefined ? html`` : html`<small>${url}</small>`}`,
    reason ?? '',
    at ?? '–',
    key === undefined ? '–' : html`<code>${key}</code>`,
  ])
  const header = ['', 'Trigger', 'Where', 'Why', 'When', 'Key']
  return html`<h3 id="drift-triggers">Triggers</h3>${tableOf('Triggers that fired, failed or were held', header, rows)}`
}

/** By which rule it was decided, and of what data: everything that a check of the verdict needs. */
export function decided(drift: DriftReport): Html {
  const { shown, rest } = firstRows(identityRows(drift), MOST_FILES)
  const rows = [...ruleRows(drift), ...shown].map(([what, which, digest]) => [
    what,
    // Few rows have a digest: a column of its own would be empty.
    html`${which}${digest === '' ? html`` : html`<small>sha256 <code>${digest}</code></small>`}`,
  ])
  return html`<h3 id="drift-decided">How it was decided</h3>${tableOf('Rule and data', ['What', 'Which'], rows)}${rest}`
}
