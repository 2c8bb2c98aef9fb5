import { comparedWords, reasonWords, verdictWords } from '../../domain/report/drift/headline.js'
import { momentsOf } from '../../domain/report/drift/moments.js'
import type { DriftReport } from '../../domain/report/drift/shown.js'
import { type Html, html } from '../html.js'
import type { Section } from '../page.js'
import { columnGroups } from './drift-columns.js'
import { health, operational } from './drift-health.js'
import { decided, findings, triggers } from './drift-identity.js'
import { multivariate } from './drift-multivariate.js'

/** The parts that draw large figures. */
export interface DriftFigures {
  readonly overTime: (drift: DriftReport) => Html
  readonly performance: (drift: DriftReport) => Html
}

/** Whether the section has such parts: the library that draws them takes longer to load than all else. */
export function hasFigures(drift: DriftReport): boolean {
  return momentsOf(drift).length > 1 || drift.performance !== undefined
}

/** A drift check's result: the verdict in words, columns by what needs attention, and everything that was found beside them. */
export function driftSection(drift: DriftReport, figures?: DriftFigures): Section {
  const judged = drift.state === undefined || drift.state === 'judged'
  return {
    id: 'drift',
    title: 'Drift',
    status: judged ? drift.decision : drift.state,
    body: html`<p><strong>${verdictWords(drift)}.</strong> ${reasonWords(drift)}. ${comparedWords(drift)}</p>
${contents(drift)}
${columnGroups(drift)}
${findings(drift)}
${figures === undefined ? html`` : figures.overTime(drift)}
${figures === undefined ? html`` : figures.performance(drift)}
${multivariate(drift)}
${health(drift)}
${operational(drift)}
${triggers(drift)}
${decided(drift)}`,
  }
}

/** Where what is, in a page that may be long. */
function contents(drift: DriftReport): Html {
  const parts = [
    ['columns', 'Columns', drift.columns.length > 0],
    ['findings', 'Findings', drift.findings.length > 0],
    ['time', 'Over time', momentsOf(drift).length > 1],
    ['performance', 'Performance', drift.performance !== undefined],
    ['together', 'All columns together', drift.multivariate !== undefined],
    ['health', 'Health', drift.health !== undefined],
    ['operational', 'Operational numbers', (drift.operational ?? []).length > 0],
    ['triggers', 'Triggers', (drift.triggers ?? []).length > 0],
    ['decided', 'How it was decided', true],
  ] as const
  const links = parts
    .filter(([, , there]) => there)
    .map(([id, title]) => html`<li><a href="#drift-${id}">${title}</a></li>`)
  return html`<ul class="jumps">${links}</ul>`
}
