import type { Judgement, MetricResult, SequentialResult } from './result.js'

/** Worse by any metric, or by the sequential test, is drifted; stable only where nothing is open. */
export function overall(
  metrics: readonly MetricResult[],
  sequential: SequentialResult | null,
): Judgement {
  const worse = metrics.filter(({ status }) => status === 'drifted')
  const open = metrics.filter(({ status }) => status === 'inconclusive')
  const alarm = sequential?.status === 'drifted' ? [sequential.reason] : []
  if (worse.length + alarm.length > 0) {
    return { status: 'drifted', reason: [...worse.map(named), ...alarm].join('; ') }
  }
  if (metrics.length === 0) return { status: 'inconclusive', reason: 'no metric could be computed' }
  if (open.length > 0) return { status: 'inconclusive', reason: open.map(named).join('; ') }
  return { status: 'stable', reason: metrics.map(named).join('; ') }
}

function named({ name, reason }: MetricResult): string {
  return `${name}: ${reason}`
}
