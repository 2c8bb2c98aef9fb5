import type { Column, Table } from '../../table/column.js'
import { decideDrift } from '../decide.js'
import { labelOf } from '../label.js'
import type { DriftPolicy } from '../policy.js'
import type { ColumnsResult } from './result.js'
import type { PerformanceData, Rows } from './rows.js'
import type { PerformanceSettings } from './settings.js'

/**
 * Shares of classes are held to a smaller distance than other columns': a rare class that halves, from 5% to 2.1% say, moves the
 * Jensen-Shannon distance by 0.07 only, and is what people look for here.
 */
const RULES = {
  tests: { numeric: 'ks', categorical: 'chi-square' },
  thresholds: { 'wasserstein-normalised': 0.1, 'jensen-shannon': 0.05 },
  correction: 'holm',
  'min-share': 1,
  rows: { seed: 7 },
} as const satisfies Partial<DriftPolicy>

const NO_COLUMNS = { text: [], datetime: [], ignore: [], critical: [], importance: {} }

interface Sides {
  readonly reference: Column
  readonly current: Column
}

/**
 * Drift of what the model says: predicted classes by chi-square and the Jensen-Shannon distance, predicted numbers and scores by
 * Kolmogorov-Smirnov and the normalised Wasserstein distance, as any other columns.
 */
export function predictionDrift(
  settings: PerformanceSettings,
  data: PerformanceData,
  alpha: number,
): ColumnsResult {
  const { reference, current } = data
  const name =
    settings.prediction ??
    (settings.scores ? 'predicted class' : `score from ${settings.threshold}`)
  const pairs: Sides[] = []
  const add = (title: string, of: (rows: Rows) => Column | undefined) => {
    const both = { reference: of(reference), current: of(current) }
    if (both.reference === undefined || both.current === undefined) return
    const named = (column: Column) => ({ ...column, name: title })
    pairs.push({ reference: named(both.reference), current: named(both.current) })
  }
  add(name, (rows) => valueColumn(data, rows.predictions))
  if (settings.score !== undefined) add(settings.score, ({ score }) => numeric(score))
  data.classes.forEach((label, code) => {
    add(settings.scores?.[label] ?? label, ({ classScores }) => numeric(classScores?.[code]))
  })
  return compare(pairs, alpha, 'there are no predictions in both')
}

/** Drift of what turned out true, over the rows whose label is known; null where there are no labels at all. */
export function labelDrift(
  settings: PerformanceSettings,
  data: PerformanceData,
  alpha: number,
): ColumnsResult | null {
  const { label } = settings
  const of = (rows: Rows) => {
    const { labels } = rows
    if (labels === undefined) return undefined
    const column = valueColumn(
      data,
      labels.filter(data.task === 'classification' ? isCode : isNumber),
    )
    return column && { ...column, name: label ?? '' }
  }
  const reference = of(data.reference)
  const current = of(data.current)
  if (label === undefined || reference === undefined || current === undefined) return null
  return compare([{ reference, current }], alpha, 'there are no labels')
}

function isCode(value: number): boolean {
  return value >= 0
}

function isNumber(value: number): boolean {
  return !Number.isNaN(value)
}

function valueColumn(data: PerformanceData, values: Float64Array | undefined): Column | undefined {
  if (data.task === 'regression' || values === undefined) return numeric(values)
  const codes = new Int32Array(values.length)
  for (let row = 0; row < codes.length; row++) {
    const value = values[row] ?? Number.NaN
    codes[row] = value >= 0 ? value : -1
  }
  const { classes: categories } = data
  return { kind: 'categorical', name: '', type: 'string', codes, categories, missing: 0 }
}

function numeric(values: Float64Array | undefined): Column | undefined {
  return values && { kind: 'numeric', name: '', type: 'number', values, missing: 0 }
}

function compare(pairs: readonly Sides[], alpha: number, none: string): ColumnsResult {
  if (pairs.length === 0) return { status: 'inconclusive', reason: none, columns: [] }
  const table = (side: keyof Sides): Table => {
    const columns = pairs.map((pair) => pair[side])
    const [first] = columns
    const rows = first?.kind === 'numeric' ? first.values.length : (first?.codes.length ?? 0)
    return { rows, columns }
  }
  const named = (kind: Column['kind']) =>
    pairs.flatMap(({ reference }) => (reference.kind === kind ? [reference.name] : []))
  const columns = { ...NO_COLUMNS, numeric: named('numeric'), categorical: named('categorical') }
  const policy: DriftPolicy = { ...RULES, columns, alpha }
  const found = decideDrift(policy, table('reference'), table('current')).columns
  const drifted = found.filter(({ status }) => status === 'drifted')
  const open = found.filter(({ status }) => status === 'inconclusive')
  const told = [drifted, open, found].find((list) => list.length > 0) ?? []
  const isOpen = open.length > 0 || found.length === 0
  const status = drifted.length > 0 ? 'drifted' : isOpen ? 'inconclusive' : 'stable'
  const reason = told.map((column) => `${labelOf(column.name)}: ${column.reason}`).join('; ')
  return { status, reason, columns: found.map((one) => ({ ...one, name: labelOf(one.name) })) }
}
