import { columnMean, columnOf } from '../metrics/column.js'
import { getMetric } from '../metrics/index.js'
import type { Metric } from '../metrics/metric.js'
import type { Problem } from '../problem.js'
import { type Bound, boundOf } from './bound.js'
import type { GateExamples } from './examples.js'
import { countSlices, type PlannedSlice, splitBy } from './plan-slices.js'
import { type MetricFace, type PointName, pointFace, pointOf } from './points/point-name.js'
import { comparatorOf, type GatePolicy, type GateRule, sliceColumns } from './policy.js'
import type { SliceKey, SliceSummary } from './verdict.js'

/** One question that the gate asks: a rule, on all examples, on a slice, or of a number of its own. */
export interface PlannedCheck {
  readonly id: string
  readonly rule: GateRule
  readonly metric: MetricFace
  readonly bound: Bound
  readonly slice: SliceKey | null
  readonly asks: Asks
}

export type Asks =
  | { readonly of: 'point'; readonly point: PointName }
  | {
      readonly of: 'examples'
      readonly metric: Metric
      /** Undefined for all examples. */
      readonly slice: PlannedSlice | undefined
    }

export interface Plan {
  readonly checks: readonly PlannedCheck[]
  readonly slices: readonly SliceSummary[]
}

/** Judging more than this takes longer than anybody waits, and no correction leaves such a family any power. */
const MOST_CHECKS = 5000

/** Whether the rules and slices are too many to judge: counted before any slice is made. */
export function planProblems(policy: GatePolicy, examples: GateExamples): Problem[] {
  let checks = policy.rules.length
  for (const rule of policy.rules) {
    for (const columns of sliceColumns(rule)) checks += countSlices(rule, columns, examples)
  }
  if (checks <= MOST_CHECKS) return []
  return [
    {
      code: 'MW-GATE-053',
      where: 'gate.rules',
      what: `the rules and their slices make ${checks} checks, and at most ${MOST_CHECKS} can be judged.`,
      fix: 'Slice by fewer or coarser columns, or raise slices.min-size.',
    },
  ]
}

/** All checks in the order of the rules: first all examples, then each slice. Without examples only those of numbers. */
export function planChecks(policy: GatePolicy, examples: GateExamples | undefined): Plan {
  const checks: PlannedCheck[] = []
  const slices = new Map<string, SliceSummary>()
  const ids = new Map<string, number>()
  for (const rule of policy.rules) {
    for (const part of partsOf(rule, examples, slices)) {
      const id = uniqueId(ids, `${rule.metric}.${comparatorOf(rule)}${sliceSuffix(part.slice)}`)
      checks.push({ id, rule, bound: boundOf(rule, part.metric.direction), ...part })
    }
  }
  return { checks, slices: [...slices.values()] }
}

type Part = Pick<PlannedCheck, 'metric' | 'slice' | 'asks'>

function partsOf(
  rule: GateRule,
  examples: GateExamples | undefined,
  summaries: Map<string, SliceSummary>,
): Part[] {
  const point = pointOf(rule.metric)
  if (point !== undefined) {
    return [{ metric: pointFace(rule, point), slice: null, asks: { of: 'point', point } }]
  }
  const metric = metricOf(rule)
  if (metric === undefined || examples === undefined) return []
  const part = (slice: PlannedSlice | undefined): Part => ({
    metric,
    slice: slice?.key ?? null,
    asks: { of: 'examples', metric, slice },
  })
  const parts = [part(undefined)]
  for (const columns of sliceColumns(rule)) {
    const split = splitBy(rule, columns, examples)
    summaries.set(JSON.stringify([columns, split.summary.minSize]), split.summary)
    for (const slice of split.slices) parts.push(part(slice))
  }
  return parts
}

/** The rule's metric. A column of numbers is better higher unless the rule says otherwise or sets a ceiling. */
export function metricOf(rule: GateRule): Metric | undefined {
  if (columnOf(rule.metric) === undefined) return getMetric(rule.metric)
  const usual = rule['at-most'] === undefined ? 'higher' : 'lower'
  return columnMean(rule.metric, rule.direction ?? usual)
}

function sliceSuffix(slice: SliceKey | null): string {
  if (slice === null) return ''
  const parts = [slice, ...(slice.and ?? [])].map(({ column, value }) =>
    value === null ? `${column} is missing` : `${column}=${value}`,
  )
  return `[${parts.join(', ')}]`
}

/** Two rules may ask the same of a metric, by other groups say: the later ones are numbered. */
function uniqueId(ids: Map<string, number>, id: string): string {
  const count = (ids.get(id) ?? 0) + 1
  ids.set(id, count)
  return count === 1 ? id : uniqueId(ids, `${id}#${count}`)
}
