import type { Problem } from '../../problem.js'
import { noConcept } from './concept.js'
import { type PerformanceSamples, performanceProblems } from './problems.js'
import type { PerformanceResult } from './result.js'
import { type PerformanceRequest, tablesOf, USUAL_CONCEPT_MARGIN } from './settings.js'

/**
 * What is wrong, told apart by who can mend it: what the reference alone shows is a mistake in the settings, and what only the
 * current data brings is no reason to say nothing of the rest.
 */
export function sortedProblems(
  settings: PerformanceRequest['settings'],
  samples: PerformanceSamples,
): { readonly settings: readonly Problem[]; readonly data: readonly Problem[] } {
  const all = performanceProblems(settings, samples)
  if (all.length === 0) return { settings: [], data: [] }
  const usual = performanceProblems(settings, { ...samples, current: [] })
  const isUsual = (one: Problem) =>
    usual.some(({ code, where }) => code === one.code && where === one.where)
  return {
    settings: all.filter(isUsual),
    data: all.filter((one) => !isUsual(one)),
  }
}

/** Of current data that performance cannot be told from: that it is open, and why. */
export function unjudgedPerformance(
  { settings, reference, current, alpha }: Omit<PerformanceRequest, 'random' | 'covariates'>,
  reasons: readonly string[],
): PerformanceResult {
  const rows = (tables: readonly { readonly rows: number }[]) =>
    tables.reduce((sum, table) => sum + table.rows, 0)
  const why = reasons.join('; ')
  const reason = `it could not be judged: ${why}`
  const open = { status: 'inconclusive', reason } as const
  return {
    ...open,
    task: settings.task,
    level: settings.level,
    confidence: settings.confidence,
    alpha,
    rows: {
      reference: rows(tablesOf(reference)),
      current: rows(current.map(({ table }) => table)),
    },
    labelled: { reference: 0, current: 0 },
    labelCoverage: { reference: null, current: null },
    classes: [],
    positive: null,
    metrics: [],
    windows: [],
    sequential: null,
    calibration: null,
    predictions: { ...open, columns: [] },
    labels: null,
    covariates: null,
    concept: noConcept(reason, settings.margin ?? USUAL_CONCEPT_MARGIN),
    explanation: `Performance could not be judged: ${why}.`,
    notes: [],
  }
}
