import type { Diagnostics } from '../verdict.js'
import { calibrationOf } from './calibration.js'
import { confusionOf } from './confusion.js'
import { disagreementOf, type Showing } from './disagreement.js'
import type { DiagnosedExamples } from './examples.js'
import { groupRatesOf } from './group-rates.js'
import { errorHistogram, scoreHistograms } from './histograms.js'

export interface DiagnoseOptions extends Showing {
  /** The group columns of the fairness rules; `examples.groups` must hold them. */
  readonly groupColumns?: readonly string[] | undefined
  /** Of the intervals; 0.95 by default. */
  readonly level?: number | undefined
}

/**
 * What a reviewer looks at beside the checks: aggregates of bounded size, and, where `idOf` is given, the ids of a few
 * examples that the models disagree on. What the data cannot say is null. No examples: null and no groups throughout.
 */
export function diagnose(examples: DiagnosedExamples, options: DiagnoseOptions = {}): Diagnostics {
  const level = options.level ?? 0.95
  if (examples.n === 0) return NOTHING
  return {
    confusion: confusionOf(examples),
    calibration: calibrationOf(examples, level),
    scores: scoreHistograms(examples),
    errors: errorHistogram(examples),
    disagreement: disagreementOf(examples, options),
    groups: groupRatesOf(examples, options.groupColumns ?? [], level),
  }
}

const NOTHING: Diagnostics = {
  confusion: null,
  calibration: null,
  scores: null,
  errors: null,
  disagreement: null,
  groups: [],
}
