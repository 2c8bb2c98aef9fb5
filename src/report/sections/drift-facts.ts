import { percent } from '../../domain/drift/wording.js'
import { distanceNumber, hasCells } from '../../domain/report/drift/column-words.js'
import { baseWords } from '../../domain/report/drift/decided.js'
import type { ShownColumn } from '../../domain/report/drift/shown.js'
import { formatNumber, formatPValue, grouped } from '../../domain/report/words.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'

type Fact = readonly [what: string, value: Html | string]

const MOST_CATEGORIES = 10

/** Every number that a column was judged by. */
export function columnFacts(column: ShownColumn): Html {
  const facts = [
    ...distanceFacts(column),
    ...testFacts(column),
    ...cellFacts(column),
    ...categoryFacts(column),
    ...otherFacts(column),
  ]
  return html`<dl class="facts">${facts.map(([what, value]) => html`<dt>${what}</dt><dd>${value}</dd>`)}</dl>`
}

function distanceFacts({ distance }: ShownColumn): Fact[] {
  if (distance === null) return []
  const { name, value, threshold, noise, detectable } = distance
  const facts: Fact[] = [
    ['Distance', `${name} ${value === null ? '–' : distanceNumber(value)}${baseWords(name)}`],
    ['Limit', formatNumber(threshold)],
  ]
  if (noise != null) facts.push(['Chance alone makes up to', distanceNumber(noise)])
  if (detectable != null)
    facts.push(['Shows from about', `${distanceNumber(detectable)} of true distance`])
  return facts
}

function testFacts({ test, statistic, pValue, adjustedPValue }: ShownColumn): Fact[] {
  if (test === null) return []
  const facts: Fact[] = [
    ['Test', statistic === null ? test : `${test}, statistic ${formatNumber(statistic)}`],
  ]
  if (pValue !== null) facts.push(['p', formatPValue(pValue)])
  if (adjustedPValue !== null) facts.push(['p, corrected', formatPValue(adjustedPValue)])
  return facts
}

function cellFacts(column: ShownColumn): Fact[] {
  if (!hasCells(column)) return []
  const { values, nulls, nullTest, infinities } = column
  const certainty = nullTest == null ? '' : `, corrected p ${formatPValue(nullTest.adjustedPValue)}`
  const facts: Fact[] = [
    ['Missing', `${percent(nulls.reference)} before, ${percent(nulls.current)} now${certainty}`],
  ]
  if (values !== undefined && values.reference + values.current > 0)
    facts.push([
      'Values compared',
      `${grouped(values.reference)} before, ${grouped(values.current)} now`,
    ])
  if (infinities !== undefined && infinities.reference + infinities.current > 0)
    facts.push([
      'Infinite, left out',
      `${grouped(infinities.reference)} before, ${grouped(infinities.current)} now`,
    ])
  return facts
}

function categoryFacts(column: ShownColumn): Fact[] {
  const { newCategories, vanishedCategories = [], newShare = 0 } = column
  const facts: Fact[] = []
  const fresh = column.newCategoryCount ?? newCategories.length
  const share = newShare > 0 ? `, ${percent(newShare)} of the values` : ''
  if (fresh > 0) facts.push([`New: ${categories(fresh)}${share}`, named(newCategories, fresh)])
  const gone = column.vanishedCategoryCount ?? vanishedCategories.length
  if (gone > 0) facts.push([`Gone: ${categories(gone)}`, named(vanishedCategories, gone)])
  return facts
}

function categories(count: number): string {
  return count === 1 ? '1 category' : `${grouped(count)} categories`
}

function named(categories: readonly string[], count: number): Html {
  const shown = categories.slice(0, MOST_CATEGORIES)
  const rest = count - shown.length
  const more = rest > 0 ? ` and ${grouped(rest)} more` : ''
  return html`${shown.map((text) => html`<code>${text === '' ? '(empty)' : text}</code> `)}${more}`
}

function otherFacts({ psi, js, distance, rankError = 0, kind, against = [] }: ShownColumn): Fact[] {
  const facts: Fact[] = []
  if (psi !== null && distance?.name !== 'psi') facts.push(['PSI', formatNumber(psi)])
  if (js !== null && distance?.name !== 'jensen-shannon')
    facts.push(['Jensen–Shannon', formatNumber(js)])
  facts.push(['Compared as', kind])
  if (rankError > 0)
    facts.push(['From a sketch', `ranks may be off by ${formatNumber(100 * rankError)}%`])
  if (against.length > 0)
    facts.push([
      'Against each reference',
      html`<ul>${against.map(({ reference, status, distance: value }) => html`<li>${badge(status)} ${reference}${value === null ? '' : `: ${distanceNumber(value)}`}</li>`)}</ul>`,
    ])
  return facts
}
