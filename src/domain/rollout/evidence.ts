import type { ArmCounts } from '../stats/interval-counts.js'
import type { Overdispersion } from '../stats/overdispersion.js'
import { type AnalysisStatus, finite, type RowStatistic } from './analysis.js'
import type { MetricPolicy } from './policy.js'

/** How much evidence decides, in e-values. */
export interface Levels {
  readonly alpha: number
  readonly rollbackAt: number
  readonly promoteAt: number
}

export interface Evidence {
  /** Log e-values; undefined where the metric has not that role. */
  readonly harm: number | undefined
  readonly good: number | undefined
}

/** Slices guard; only the whole must be shown good. */
export function evidenceOf(
  metric: MetricPolicy,
  slice: string | null,
  run: { readonly harm: () => number | undefined; readonly good: () => number | undefined },
): Evidence {
  return {
    harm: metric.role === 'promote' ? undefined : run.harm(),
    good: metric.role === 'guard' || slice !== null ? undefined : run.good(),
  }
}

/** A test that has no e-value. */
export interface Statistic extends RowStatistic {
  readonly harmed: boolean
}

/** The e-values as a row has them, and what they say. */
export function judged({ harm, good }: Evidence, levels: Levels, statistic?: Statistic) {
  let status: AnalysisStatus = 'continue'
  const harmed = harm === undefined ? statistic?.harmed : harm >= Math.log(levels.rollbackAt)
  if (harmed === true) status = 'rollback'
  else if (good !== undefined && good >= Math.log(levels.promoteAt)) status = 'promote'
  return {
    eValue: harm === undefined ? null : finite(Math.exp(harm)),
    threshold: harm === undefined ? null : levels.rollbackAt,
    ...(statistic === undefined ? {} : { statistic: shown(statistic) }),
    promotionEValue: good === undefined ? null : finite(Math.exp(good)),
    promotionThreshold: good === undefined ? null : levels.promoteAt,
    status,
  }
}

function shown({ name, value, bound }: Statistic): RowStatistic {
  return { name, value, bound }
}

export function sumCounts(counts: readonly ArmCounts[]): ArmCounts {
  let n = 0
  let events = 0
  for (const count of counts) {
    n += count.n
    events += count.events
  }
  return { n, events }
}

/** Whether, and by how much, intervals differ by more than chance. */
export interface Noise {
  readonly isNoisy: boolean
  /** Pearson's chi-square over its degrees of freedom; 1 where it is not known. */
  readonly phi: number
}

/** From here on the requests of an interval do not fail by themselves: docs/decisions/0013. */
const NOISY = 1.3
/** Of fewer intervals with events nothing is known about their noise. */
const LEAST_INTERVALS = 6

/** Whether the canary's share of the events varies more between intervals than that of requests would. */
export function noiseOf(dispersion: Overdispersion): Noise {
  const phi = dispersion.phi() ?? 1
  return { isNoisy: dispersion.state.intervals >= LEAST_INTERVALS && phi > NOISY, phi }
}
