import { rateInterval } from '../stats/binomial-e-process.js'
import type { AnalysisRow } from './analysis.js'
import type { RolloutPolicy } from './policy.js'
import { brief, type Reason } from './reason.js'

/**
 * What stable's record does not say yet, before the canary is alone with all users: it is held to the upper end of the record's
 * confidence sequence, so a short record would let pass a canary that fails many times as often. A record says enough once that end is
 * within (1 + margin) times its rate. `records` are the rows of the soak; nothing is guarded -> no reason.
 */
export function recordReasons(policy: RolloutPolicy, records: readonly AnalysisRow[]): Reason[] {
  return records.flatMap(({ metric, threshold, stable }) => {
    const settings = policy.metrics.find((one) => one.metric === metric)
    if (settings === undefined || !('margin' in settings) || threshold === null) return []
    const { estimate = 0, high } = rateInterval(stable, 1 / threshold)
    if (high <= (1 + settings.margin) * estimate) return []
    const text = `${metric}: stable's record is ${stable.events} of ${stable.n}, which bounds its rate by ${brief(100 * high)} % only.`
    return [{ code: 'record-open', text }]
  })
}
