import * as z from 'zod'
import { evidentlyMethod, hasDrifted } from '../../../domain/drift/imported/evidently-methods.js'
import type {
  ImportedColumn,
  ImportedResult,
} from '../../../domain/drift/imported/imported-result.js'

const Score = z.number().nullish()
const Text = z.string().nullish()

/** One column in Evidently up to 0.6 (and `evidently.legacy`): of DataDriftTable and ColumnDriftMetric. */
const OldColumn = z.object({
  column_name: z.string(),
  column_type: Text,
  stattest_name: Text,
  stattest_threshold: Score,
  drift_score: Score,
  drift_detected: z.boolean().nullish(),
})

/** The same in a test suite, whose scores are rounded. */
const OldTest = z.object({
  column_name: Text,
  stattest: Text,
  score: Score,
  threshold: Score,
  detected: z.boolean().nullish(),
})

const ValueDrift = z.object({
  type: z.string().regex(/(^|:)ValueDrift$/),
  column: z.string(),
  method: Text,
  threshold: Score,
})

const NewMetric = z.object({ config: ValueDrift, value: Score })
/** In what a workspace saves. */
const SavedMetric = z.object({
  metric_value_location: z.object({ metric: z.object({ params: ValueDrift }) }),
  value: Score,
})
/** From 0.6 to 0.7.8: everything is in one text. */
const NamedMetric = z.object({ metric_id: z.string(), value: Score })
const NewTest = z.object({ metric_config: z.object({ params: ValueDrift }), status: z.string() })

const Version = z.object({ version: z.string().max(100) })

/**
 * The columns that a report or a test suite of Evidently judged: 0.4 to 0.6 (`metrics[].result`, `tests[].parameters`) and
 * 0.7 (`metrics[].config`, and what a workspace saves). 0.7 gives a score without saying whether it is drift, so that its
 * documented rule is applied, unless the report has tests. A column twice counts once, as it was first said.
 */
export function readEvidently(json: unknown): ImportedResult {
  const found = [...oldColumns(json), ...newColumns(json)]
  const byName = new Map<string, ImportedColumn>()
  for (const column of found) {
    const known = byName.get(column.name)
    if (known === undefined || (known.drifted === null && column.drifted !== null)) {
      byName.set(column.name, column)
    }
  }
  const version = Version.safeParse(json).data?.version ?? null
  return {
    source: { kind: 'evidently-json', monitor: 'Evidently', version },
    columns: [...byName.values()],
  }
}

function oldColumns(json: unknown): ImportedColumn[] {
  const ofMetrics = items(at(json, 'metrics')).flatMap((metric) => {
    const result = at(metric, 'result')
    return [result, ...entries(at(result, 'drift_by_columns')).map(([, column]) => column)]
  })
  const ofTests = items(at(json, 'tests')).flatMap((test) => {
    const parameters = at(test, 'parameters')
    const features = entries(at(parameters, 'features')).map(([name, feature]) => ({
      name,
      feature,
    }))
    return [{ name: undefined, feature: parameters }, ...features]
  })
  return [
    ...ofMetrics.flatMap((column) => oldColumn(OldColumn.safeParse(column).data)),
    ...ofTests.flatMap(({ name, feature }) => oldTest(name, OldTest.safeParse(feature).data)),
  ]
}

function oldColumn(column: z.output<typeof OldColumn> | undefined): ImportedColumn[] {
  if (column === undefined || column.drift_score === undefined) return []
  return [
    importedColumn({
      name: column.column_name,
      type: column.column_type,
      method: column.stattest_name,
      threshold: column.stattest_threshold,
      score: column.drift_score,
      stated: column.drift_detected,
    }),
  ]
}

function oldTest(
  key: string | undefined,
  test: z.output<typeof OldTest> | undefined,
): ImportedColumn[] {
  const name = key ?? test?.column_name
  if (test === undefined || name === undefined || name === null) return []
  if (test.score === undefined && test.detected === undefined) return []
  const { stattest, threshold, score, detected } = test
  return [
    importedColumn({ name, type: undefined, method: stattest, threshold, score, stated: detected }),
  ]
}

function newColumns(json: unknown): ImportedColumn[] {
  const stated = statedByTests(items(at(json, 'tests')))
  const metrics = [
    ...items(at(json, 'metrics')),
    ...entries(at(json, 'metric_results')).map(([, metric]) => metric),
  ]
  return metrics.flatMap((metric) => {
    const drift = newMetric(metric)
    if (drift === undefined) return []
    const { column, method, threshold, score } = drift
    return [
      importedColumn({
        name: column,
        type: undefined,
        method,
        threshold,
        score,
        stated: stated.get(column),
      }),
    ]
  })
}

interface NewDrift {
  readonly column: string
  readonly method?: string | null | undefined
  readonly threshold?: number | null | undefined
  readonly score?: number | null | undefined
}

function newMetric(metric: unknown): NewDrift | undefined {
  const configured = NewMetric.safeParse(metric).data
  if (configured !== undefined) return { ...configured.config, score: configured.value }
  const saved = SavedMetric.safeParse(metric).data
  if (saved !== undefined)
    return { ...saved.metric_value_location.metric.params, score: saved.value }
  const named = NamedMetric.safeParse(metric).data
  const parts = /^ValueDrift\(column=(.*?)(?:,method=([^,]*),threshold=([\d.e+-]+))?\)$/s.exec(
    named?.metric_id ?? '',
  )
  if (parts === null) return undefined
  const [, column = '', method, threshold] = parts
  return {
    column,
    method,
    threshold: threshold === undefined ? undefined : Number(threshold),
    score: named?.value,
  }
}

/** By column, whether a test of 0.7 found drift. */
function statedByTests(tests: readonly unknown[]): Map<string, boolean> {
  const stated = new Map<string, boolean>()
  for (const item of tests) {
    const test = NewTest.safeParse(item).data
    if (test?.status === 'FAIL') stated.set(test.metric_config.params.column, true)
    if (test?.status === 'SUCCESS') stated.set(test.metric_config.params.column, false)
  }
  return stated
}

interface Said extends Omit<NewDrift, 'column'> {
  readonly name: string
  readonly type: string | null | undefined
  readonly stated: boolean | null | undefined
}

function importedColumn({ name, type, method, threshold, score, stated }: Said): ImportedColumn {
  const known = method === undefined || method === null ? undefined : evidentlyMethod(method)
  const isPValue = known?.score === 'p-value'
  const value = score ?? null
  const limit = threshold ?? null
  const byRule =
    known === undefined || value === null || limit === null ? null : hasDrifted(known, value, limit)
  return {
    name,
    kind:
      type === 'cat' || (type !== 'num' && known?.kind === 'categorical')
        ? 'categorical'
        : 'numeric',
    test: method ?? null,
    statistic: isPValue ? null : value,
    pValue: isPValue ? value : null,
    limit,
    drifted: stated ?? byRule,
    stated: stated !== undefined && stated !== null,
  }
}

/** A key that the object itself has. */
function at(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return Reflect.get(value, key)
}

function items(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A column may be called `__proto__`, which JSON.parse makes a key like any other. */
function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : []
}
