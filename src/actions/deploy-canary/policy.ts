import type { DeploySection } from '../../config/deploy.js'
import type { HarmMethod, MetricPolicy, RolloutPolicy } from '../../domain/rollout/policy.js'
import type { TrafficCapabilities } from '../../ports/traffic.js'
import { isUnpaired } from './shadow.js'

/** From here on an e-value says that traffic is not split as it was set. */
const SAMPLE_RATIO_THRESHOLD = 1000
/** How long blue-green keeps the version before, unless told. */
const BLUE_GREEN_SOAK_MS = 600_000

/** The rules of a rollout from the `deploy` section; `slices` are those that the labels have. */
export function toPolicy(
  section: DeploySection,
  slices: readonly string[],
  {
    exactSplit = true,
    scrapedCounts,
  }: Pick<TrafficCapabilities, 'exactSplit' | 'scrapedCounts'> = {},
): RolloutPolicy {
  const mode = modeOf(section)
  return {
    mode,
    steps: section.steps,
    pace: section.pace,
    maxHarm: section['max-harm'],
    holdAt: section['hold-at'],
    soakMs: section.soak === 0 && mode === 'blue-green' ? BLUE_GREEN_SOAK_MS : section.soak,
    mirror: section.mirror ?? (mode === 'shadow' ? 100 : 0),
    alpha: section.alpha,
    combine: section.combine,
    metrics: section.analysis.map((metric) => {
      const found = toMetric(metric, slices)
      if (isUnpaired(section, metric)) return { ...found, unpaired: true }
      return mode === 'ab' ? toBeBetter(found) : found
    }),
    minRequests: section['min-requests'],
    horizonMs: section.horizon,
    maxHoldMs: section['max-hold'],
    maxBadEvents: section['max-bad-requests'],
    scraped: scrapedCounts === true,
    // What divides roughly is no wrong split.
    sampleRatioThreshold: exactSplit ? SAMPLE_RATIO_THRESHOLD : Number.MAX_VALUE,
  }
}

function modeOf({ mode }: DeploySection): RolloutPolicy['mode'] {
  return mode === 'shadow' || mode === 'blue-green' || mode === 'ab' ? mode : 'canary'
}

/** Of two versions that users are split between, the new one wins by being better, not by being no worse. */
function toBeBetter(metric: MetricPolicy): MetricPolicy {
  if (metric.metric === 'disagreement') return metric
  return metric.metric === 'error-rate'
    ? { ...metric, margin: 0, atMost: undefined }
    : { ...metric, margin: 0 }
}

type Settings = DeploySection['analysis'][number]

function toMetric(metric: Settings, slices: readonly string[]): MetricPolicy {
  if (metric.metric === 'disagreement') {
    return { metric: 'disagreement', role: metric.role, atMost: metric['at-most'] }
  }
  const { role, margin, tolerance } = metric
  const rules = { role, margin, tolerance, ...toMethod(metric) }
  switch (metric.metric) {
    case 'error-rate':
      return { ...rules, metric: 'error-rate', atMost: metric['at-most'] }
    case 'rejection-rate':
      return { ...rules, metric: 'rejection-rate' }
    case 'latency':
      return { ...rules, metric: 'latency', overMilliseconds: metric.over, of: metric.of }
    case 'quality':
      return { ...rules, metric: 'quality', slices }
  }
}

/** What a method goes by is there: the configuration sees to it. */
function toMethod(metric: Exclude<Settings, { metric: 'disagreement' }>): HarmMethod {
  const { method, spending, planned = 1, 'max-rate': maxRate = 1, failures = 0 } = metric
  switch (method) {
    case 'group-sequential':
      return { method, spending, plannedMs: planned }
    case 'argo':
    case 'flagger':
      return { method: 'threshold', rule: method, maxRate, failures }
    default:
      return { method }
  }
}
