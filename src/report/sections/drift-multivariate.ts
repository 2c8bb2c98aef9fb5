import type { Explanation, MultivariateTest } from '../../domain/drift/multivariate/result.js'
import { percent } from '../../domain/drift/wording.js'
import { statisticWords, TEST_NAMES } from '../../domain/report/drift/beside.js'
import type { DriftReport } from '../../domain/report/drift/shown.js'
import { formatNumber, formatPValue, grouped, upperFirst } from '../../domain/report/words.js'
import { bullet } from '../drawings/bullet.js'
import { type Html, html } from '../html.js'
import { badge } from '../page.js'
import { firstRows, tableOf } from '../table.js'

const MOST_LEFT_OUT = 20

/** All columns together: each test, and the columns that explain it. */
export function multivariate({ multivariate: found }: DriftReport): Html {
  if (found === undefined) return html``
  const { shown, rest } = firstRows(found.leftOut, MOST_LEFT_OUT)
  const leftOut =
    shown.length === 0
      ? html``
      : html`<details><summary>Columns that these tests cannot use: ${grouped(found.leftOut.length)}</summary>${tableOf(
          'Left out',
          ['Column', 'Why'],
          shown.map(({ column, reason }) => [column, reason]),
        )}${rest}</details>`
  return html`<h3 id="drift-together">All columns together ${badge(found.status)}</h3><div class="figures">${found.tests.map(test)}</div>${leftOut}`
}

function test(one: MultivariateTest): Html {
  const { name, status, reason, pValue, rows } = one
  const result = statisticWords(one)
  const numbers = [
    ...(result === '' ? [] : [result]),
    ...(pValue === null ? [] : [`p ${formatPValue(pValue)}`]),
    `${grouped(rows.reference)} rows against ${grouped(rows.current)}`,
  ].join('; ')
  return html`<div class="test"><h4>${TEST_NAMES[name]} ${badge(status)}</h4><p>${upperFirst(reason)}.</p>${drawing(one)}<p class="faint">${numbers}${name === 'domain-classifier' ? '. An area of 0.5 is a coin toss, 1 tells every row' : ''}.</p>${explained(one)}</div>`
}

function drawing({ name, statistic, threshold, interval, status }: MultivariateTest): Html {
  if (statistic === null || threshold === null) return html``
  const scale =
    name === 'domain-classifier'
      ? { base: 0.5, most: 1 }
      : {
          base: 0,
          most: Math.max(statistic, 2 * threshold, interval?.high ?? 0),
        }
  return bullet({ value: statistic, limit: threshold, interval, ...scale }, status)
}

function explained({ name, explains }: MultivariateTest): Html {
  if (explains.length === 0) return html``
  return name === 'correlation' ? moved(explains) : shares(name, explains)
}

function moved(explains: readonly Explanation[]): Html {
  const number = (value: number | null) =>
    value === null ? '–' : formatNumber(Number(value.toFixed(2)))
  return tableOf(
    'Correlations that moved most',
    ['Columns', 'Before', 'Now', 'Moved by'],
    explains.map(({ columns, reference, current, difference }) => [
      columns.join(' and '),
      number(reference),
      number(current),
      number(difference),
    ]),
  )
}

function shares(name: MultivariateTest['name'], explains: readonly Explanation[]): Html {
  return tableOf(
    `Columns that explain it: ${TEST_NAMES[name].toLowerCase()}`,
    ['Column', 'Share', ''],
    explains.map(({ columns, share }) => [
      columns.join(' and '),
      share === null ? '–' : percent(share),
      html`<i class="share" style="width:${Math.round(96 * Math.min(Math.max(share ?? 0, 0), 1))}px"></i>`,
    ]),
  )
}
