import { closestMetric, getMetric, metricNames } from '../../metrics/index.js'
import type { Metric } from '../../metrics/metric.js'
import type { Problem } from '../../problem.js'
import { findColumn, type Table } from '../../table/column.js'
import { columnProblems, type KnownColumns } from './column-problems.js'
import { listed, quoted } from './problem-text.js'
import { classesOf, MOST_CLASSES, valuesOf } from './rows.js'
import {
  metricsOf,
  type PerformanceSettings,
  type PerformanceWindow,
  tablesOf,
} from './settings.js'

export interface PerformanceSamples {
  readonly reference: Table | readonly Table[]
  readonly current: readonly PerformanceWindow[]
  /** All columns that the data has, where the tables hold those alone that the settings name. */
  readonly known?: KnownColumns | undefined
}

/**
 * Everything in `drift.performance` that does not fit the data. None: an empty list, and `performanceDrift` may run. A label column may
 * be absent from current tables: it is then not known yet.
 */
export function performanceProblems(
  settings: PerformanceSettings,
  { reference, current, known }: PerformanceSamples,
): readonly Problem[] {
  const references = tablesOf(reference)
  const tables = { reference: references, current: current.map(({ table }) => table), known }
  const first = [...sourceProblems(settings), ...columnProblems(settings, tables)]
  if (first.length > 0) return [...first, ...metricProblems(settings)]
  return [...classProblems(settings, tables), ...metricProblems(settings)]
}

const WHERE = 'drift.performance'

function sourceProblems(settings: PerformanceSettings): Problem[] {
  const { task, prediction, score, scores, label } = settings
  if (task === 'regression' && (score !== undefined || scores !== undefined)) {
    const what = 'scores are probabilities of classes, and a regression has none.'
    return [{ code: 'MW-DRIFT-302', where: WHERE, what, fix: 'Remove score and scores.' }]
  }
  if (score !== undefined && scores !== undefined) {
    const what = 'both score and scores are given.'
    const fix = 'Give score for two classes, or scores for several.'
    return [{ code: 'MW-DRIFT-302', where: WHERE, what, fix }]
  }
  if (prediction === undefined && score === undefined && scores === undefined) {
    const what = 'no column of predictions is named.'
    const fix =
      task === 'regression'
        ? 'Name it with prediction.'
        : 'Name it with prediction, or the probabilities with score.'
    return [{ code: 'MW-DRIFT-302', where: WHERE, what, fix }]
  }
  if (scores !== undefined && Object.keys(scores).length < 2) {
    const what = 'scores names fewer than two classes.'
    const fix = 'Give each class its column, or score for the positive of two.'
    return [{ code: 'MW-DRIFT-302', where: `${WHERE}.scores`, what, fix }]
  }
  return label === '' ? [{ code: 'MW-DRIFT-302', where: WHERE, what: 'label is empty.' }] : []
}

interface Sides {
  readonly reference: readonly Table[]
  readonly current: readonly Table[]
}

function classProblems(settings: PerformanceSettings, { reference, current }: Sides): Problem[] {
  if (settings.task === 'regression') return []
  const tables = [...reference, ...current]
  const crowded = [settings.label, settings.prediction].flatMap((name) =>
    name !== undefined && hasTooMany(name, tables) ? [tooMany(name)] : [],
  )
  if (crowded.length > 0) return crowded
  const { classes, positive } = classesOf(settings, tables)
  return [
    ...sharedProblems(settings, tables),
    ...scoreProblems(settings, classes),
    ...positiveProblems(settings, classes, positive),
  ]
}

/** Of a column with more values than classes can be none are read. */
function hasTooMany(name: string, tables: readonly Table[]): boolean {
  return tables.some((table) => {
    const column = findColumn(table, name)
    if (column === undefined || valuesOf(name, [table]).size > 0) return false
    return column.kind === 'numeric'
      ? !column.values.every(Number.isNaN)
      : column.codes.some((c) => c >= 0)
  })
}

function tooMany(name: string): Problem {
  return {
    code: 'MW-DRIFT-306',
    where: WHERE,
    what: `column ${quoted(name)} holds more than ${MOST_CLASSES} distinct values, which are no classes.`,
    fix: 'Name the column of classes, or set task: regression.',
  }
}

function sharedProblems(
  { label, prediction }: PerformanceSettings,
  tables: readonly Table[],
): Problem[] {
  if (label === undefined || prediction === undefined) return []
  const labels = valuesOf(label, tables)
  const predictions = valuesOf(prediction, tables)
  if (labels.size === 0 || predictions.size === 0) return []
  for (const value of predictions) if (labels.has(value)) return []
  return [
    {
      code: 'MW-DRIFT-307',
      where: WHERE,
      what: `predictions (${listed([...predictions])}) share no class with labels (${listed([...labels])}).`,
      fix: 'Write predictions as labels are written, or name the right columns.',
    },
  ]
}

function scoreProblems(settings: PerformanceSettings, classes: readonly string[]): Problem[] {
  const { score, scores } = settings
  if (score !== undefined && classes.length > 2) {
    const what = `score is the probability of one of two classes, and there are ${classes.length}: ${listed(classes)}.`
    const fix = 'Name a column for each class with scores.'
    return [{ code: 'MW-DRIFT-308', where: `${WHERE}.score`, what, fix }]
  }
  if (scores === undefined) return []
  const without = classes.filter((name) => !Object.hasOwn(scores, name))
  if (without.length === 0) return []
  const what = `scores has no column for ${listed(without)}.`
  const fix = 'Name a column for each class that predictions or labels hold.'
  return [{ code: 'MW-DRIFT-308', where: `${WHERE}.scores`, what, fix }]
}

function positiveProblems(
  settings: PerformanceSettings,
  classes: readonly string[],
  positive: number | undefined,
): Problem[] {
  if (classes.length !== 2 && settings.positive === undefined) return scoreAlone(settings, classes)
  if (positive !== undefined) return []
  const where = `${WHERE}.positive`
  const fix = `Name one of: ${listed(classes)}.`
  if (settings.positive !== undefined) {
    const what = `the positive class ${quoted(String(settings.positive))} is not among the classes.`
    return [{ code: 'MW-DRIFT-309', where, what, fix }]
  }
  const asking = metricsOf(settings).some((name) => isBinary(getMetric(name)))
  if (settings.score === undefined && !asking) return []
  return [{ code: 'MW-DRIFT-309', where, what: 'it is not said which class is positive.', fix }]
}

/** A score without any class that it could be the probability of. */
function scoreAlone(settings: PerformanceSettings, classes: readonly string[]): Problem[] {
  if (settings.score === undefined || classes.length > 2) return []
  const what = 'it is not said which class the score is the probability of.'
  const fix = 'Name it with positive.'
  return [{ code: 'MW-DRIFT-309', where: `${WHERE}.positive`, what, fix }]
}

function isBinary(metric: Metric | undefined): boolean {
  return metric?.binary === true || metric?.averaged === true
}

function metricProblems(settings: PerformanceSettings): Problem[] {
  return metricsOf(settings).flatMap((name) => {
    const where = `${WHERE}.metrics`
    const metric = getMetric(name)
    if (metric === undefined) {
      const near = closestMetric(name)
      const fix =
        near === undefined ? `Name one of: ${metricNames.join(', ')}.` : `Did you mean ${near}?`
      return [{ code: 'MW-DRIFT-304', where, what: `there is no metric ${quoted(name)}.`, fix }]
    }
    const lack = unfit(settings, metric)
    return lack === undefined ? [] : [{ code: 'MW-DRIFT-305', where, what: `${name} ${lack}.` }]
  })
}

/** Why a metric cannot be asked for here. */
function unfit(settings: PerformanceSettings, metric: Metric): string | undefined {
  const { task, score, scores } = settings
  if (!metric.tasks.includes(task)) return `is not for ${task}`
  if (metric.needs.includes('group')) return 'compares groups, which drift does not'
  if (metric.needs.includes('column')) return 'is a column of numbers: compare it as a column'
  if (metric.k === 'required') return 'needs k, which drift has no key for'
  if (metric.quantile === 'required') return 'needs a quantile, which drift has no key for'
  const scored = score !== undefined || scores !== undefined
  const needs = metric.needs.some((need) => need === 'score' || need === 'probability')
  if (needs && !scored) return 'needs probabilities: name their column with score, or scores'
  if (metric.needs.includes('class-scores') && scores === undefined) {
    return 'needs the probability of each class: name their columns with scores'
  }
  return undefined
}
