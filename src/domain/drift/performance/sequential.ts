import type { MetricData } from '../../metrics/data.js'
import { getMetric } from '../../metrics/index.js'
import type { Metric } from '../../metrics/metric.js'
import { perRow } from '../../metrics/value.js'
import { signChange } from '../../stats/find-root.js'
import { binomialCdf } from '../../stats/special/binomial.js'
import { studentTQuantile } from '../../stats/special/student-t.js'
import { estimateMean } from '../../stats/student-interval.js'
import { labelOf } from '../label.js'
import { shortNumber } from '../wording.js'
import { type Allowance, allowanceOf } from './allowance.js'
import type { Labelled } from './labelled.js'
import { bettingLosses, binaryLosses, type LossProcess } from './loss-processes.js'
import type { AskedMetric } from './realised.js'
import type { SequentialResult } from './result.js'
import { FEWEST_LABELS, type PerformanceSettings } from './settings.js'

interface SequentialAsk {
  readonly settings: PerformanceSettings
  readonly asked: readonly AskedMetric[]
  readonly reference: Labelled
  readonly windows: readonly { readonly label: string; readonly labelled: Labelled }[]
  readonly alpha: number
}

/** What is summed over rows, and how a mean of it in the reference becomes the mean that is still allowed. */
interface Loss {
  readonly name: string
  readonly of: (data: MetricData) => Float64Array
  readonly binary: boolean
  readonly allowed: (mean: number) => number
}

/**
 * Tracks the risk of the model over the windows (Podkopaev & Ramdas 2022, ICLR, "Tracking the risk of a deployed model and detecting
 * harmful distribution shifts"): an alarm when the mean loss is above the reference's upper confidence bound plus the margin for
 * certain. Half of alpha goes to that bound (Clopper & Pearson 1934 for errors, Student's t for other losses), half to an e-process on
 * the current losses; so the chance of a false alarm in any number of windows is at most alpha. Null without labels in the current data.
 */
export function sequentialTest(ask: SequentialAsk): SequentialResult | null {
  const loss = lossOf(ask.settings, ask.asked)
  if (loss === undefined || ask.windows.every(({ labelled }) => labelled.data.n === 0)) return null
  const { alpha, reference } = ask
  const high = upperBound(loss.of(reference.data), loss.binary, alpha / 2)
  const bound = high === undefined ? Number.NaN : loss.allowed(high.bound)
  const fixed = {
    metric: loss.name,
    method: loss.binary ? 'binomial-e-process' : 'betting',
    alpha,
    reference: { value: high?.mean ?? 0, high: high?.bound ?? 0 },
    bound: Number.isFinite(bound) ? bound : 0,
  } as const
  const lack = lackOf(reference, bound, loss)
  if (lack !== undefined) {
    return { ...fixed, status: 'inconclusive', reason: lack, looks: [], alarm: null }
  }
  const process = loss.binary ? binaryLosses(bound) : bettingLosses(bound)
  return { ...fixed, ...watch(ask, loss, { process, margin: bound - (high?.bound ?? bound) }) }
}

function lackOf(reference: Labelled, bound: number, loss: Loss): string | undefined {
  if (reference.data.n < FEWEST_LABELS) {
    return `only ${reference.data.n} labelled rows in the reference; ${FEWEST_LABELS} are needed`
  }
  if (!(bound > 0 && Number.isFinite(bound))) return 'the reference has no loss to compare with'
  if (loss.binary && bound >= 1) {
    return 'even a model that is always wrong would be within the margin of the reference'
  }
  return undefined
}

interface Watched {
  readonly process: LossProcess
  /** In the loss's unit. */
  readonly margin: number
}

function watch(ask: SequentialAsk, loss: Loss, { process, margin }: Watched) {
  const seen = { n: 0, sum: 0, squares: 0 }
  const needed = Math.log(2 / ask.alpha)
  let alarm: SequentialResult['alarm'] = null
  const looks = ask.windows.map(({ label, labelled }, window) => {
    const losses = loss.of(labelled.data)
    if (losses.length > 0) process.update(losses)
    count(losses, seen)
    const logEValue = process.logEValue()
    if (alarm === null && logEValue >= needed) alarm = { label: labelOf(label), window }
    return {
      label: labelOf(label),
      n: losses.length,
      loss: losses.length === 0 ? null : meanOf(losses),
      logEValue,
    }
  })
  if (alarm !== null) return { looks, alarm, ...raised(loss.name, alarm) }
  const radius = Math.sqrt((2 * needed * varianceOf(seen)) / seen.n)
  return { looks, alarm, ...silent(radius <= margin, looks.at(-1)?.logEValue ?? 0) }
}

function raised(name: string, { label }: { readonly label: string }) {
  const reason = `${name} is worse than in the reference by more than the margin for certain since ${label}`
  return { status: 'drifted', reason } as const
}

/** No alarm says little where a change as large as the margin would not have raised one. */
function silent(sharp: boolean, logEValue: number) {
  if (!sharp) {
    const reason = 'no alarm so far, and too few labels for one about so small a change'
    return { status: 'inconclusive', reason } as const
  }
  const evidence = shortNumber(Math.exp(Math.min(700, logEValue)))
  return {
    status: 'stable',
    reason: `no alarm in any window so far (evidence ${evidence})`,
  } as const
}

function count(losses: Float64Array, seen: { n: number; sum: number; squares: number }): void {
  for (const loss of losses) {
    seen.n++
    seen.sum += loss
    seen.squares += loss * loss
  }
}

function varianceOf({ n, sum, squares }: { n: number; sum: number; squares: number }): number {
  return Math.max(0, squares / n - (sum / n) ** 2)
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** The first metric that is a mean over rows; else the error rate, or the squared error, with the usual margin. */
function lossOf(settings: PerformanceSettings, asked: readonly AskedMetric[]): Loss | undefined {
  for (const { metric, allowance } of asked) {
    const loss = ofMetric(metric, allowance)
    if (loss !== undefined) return loss
  }
  const metric = getMetric(settings.task === 'classification' ? 'accuracy' : 'rmse')
  return metric && ofMetric(metric, allowanceOf(settings, metric))
}

function ofMetric(metric: Metric, { margin, relative }: Allowance): Loss | undefined {
  if (metric.name === 'rmse') {
    const root = (mean: number) =>
      relative ? Math.sqrt(mean) * (1 + margin) : Math.sqrt(mean) + margin
    return { name: 'rmse', of: squaredErrors, binary: false, allowed: (mean) => root(mean) ** 2 }
  }
  if (metric.kind === 'proportion') {
    return {
      name: metric.name,
      of: (data) => perRow(metric, data).map((hit) => 1 - hit),
      binary: true,
      allowed: (error) => (relative ? 1 - (1 - error) * (1 - margin) : error + margin),
    }
  }
  if (metric.kind !== 'mean' || metric.direction !== 'lower') return undefined
  return {
    name: metric.name,
    of: (data) => perRow(metric, data),
    binary: false,
    allowed: (mean) => (relative ? mean * (1 + margin) : mean + margin),
  }
}

function squaredErrors({ labels, predictions = labels }: MetricData): Float64Array {
  return labels.map((label, i) => (label - (predictions[i] ?? 0)) ** 2)
}

/** A one-sided upper confidence bound of the mean. */
function upperBound(losses: Float64Array, binary: boolean, alpha: number) {
  const found = estimateMean(losses)
  if (found === undefined) return undefined
  const { mean, standardError, degreesOfFreedom } = found
  if (!binary) {
    return { mean, bound: mean - studentTQuantile(alpha, degreesOfFreedom) * standardError }
  }
  const n = losses.length
  const events = Math.round(mean * n)
  if (events >= n) return { mean, bound: 1 }
  return { mean, bound: signChange((p) => binomialCdf(events, n, p) > alpha, events / n, 1) }
}
