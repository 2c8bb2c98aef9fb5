import type { DeploySection } from '../../config/deploy.js'
import { slowBound } from './shadow.js'

const TOLERANCE = 1e-6

/** What the analysis wants of answers that a log has: which output is the prediction, how near is the same, which times matter. */
export function answersWanted(settings: DeploySection) {
  const overs: number[] = []
  let output: string | undefined
  let tolerance = TOLERANCE
  for (const metric of settings.analysis) {
    if (metric.metric === 'latency') overs.push(metric.over)
    if (metric.metric === 'quality') output = metric.prediction ?? output
    if (metric.metric !== 'disagreement') continue
    output ??= metric.prediction
    tolerance = metric.tolerance
  }
  return {
    output,
    tolerance,
    overs,
    slowMs: slowBound(settings),
  }
}
