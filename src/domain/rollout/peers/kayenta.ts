import { midranks } from '../../stats/midranks.js'
import { quantileSorted } from '../../stats/quantile.js'
import { locationShift } from './kayenta-shift.js'

export type KayentaClass = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric'

/** A metric of a Kayenta canary configuration (`analysisConfigurations.canary`), with its defaults. */
export interface KayentaMetric {
  readonly name: string
  readonly groups?: readonly string[] | undefined
  readonly direction?: 'increase' | 'decrease' | 'either' | undefined
  /** `remove` drops missing values; otherwise they count as 0. */
  readonly nanStrategy?: 'remove' | 'replace' | undefined
  readonly outliers?: { readonly strategy: 'keep' | 'remove'; readonly factor?: number } | undefined
  readonly critical?: boolean | undefined
  readonly mustHaveData?: boolean | undefined
  readonly muted?: boolean | undefined
  readonly effectSize?: KayentaEffectSize | undefined
  readonly experiment: readonly number[]
  readonly control: readonly number[]
}

export interface KayentaEffectSize {
  readonly measure?: 'meanRatio' | 'cles' | undefined
  readonly allowedIncrease?: number | undefined
  readonly allowedDecrease?: number | undefined
  readonly criticalIncrease?: number | undefined
  readonly criticalDecrease?: number | undefined
}

export interface KayentaSettings {
  readonly confidence: number
  /** The shift's interval must clear this part of the estimated shift. */
  readonly tolerance: number
}

/** What NetflixACAJudge uses; it cannot be configured there. */
export const KAYENTA_SETTINGS: KayentaSettings = { confidence: 0.98, tolerance: 0.25 }

export interface KayentaClassification {
  readonly name: string
  readonly class: KayentaClass
  /** Mean of the experiment over that of the control; undefined where either is 0. */
  readonly ratio: number | undefined
  readonly critical: boolean
}

/**
 * How Kayenta's NetflixACAJudge classifies one metric (spinnaker kayenta, 2025): the interval of the location shift must clear
 * 25 % of the estimated shift (not of the baseline's level), and the effect size, where there is one, the allowed
 * change. Samples of one value each are compared as those values, where Kayenta adds noise of 1e-5 of them first.
 */
export function classifyKayentaMetric(
  metric: KayentaMetric,
  settings: KayentaSettings = KAYENTA_SETTINGS,
): KayentaClassification {
  const experiment = cleaned(metric.experiment, metric)
  const control = cleaned(metric.control, metric)
  const of = (found: KayentaClass, critical: boolean, ratio?: number) => ({
    name: metric.name,
    class: found,
    ratio,
    critical,
  })
  const isCritical = metric.critical ?? false
  if (experiment.length === 0 || control.length === 0) {
    if (metric.nanStrategy !== 'remove') return of('Pass', false, 1)
    if (metric.mustHaveData === true && !isCritical) return of('NodataFailMetric', false, 1)
    return of('Nodata', isCritical, 1)
  }
  if (sameValues(experiment, control)) return of('Pass', false, 1)
  const ratio = meanRatio(experiment, control)
  const effect = metric.effectSize?.measure === 'cles' ? commonLanguage(experiment, control) : ratio
  const found = comparedClass({ metric, settings, experiment, control, effect })
  return of(found, isCritical && isCriticalEffect(found, effect, metric.effectSize), ratio)
}

function cleaned(values: readonly number[], metric: KayentaMetric): readonly number[] {
  const whole =
    metric.nanStrategy === 'remove'
      ? values.filter((value) => !Number.isNaN(value))
      : values.map((value) => (Number.isNaN(value) ? 0 : value))
  return metric.outliers?.strategy === 'remove'
    ? withoutOutliers(whole, metric.outliers.factor ?? 3)
    : whole
}

/** Beyond `factor` interquartile ranges, and beyond the 1st or the 99th percentile. */
function withoutOutliers(values: readonly number[], factor: number): readonly number[] {
  if (values.length === 0) return values
  const sorted = Float64Array.from(values).sort()
  const at = (q: number) => quantileSorted(sorted, q) ?? Number.NaN
  const range = factor * (at(0.75) - at(0.25))
  const low = Math.min(at(0.01), at(0.25) - range)
  const high = Math.max(at(0.99), at(0.75) + range)
  return values.filter((value) => value >= low && value <= high)
}

/** Equal as sorted lists, or a single value in both together. */
function sameValues(one: readonly number[], other: readonly number[]): boolean {
  if (new Set([...one, ...other]).size === 1) return true
  if (one.length !== other.length) return false
  const sorted = Float64Array.from(other).sort()
  return Float64Array.from(one)
    .sort()
    .every((value, i) => value === sorted[i])
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function meanRatio(experiment: readonly number[], control: readonly number[]): number | undefined {
  const above = mean(experiment)
  const below = mean(control)
  return above === 0 || below === 0 ? undefined : above / below
}

/** Share of pairs in which the experiment's value is the larger one (Vargha and Delaney 2000). */
function commonLanguage(experiment: readonly number[], control: readonly number[]): number {
  const ranks = midranks(Float64Array.from([...experiment, ...control]))
  let sum = 0
  for (let i = 0; i < experiment.length; i++) sum += ranks[i] ?? 0
  const m = experiment.length
  return (2 * sum - m * (m + 1)) / (2 * m * control.length)
}

interface Comparison {
  readonly metric: KayentaMetric
  readonly settings: KayentaSettings
  readonly experiment: readonly number[]
  readonly control: readonly number[]
  readonly effect: number | undefined
}

function comparedClass({
  metric,
  settings,
  experiment,
  control,
  effect,
}: Comparison): KayentaClass {
  const neutral = metric.effectSize?.measure === 'cles' ? 0.5 : 1
  const direction = metric.direction ?? 'either'
  const { low, high, estimate } = shiftOf(experiment, control, settings.confidence)
  const bound = settings.tolerance * Math.abs(estimate)
  const increase = metric.effectSize?.allowedIncrease ?? neutral
  const decrease = metric.effectSize?.allowedDecrease ?? neutral
  if (direction !== 'decrease' && low > bound && (effect ?? increase) >= increase) return 'High'
  if (direction !== 'increase' && high < -bound && (effect ?? decrease) <= decrease) return 'Low'
  return 'Pass'
}

/** Two samples of one value each have nothing to rank within: their shift is the difference, as with Kayenta's noise. */
function shiftOf(experiment: readonly number[], control: readonly number[], level: number) {
  const [one, other] = [new Set(experiment), new Set(control)]
  if (one.size > 1 || other.size > 1) return locationShift(experiment, control, level)
  const jitter = (values: readonly number[]) =>
    values.map((value, i) => value * (1 + (1e-5 * (i - (values.length - 1) / 2)) / values.length))
  return locationShift(jitter(experiment), jitter(control), level)
}

function isCriticalEffect(
  found: KayentaClass,
  effect: number | undefined,
  sizes: KayentaEffectSize | undefined,
): boolean {
  const neutral = sizes?.measure === 'cles' ? 0.5 : 1
  const increase = sizes?.criticalIncrease ?? neutral
  const decrease = sizes?.criticalDecrease ?? neutral
  if (found === 'High') return (effect ?? increase) >= increase
  return found === 'Low' && (effect ?? decrease) <= decrease
}
