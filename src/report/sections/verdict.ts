import { searchWords } from '../../domain/report/verdict/check-words.js'
import { verdictSentence } from '../../domain/report/verdict/headline.js'
import type { ShownVerdict } from '../../domain/report/verdict/shown.js'
import type { VerdictPredicate } from '../../statements/schemas/verdict.js'
import { type Html, html } from '../html.js'
import type { Section } from '../page.js'
import { charts } from './verdict-charts.js'
import { declaredSlices, overallTable, reasons } from './verdict-checks.js'
import { confusionTables, disagreement } from './verdict-confusion.js'
import { forests } from './verdict-forest.js'
import { identity, notes, policyChange } from './verdict-identity.js'
import { foundTable, groupTable } from './verdict-slices.js'

/** The gate's verdict, in the comment's order: decision, rules, what did not pass, worst slices, pictures, identity. */
export function verdictSection(verdict: VerdictPredicate): Section {
  return {
    id: 'gate',
    title: 'Gate',
    status: verdict.decision,
    body: html`<p><strong>${capitalised(verdictSentence(verdict))}</strong></p>
${notes(verdict)}
${overallTable(verdict.checks)}
${reasons(verdict)}
${found(verdict)}
${declaredSlices(verdict)}
${pictures(verdict)}
${details(verdict)}
${identity(verdict)}
${policyChange(verdict)}`,
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function found({ sliceSearch }: ShownVerdict): Html {
  if (sliceSearch === undefined) return html``
  const table =
    sliceSearch.found.length === 0
      ? html`<p>The search found no slice where the candidate does worse.</p>`
      : foundTable(sliceSearch)
  return html`<h3>Worst slices</h3>${table}<p class="faint">${searchWords(sliceSearch)}</p>`
}

function pictures({ checks, diagnostics }: ShownVerdict): Html {
  const all = [...forests(checks), ...(diagnostics === undefined ? [] : charts(diagnostics))]
  if (all.length === 0) return html``
  return html`<h3>Pictures</h3><div class="figures">${all}</div>`
}

function details({ diagnostics }: ShownVerdict): Html {
  if (diagnostics === undefined) return html``
  return html`${groupTable(diagnostics.groups)}${confusionTables(diagnostics.confusion)}${disagreement(diagnostics.disagreement)}`
}
