import { closestName } from '../../closest-name.js'
import { getMetric } from '../../metrics/index.js'
import type { Metric } from '../../metrics/metric.js'
import type { GateRule } from '../policy.js'

/** What a rule reads that is a number of its own and not computed from examples. */
export interface PointName {
  readonly source: 'metrics' | 'training'
  readonly name: string
}

/** What a metric is called and which way it is better: all that rules, reasons and tables need of it. */
export type MetricFace = Pick<Metric, 'name' | 'direction' | 'range'>

/** What `training:<name>` may name. All of them are better lower. */
export const TRAINING_NAMES: readonly string[] = [
  'duration-seconds',
  'cost',
  'model-size-bytes',
  'peak-rss-bytes',
  'peak-gpu-memory-bytes',
]

/** The number that `metrics:<name>` or `training:<name>` reads; undefined for metrics of examples. */
export function pointOf(metric: string): PointName | undefined {
  const at = metric.indexOf(':')
  const source = metric.slice(0, at)
  const name = metric.slice(at + 1)
  if (at < 0 || name === '' || (source !== 'metrics' && source !== 'training')) return undefined
  return { source, name }
}

/** How a number of the user's is told of; its range is unknown. */
export function pointFace(rule: GateRule, point: PointName): MetricFace {
  const range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const
  return { name: rule.metric, direction: directionOfPoint(rule, point), range }
}

function directionOfPoint(rule: GateRule, point: PointName): 'higher' | 'lower' {
  if (rule.direction !== undefined) return rule.direction
  if (point.source === 'training' || rule['at-most'] !== undefined) return 'lower'
  return builtIn(point.name)?.direction ?? 'higher'
}

const LOWER_WORDS =
  /(?:^|[^a-z])(?:loss|losses|error|errors|mae|mse|rmse|mape|perplexity|wer|cer|brier|nll|latency|cost|duration|seconds|bytes|fpr|fnr|ece)(?:$|[^a-z])/i

/**
 * Whether a comparison of this number could go the wrong way: it is called like something that is better lower, and neither the
 * rule nor a metric of that name says which way is better.
 */
export function directionIsUnclear(rule: GateRule, point: PointName): boolean {
  if (point.source === 'training' || rule.direction !== undefined) return false
  return builtIn(point.name) === undefined && isCalledLikeALoss(point.name)
}

/** Whether a name is like those of numbers that are better lower. */
export function isCalledLikeALoss(name: string): boolean {
  return LOWER_WORDS.test(name.replace(/([a-z])([A-Z])/g, '$1 $2'))
}

/** The built-in metric that a name means, however its words are joined: `log_loss`, `test/log_loss`. */
function builtIn(name: string): Metric | undefined {
  const last = name.split(/[./]/).at(-1) ?? name
  return getMetric(last.toLowerCase().replaceAll('_', '-'))
}

/** The known name that a mistyped one meant. */
export function closestPoint(name: string, known: Iterable<string>): string | undefined {
  return closestName(name, known, (wanted) => Math.max(2, Math.floor(wanted / 3)))
}
