import { columnMean, columnOf } from '../metrics/column.js'
import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import { type Bound, boundOf } from './bound.js'
import type { GateExamples } from './examples.js'
import {
  comparatorOf,
  DEFAULT_MIN_SIZE,
  type GatePolicy,
  type GateRule,
  sliceColumns,
} from './policy.js'
import { type Slice, sliceRows } from './slices.js'
import type { SliceKey, SliceSummary } from './verdict.js'

/** One question that the gate asks: a rule, on all examples or on a slice. */
export interface PlannedCheck {
  readonly id: string
  readonly rule: GateRule
  readonly metric: Metric
  readonly bound: Bound
  readonly slice: SliceKey | null
  /** Rows of the slice; undefined for all. */
  readonly rows: Int32Array | undefined
  /** The slice is too small to judge. */
  readonly tooSmall: boolean
}

export interface Plan {
  readonly checks: readonly PlannedCheck[]
  readonly slices: readonly SliceSummary[]
}

/** So many slices that are too small are listed by name; the rest are counted. */
const SKIPPED_SHOWN = 20

/** All checks in the order of the rules: first all examples, then each slice. */
export function planChecks(policy: GatePolicy, examples: GateExamples): Plan {
  const checks: PlannedCheck[] = []
  const slices = new Map<string, SliceSummary>()
  const ids = new Map<string, number>()
  for (const rule of policy.rules) {
    const metric = metricOf(rule)
    if (metric === undefined) continue
    const add = (part: Pick<PlannedCheck, 'slice' | 'rows' | 'tooSmall'>) => {
      const id = uniqueId(ids, `${rule.metric}.${comparatorOf(rule)}${sliceSuffix(part.slice)}`)
      checks.push({ id, rule, metric, bound: boundOf(rule, metric.direction), ...part })
    }
    add({ slice: null, rows: undefined, tooSmall: false })
    for (const column of sliceColumns(rule).flat()) {
      const split = splitColumn(rule, column, examples)
      slices.set(JSON.stringify([column, split.summary.minSize]), split.summary)
      for (const { slice, tooSmall } of split.shown) {
        add({ slice: { column, value: slice.value }, rows: slice.rows, tooSmall })
      }
    }
  }
  return { checks, slices: [...slices.values()] }
}

/** The rule's metric. A column of numbers is better higher unless the rule says otherwise or sets a ceiling. */
export function metricOf(rule: GateRule): Metric | undefined {
  if (columnOf(rule.metric) === undefined) return getMetric(rule.metric)
  const usual = rule['at-most'] === undefined ? 'higher' : 'lower'
  return columnMean(rule.metric, rule.direction ?? usual)
}

function splitColumn(rule: GateRule, column: string, examples: GateExamples) {
  const minSize = rule.slices?.['min-size'] ?? DEFAULT_MIN_SIZE
  const groups = examples.groups.get(column)
  const all = groups === undefined ? [] : sliceRows(groups)
  const small = all.filter(({ rows }) => rows.length < minSize)
  const hidden = new Set(small.slice(SKIPPED_SHOWN))
  const shown = all
    .filter((slice) => !hidden.has(slice))
    .map((slice: Slice) => ({ slice, tooSmall: slice.rows.length < minSize }))
  const summary = {
    column,
    values: all.length,
    judged: all.length - small.length,
    skipped: small.length,
    minSize,
  }
  return { shown, summary }
}

function sliceSuffix(slice: SliceKey | null): string {
  if (slice === null) return ''
  return slice.value === null ? `[${slice.column} is missing]` : `[${slice.column}=${slice.value}]`
}

/** Two rules may ask the same of a metric, by other groups say: the later ones are numbered. */
function uniqueId(ids: Map<string, number>, id: string): string {
  const count = (ids.get(id) ?? 0) + 1
  ids.set(id, count)
  return count === 1 ? id : uniqueId(ids, `${id}#${count}`)
}
