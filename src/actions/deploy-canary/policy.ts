import type { DeploySection } from '../../config/deploy.js'
import type { MetricPolicy, RolloutPolicy } from '../../domain/rollout/policy.js'

/** From here on an e-value says that traffic is not split as it was set. */
const SAMPLE_RATIO_THRESHOLD = 1000

/** The rules of a rollout from the `deploy` section; `slices` are those that the labels have. */
export function toPolicy(section: DeploySection, slices: readonly string[]): RolloutPolicy {
  const mode = section.mode === 'shadow' ? 'shadow' : 'canary'
  return {
    mode,
    steps: section.steps,
    mirror: section.mirror ?? (mode === 'shadow' ? 100 : 0),
    alpha: section.alpha,
    metrics: section.analysis.map((metric) => toMetric(metric, slices)),
    minRequests: section['min-requests'],
    horizonMs: section.horizon,
    maxHoldMs: section['max-hold'],
    maxBadEvents: section['max-bad-requests'],
    sampleRatioThreshold: SAMPLE_RATIO_THRESHOLD,
  }
}

function toMetric(
  metric: DeploySection['analysis'][number],
  slices: readonly string[],
): MetricPolicy {
  switch (metric.metric) {
    case 'error-rate': {
      const { 'at-most': atMost, ...rest } = metric
      return { ...rest, atMost }
    }
    case 'latency': {
      const { over, ...rest } = metric
      return { ...rest, overMilliseconds: over }
    }
    case 'quality': {
      const { role, method, margin, tolerance } = metric
      return { metric: 'quality', role, method, margin, tolerance, slices }
    }
    case 'disagreement':
      return { metric: 'disagreement', role: metric.role, atMost: metric['at-most'] }
  }
}
