import { getMetric } from '../metrics/index.js'
import { isUnitMetric, unitMetricKey } from '../metrics/unit-metrics.js'
import { cellText, findColumn, type Table } from '../table/column.js'
import { diagnose } from './diagnostics/diagnose.js'
import { optionsOf } from './draft.js'
import type { GateExamples } from './examples.js'
import { columnNeeds } from './needs.js'
import type { GatePolicy } from './policy.js'
import { defaultScore, type SliceScore } from './slice-search/score.js'
import { searchSlices } from './slice-search/search.js'
import { searchableColumns } from './slice-search/searchable-columns.js'
import type { ColumnNames } from './source.js'
import type { Diagnostics, SliceSearch } from './verdict.js'

/** What reviewers are shown beside the checks. */
export interface ExplainOptions {
  /** Absent: no search. */
  readonly search?:
    | {
        readonly columns?: readonly string[] | undefined
        readonly minSize: number
        readonly depth: number
        readonly rate: number
      }
    | undefined
  /** Whether the rows that the models disagree on are shown, and not their ids alone. */
  readonly showExamples: boolean
}

export interface ExplainRequest {
  readonly policy: GatePolicy
  readonly examples: GateExamples
  readonly columns: ColumnNames
  readonly options: ExplainOptions
}

export interface Explanation {
  readonly diagnostics: Diagnostics
  readonly sliceSearch: SliceSearch | undefined
}

/** Where and how the candidate errs: for the reviewer, no part of the decision. */
export function explain(request: ExplainRequest): Explanation {
  return { diagnostics: diagnosticsOf(request), sliceSearch: sliceSearchOf(request) }
}

function diagnosticsOf({ policy, examples, columns, options }: ExplainRequest): Diagnostics {
  const { source } = examples
  const groupColumns = [...new Set(policy.rules.flatMap(({ group }) => group ?? []))]
  const level = policy.confidence
  if (source?.id === undefined) return diagnose(examples, { groupColumns, level })
  const { id, rows, table } = source
  const shown = table.columns.filter(({ name }) => name !== columns.id).map(({ name }) => name)
  const cellOf = (row: number, name: string): string | null => {
    const column = findColumn(table, name)
    return column === undefined ? null : (cellText(column, rows[row] ?? 0) ?? null)
  }
  return diagnose(examples, {
    groupColumns,
    level,
    idOf: (row) => cellText(id, rows[row] ?? 0) ?? '',
    cells: options.showExamples ? { columns: shown, cellOf } : undefined,
  })
}

function sliceSearchOf(request: ExplainRequest): SliceSearch | undefined {
  const { examples, options } = request
  const { search } = options
  const score = search && (defaultScore(examples) ?? unitScore(request))
  if (search === undefined || score === undefined || examples.source === undefined) return undefined
  const { table, rows } = examples.source
  const found = searchableColumns({
    table,
    rows,
    except: roles(request, table),
    only: search.columns,
  })
  if (found.length === 0) return undefined
  const { minSize, depth, rate } = search
  return searchSlices({ score, columns: found, minSize, depth, rate })
}

/** In ranking and generation: the first rule's number of each unit. */
function unitScore({ policy, examples }: ExplainRequest): SliceScore | undefined {
  for (const rule of policy.rules) {
    const metric = getMetric(rule.metric)
    if (metric === undefined || !isUnitMetric(metric)) continue
    const key = unitMetricKey(metric.name, optionsOf(rule))
    const candidate = examples.candidate.columns.get(key)
    if (candidate === undefined) continue
    const paired = examples.baselineRows === undefined
    const baseline = paired ? examples.baseline?.columns.get(key) : undefined
    const { weights, clusters } = examples
    return {
      name: rule.metric,
      direction: metric.direction,
      candidate,
      baseline,
      weights,
      clusters,
    }
  }
  return undefined
}

/** Columns that say something of an example only after it was judged, or nothing at all. */
function roles({ columns, policy }: ExplainRequest, table: Table): ReadonlySet<string> {
  const { id, label, prediction, score, weight, cluster, query, sample, scores } = columns
  const byClass = typeof scores === 'object' ? Object.values(scores) : []
  const byPrefix =
    typeof scores === 'string' ? table.columns.filter(({ name }) => name.startsWith(scores)) : []
  const optional = [weight, cluster, query, sample].filter((name) => name !== undefined)
  return new Set([
    ...[id, label, prediction, score, ...optional, ...byClass],
    ...byPrefix.map(({ name }) => name),
    ...columnNeeds(policy.rules).columns,
  ])
}
