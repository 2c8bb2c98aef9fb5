import { closestName } from '../closest-name.js'
import { accuracy } from './accuracy.js'
import { auc } from './auc.js'
import { averagePrecision } from './average-precision.js'
import { balancedAccuracy } from './balanced-accuracy.js'
import { brier } from './brier.js'
import { cohenKappa } from './cohen-kappa.js'
import { columnMean, columnOf } from './column.js'
import { demographicParityDifference } from './demographic-parity-difference.js'
import { demographicParityRatio } from './demographic-parity-ratio.js'
import { disparateImpact } from './disparate-impact.js'
import { equalOpportunityDifference } from './equal-opportunity-difference.js'
import { equalizedOddsDifference } from './equalized-odds-difference.js'
import { exactMatch } from './exact-match.js'
import { expectedCalibrationError } from './expected-calibration-error.js'
import { f1 } from './f1.js'
import { logLoss } from './log-loss.js'
import { mae } from './mae.js'
import { map } from './map.js'
import { mape } from './mape.js'
import { matthews } from './matthews.js'
import { meanScore } from './mean-score.js'
import type { Metric } from './metric.js'
import { mrr } from './mrr.js'
import { mse } from './mse.js'
import { ndcg } from './ndcg.js'
import { passAtK } from './pass-at-k.js'
import { pinball } from './pinball.js'
import { precision } from './precision.js'
import { r2 } from './r2.js'
import { recall } from './recall.js'
import { recallAtK } from './recall-at-k.js'
import { rmse } from './rmse.js'
import { topKAccuracy } from './top-k-accuracy.js'
import { winRate } from './win-rate.js'

/** Every metric: a new one is a file in this folder and a line here. */
const METRICS: readonly Metric[] = [
  accuracy,
  balancedAccuracy,
  precision,
  recall,
  f1,
  auc,
  averagePrecision,
  logLoss,
  brier,
  expectedCalibrationError,
  matthews,
  cohenKappa,
  topKAccuracy,
  mae,
  mse,
  rmse,
  mape,
  r2,
  pinball,
  ndcg,
  mrr,
  map,
  recallAtK,
  exactMatch,
  passAtK,
  winRate,
  meanScore,
  demographicParityDifference,
  demographicParityRatio,
  equalizedOddsDifference,
  equalOpportunityDifference,
  disparateImpact,
]

const BY_NAME: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]))

/** Names of the built-in metrics; `column:<name>` is understood beside them. */
export const metricNames: readonly string[] = METRICS.map((metric) => metric.name)

/** The metric of that name, or of `column:<name>`; undefined when there is none. */
export function getMetric(name: string): Metric | undefined {
  return BY_NAME.get(name) ?? (columnOf(name) === undefined ? undefined : columnMean(name))
}

/** The metric that a mistyped name most likely meant; names are short, so two slips are always allowed. */
export function closestMetric(name: string): string | undefined {
  return closestName(name, metricNames, (wanted) => Math.max(2, Math.floor(wanted / 3)))
}
