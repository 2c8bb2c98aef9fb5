import { rateInterval } from '../stats/binomial-e-process.js'
import type { AnalysisRow } from './analysis.js'
import type { RolloutPolicy } from './policy.js'

/**
 * The highest weight (percent) at which, with confidence 1 - alpha at every look, the failures of all users stay within
 * (1 + maxHarm) times what stable alone would have: with the canary's rate at most R times stable's, a weight w makes them
 * 1 + w (R - 1) times as many. Where stable hardly fails, the canary's own share of failures must stay below the rate that
 * is good enough by itself. The strictest guard counts; rows without a bound allow none (0).
 */
export function allowedWeight(policy: RolloutPolicy, analysis: readonly AnalysisRow[]): number {
  const harm = policy.maxHarm ?? 0
  const allowed = analysis.flatMap((row) => {
    if (row.slice !== null || (row.of !== 'ratio' && row.of !== 'difference')) return []
    return [Math.max(byRatio(row, harm), byOwnRate(policy, row))]
  })
  return allowed.length === 0 ? 0 : Math.min(100, ...allowed)
}

function byRatio({ of, high, stable }: AnalysisRow, harm: number): number {
  if (high === null) return 0
  if (of === 'ratio') return high <= 1 ? 100 : (100 * harm) / (high - 1)
  if (stable.n === 0) return 0
  return high <= 0 ? 100 : (100 * harm * stable.events) / stable.n / high
}

function byOwnRate(policy: RolloutPolicy, { metric, canary }: AnalysisRow): number {
  const settings = policy.metrics.find((one) => one.metric === 'error-rate')
  if (metric !== 'error-rate' || settings?.metric !== 'error-rate') return 0
  if (settings.atMost === undefined) return 0
  const { high } = rateInterval(canary, policy.alpha)
  return (100 * settings.atMost) / high
}
